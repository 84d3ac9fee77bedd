"""The names that parts of the contract get in Python."""

import itertools
import keyword
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

# What every model has. A field of one of these names gets a trailing underscore.
MODEL_NAMES = frozenset(
    {"additional_properties", "additional_keys", "kept", "fields", "from_dict", "to_dict", "to_json", "self"}
)

# Arguments that every way to call an operation has. A parameter or a request field of one gets a trailing underscore.
CALL_NAMES = frozenset({"self", "client", "body", "extra_headers", "extra_query", "extra_body", "timeout"})

# What a client has by itself, or is made by. A tag of one of these names gets a trailing underscore.
CLIENT_NAMES = frozenset(
    {"base_url", "bearer_token", "close", "copy", "is_closed", "made_once", "max_retries", "timeout", "with_options"}
)

# Arguments of a client's constructor. A security scheme of one of these names gets a trailing underscore.
_OPTIONS = """
    base_url bearer_token default_headers default_query http_client max_retries on_drift retry_unknown self
    server_variables timeout
"""
CLIENT_OPTIONS = frozenset(_OPTIONS.split())

# What a resource has by itself, is made by, and speaks of in annotations. An operation of one stops the generation.
RESOURCE_NAMES = frozenset(
    {"with_raw_response", "bool", "builtins", "bytearray", "bytes", "datetime", "float", "httpx", "int", "memoryview"}
    | {"made_once", "names_checked", "property", "str"}
)

# What generated modules import or define. A class of one of these names gets another.
_IN_MODULES = """
    ANY BOOLEAN BYTES CONTRACT DATE DATE_TIME INTEGER NOTHING NULL NUMBER OPERATION STRING TEXT TYPE_CHECKING UNSET URI
    UUID UUID_ Any Array AsyncFacade AsyncResource AsyncRoark AuthenticatedClient Body Client Connection Const
    Discriminated EnumOf Every Field Fields Integer Iterable Literal Mapping Model Never Nullable Number OpenIntEnum
    OpenStrEnum Operation Options Parameter Passthrough Recursive Required Response Roark String Success SyncFacade
    SyncResource TypedDict Union Unset
"""
MODULE_NAMES = frozenset(_IN_MODULES.split())

# What the module of the two clients imports or defines beside these. A resource of one of these names gets another.
_CLIENT_MODULE_NAMES = frozenset(
    {"Callable", "Configured", "DriftEvent", "Facade", "H", "Query", "Self", "ServerVariables"}
)

PREFIX = "field_"  # of a name that would begin with a digit or an underscore


@cache  # a contract says most names many times, and it is most of what writing a client takes
def identifier(text: str, prefix: str = PREFIX) -> str:
    """Text as a name in lower case; that of a keyword or a builtin gets a trailing underscore."""
    return _settled(lambda name: PythonIdentifier(name, prefix), text)


@cache
def class_name(text: str) -> str:
    """Text as the name of a class."""
    return _settled(lambda name: ClassName(name, PREFIX), text)


def free(name: str, taken: Collection[str]) -> str:
    """The name, with as many trailing underscores as it takes to differ from those taken."""
    while name in taken:
        name += "_"
    return name


def candidates(name: str, ending: str) -> Iterator[str]:
    """What a class may be called, best first: by the name, with an ending, then with a number too."""
    yield name
    yield f"{name}{ending}"
    yield from (f"{name}{ending}{number}" for number in itertools.count(2))


def method_name(operation: str, tag: str) -> str:
    """The operation's name less the words of its tag: `create_call_analysis` of `call_analysis` is `create`."""
    words, taken = operation.split("_"), tag.split("_")
    for at in range(len(words) - len(taken) + 1):
        if words[at : at + len(taken)] == taken and len(words) > len(taken):
            return "_".join(words[:at] + words[at + len(taken) :])
    return operation


def is_reserved(name: str, reserved: Collection[str]) -> bool:
    """Whether it cannot be the name of an attribute, or is that of another one."""
    return keyword.iskeyword(name) or not name.isidentifier() or name in reserved


def resource_names(tags: Iterable[str], classes: Iterable[str]) -> dict[str, str]:
    """The name of each tag's resource, by tag: of its classes, none is a keyword, or has another's name anywhere."""
    taken = {*classes, *MODULE_NAMES, *_CLIENT_MODULE_NAMES, *keyword.kwlist}
    found: dict[str, str] = {}
    for tag in sorted(tags, key=len):  # `query` comes before `async_query`
        name = "".join(word[:1].upper() + word[1:] for word in tag.split("_"))
        found[tag] = next(each for each in candidates(name, "Resource") if taken.isdisjoint(_resource_classes(each)))
        taken.update(_resource_classes(found[tag]))
    return found


def _resource_classes(name: str) -> list[str]:
    """The classes of a resource, which its module defines."""
    return [f"{prefix}{name}{suffix}" for prefix in ("", "Async") for suffix in ("", "WithRawResponse")]


def member_names(values: Sequence[str] | Sequence[int], given: Iterable[str] = ()) -> list[str]:
    """The names of an enum's members, each once; `given` are those that the contract proposes."""
    proposed = list(given)
    names: list[str] = []
    for index in range(len(values)):
        text = proposed[index] if len(proposed) == len(values) else values[index]
        if isinstance(text, int):
            name = f"VALUE_{text}" if text >= 0 else f"VALUE_NEGATIVE_{-text}"
        else:
            name = unicodedata.normalize("NFKC", snake_case(text.upper()).upper())
        if not name.isidentifier() or not name[0].isalpha():
            name = f"VALUE_{index}"
        base, count = name, 1
        while name in names:
            count += 1
            name = f"{base}_{count}"
        names.append(name)
    return names


def _settled(make: Callable[[str], str], text: str) -> str:
    """A name such that the generator makes the same of it again, and Python reads the same (PEP 3131)."""
    name, before = text, ""
    for attempt in range(10):
        if attempt and name == before:
            break
        if attempt == 5:  # some letters outside ASCII change their case for ever
            name = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        name, before = unicodedata.normalize("NFKC", make(name)), name
    return name
