"""The Python surface: what of a client its callers can name, and what a change of it does to them."""

from pathlib import Path

import pytest

from contract_tests.subject import chosen
from scripts.compat import surface
from scripts.compat.rules import CONTRACT_RULES, RULES

# Two sources of a module that callers import from, and the lines that tell of the change: rule, name and what.
CHANGES = {
    "a function is new": ("", "def call() -> int: ...", ["name-added models.call: new function"]),
    "a class and all that it holds is gone": (
        "class Call:\n    id: str\n    def close(self) -> None: ...",
        "",
        ["name-removed models.Call: class no longer"],
    ),
    "an attribute is gone": (
        "class Call:\n    id: str\n    name: str",
        "class Call:\n    id: str",
        ["name-removed models.Call.name: attribute no longer"],
    ),
    "an inherited method is gone": (
        "class Base:\n    def close(self) -> None: ...\nclass Call(Base):\n    id: str",
        "class Base: ...\nclass Call(Base):\n    id: str",
        ["name-removed models.Base.close: function no longer", "name-removed models.Call.close: function no longer"],
    ),
    "a class is renamed, and what speaks of it": (
        "class Call:\n    id: str\ndef make() -> Call: ...",
        "class VoiceCall:\n    id: str\ndef make() -> VoiceCall: ...",
        ["class-renamed models.VoiceCall: models.Call → models.VoiceCall"],
    ),
    "a method is asynchronous": (
        "def call() -> int: ...",
        "async def call() -> int: ...",
        ["name-is-something-else models.call: function → async function"],
    ),
    "an error is another error no longer": (
        "class Error(Exception): ...\nclass Refused(Error): ...",
        "class Error(Exception): ...\nclass Refused(Exception): ...",
        ["base-removed models.Refused: is no Error"],
    ),
    "an error is another error as well": (
        "class Error(Exception): ...\nclass Refused(Exception): ...",
        "class Error(Exception): ...\nclass Refused(Error): ...",
        ["base-added models.Refused: is a Error"],
    ),
    "an argument is new": (
        "def call() -> int: ...",
        "def call(*, seed: int = 0) -> int: ...",
        ["argument-added models.call: seed is new: int"],
    ),
    "a required argument is new": (
        "def call() -> int: ...",
        "def call(*, seed: int) -> int: ...",
        ["required-argument-added models.call: seed is new: int"],
    ),
    "an argument is gone": (
        "def call(*, seed: int = 0) -> int: ...",
        "def call() -> int: ...",
        ["argument-removed models.call: seed no longer"],
    ),
    "an argument is required": (
        "def call(*, seed: int = 0) -> int: ...",
        "def call(*, seed: int) -> int: ...",
        ["argument-required models.call: seed is required now"],
    ),
    "an argument is optional": (
        "def call(*, seed: int) -> int: ...",
        "def call(*, seed: int | Unset = UNSET) -> int: ...",
        ["argument-optional models.call: seed is optional now"],
    ),
    "a default is another": (
        "def call(retries: int = 2) -> int: ...",
        "def call(retries: int = 3) -> int: ...",
        ["argument-default-changed models.call: retries: 2 → 3"],
    ),
    "two arguments change places": (
        "def call(one: int, two: int) -> int: ...",
        "def call(two: int, one: int) -> int: ...",
        [
            "argument-given-otherwise models.call: one: another place",
            "argument-given-otherwise models.call: two: another place",
        ],
    ),
    "an argument is given by name only": (
        "def call(one: int) -> int: ...",
        "def call(*, one: int) -> int: ...",
        ["argument-given-otherwise models.call: one: another place"],
    ),
    "an argument may be given by position": ("def call(*, one: int) -> int: ...", "def call(one: int) -> int: ...", []),
    "an argument may be None": (
        "def call(one: int) -> int: ...",
        "def call(one: int | None) -> int: ...",
        ["argument-type-widened models.call: one: int → int | None"],
    ),
    "an argument takes a literal less": (
        "def call(one: Literal['a', 'b']) -> int: ...",
        "def call(one: Literal['a']) -> int: ...",
        ["argument-type-changed models.call: one: Literal['a', 'b'] → Literal['a']"],
    ),
    "an argument takes any text": (
        "def call(one: Literal['a', 'b']) -> int: ...",
        "def call(one: str) -> int: ...",
        ["argument-type-widened models.call: one: Literal['a', 'b'] → str"],
    ),
    "an argument takes any number": (
        "def call(one: int) -> int: ...",
        "def call(one: float) -> int: ...",
        ["argument-type-widened models.call: one: int → float"],
    ),
    "an argument takes anything": (
        "def call(one: int) -> int: ...",
        "def call(one: Any) -> int: ...",
        ["argument-type-widened models.call: one: int → Any"],
    ),
    "an argument takes a list of more": (
        "def call(one: Iterable[int], two: Mapping[str, int]) -> int: ...",
        "def call(one: Iterable[int | None], two: Mapping[str, float]) -> int: ...",
        [
            "argument-type-widened models.call: one: Iterable[int] → Iterable[int | None]",
            "argument-type-widened models.call: two: Mapping[str, int] → Mapping[str, float]",
        ],
    ),
    "an argument takes a list of less": (
        "def call(one: Iterable[int | None]) -> int: ...",
        "def call(one: Iterable[int]) -> int: ...",
        ["argument-type-changed models.call: one: Iterable[int | None] → Iterable[int]"],
    ),
    "an argument takes a list that may be given more": (
        "def call(one: list[int]) -> int: ...",
        "def call(one: list[int | None]) -> int: ...",
        ["argument-type-changed models.call: one: list[int] → list[int | None]"],
    ),
    "an argument takes what the class is one of": (
        "class Client: ...\nclass Special(Client): ...\ndef call(one: Special) -> int: ...",
        "class Client: ...\nclass Special(Client): ...\ndef call(one: Client) -> int: ...",
        ["argument-type-widened models.call: one: Special → Client"],
    ),
    "an argument takes a class that is one": (
        "class Client: ...\nclass Special(Client): ...\ndef call(one: Client) -> int: ...",
        "class Client: ...\nclass Special(Client): ...\ndef call(one: Special) -> int: ...",
        ["argument-type-changed models.call: one: Client → Special"],
    ),
    "an argument takes a literal more, of signs": (
        "def call(one: Literal['a|b', 'c, d]']) -> int: ...",
        "def call(one: Literal['a|b', 'c, d]', True]) -> int: ...",
        ["argument-type-widened models.call: one: Literal['a|b', 'c, d]'] → Literal['a|b', 'c, d]', True]"],
    ),
    "an argument takes either truth": (
        "def call(one: Literal[True]) -> int: ...",
        "def call(one: bool) -> int: ...",
        ["argument-type-widened models.call: one: Literal[True] → bool"],
    ),
    "a function says no type": (
        "def call() -> int: ...",
        "def call(): ...",
        ["type-changed models.call: int → no type"],
    ),
    "a class is renamed whose name is a value as well": (
        "class Phone:\n    id: str\nclass Kind(StrEnum):\n    A = 'Phone'",
        "class Line:\n    id: str\nclass Kind(StrEnum):\n    A = 'Phone'",
        ["class-renamed models.Line: models.Phone → models.Line"],
    ),
    "an attribute may be None": (
        "class Call:\n    id: str",
        "class Call:\n    id: str | None",
        ["type-changed models.Call.id: str → str | None"],
    ),
    "an attribute is never None": (
        "class Call:\n    id: None | str",
        "class Call:\n    id: str",
        ["type-narrowed models.Call.id: None | str → str"],
    ),
    "a text is of an enum": (
        "class OpenStrEnum: ...\nclass Kind(OpenStrEnum):\n    A = 'a'\nclass Call:\n    kind: str",
        "class OpenStrEnum: ...\nclass Kind(OpenStrEnum):\n    A = 'a'\nclass Call:\n    kind: Kind",
        ["type-narrowed models.Call.kind: str → Kind"],
    ),
    "a member of an enum has another value": (
        "class Kind(StrEnum):\n    A = 'a'",
        "class Kind(StrEnum):\n    A = 'b'",
        ["type-changed models.Kind.A: 'a' → 'b'"],
    ),
    "keys of a dict change as arguments do": (
        "class Dict(TypedDict, total=False):\n    one: Required[Literal['a']]\n    two: list[int]\n    gone: int",
        "class Dict(TypedDict, total=False):\n    one: Literal['a', 'b']\n    two: Required[list[int]]\n    new: int",
        [
            "argument-removed models.Dict: gone no longer",
            "argument-required models.Dict: two is required now",
            "argument-added models.Dict: new is new: int",
            "argument-optional models.Dict: one is optional now",
            "argument-type-widened models.Dict: one: Literal['a'] → Literal['a', 'b']",
        ],
    ),
    "so do those that are no names": (
        "Dict = TypedDict('Dict', {'a-b': 'Required[int]', 'c': 'int'}, total=False)",
        "Dict = TypedDict('Dict', {'a-b': 'Required[float]', 'class': 'Required[int]'}, total=False)",
        [
            "argument-removed models.Dict: c no longer",
            "required-argument-added models.Dict: class is new: int",
            "argument-type-widened models.Dict: a-b: int → float",
        ],
    ),
    "a member that type checkers alone see": (
        "class Kind(StrEnum):\n    A = 'a'",
        "class Kind(StrEnum):\n    A = 'a'\n    if TYPE_CHECKING:\n        VALUE_TO_COME = 'b'",
        [],
    ),
    "nothing that callers name": (
        "_seed = 1\nclass Call:\n    _id: str\n    def close(self) -> None: return None",
        "_seed = 2\nclass Call:\n    _name: str\n    def close(self) -> None: pass",
        [],
    ),
}


def client(folder: Path, source: str) -> surface.Surface:
    """The surface of a client whose models are this source."""
    package = folder / "roark_client"
    package.mkdir(parents=True)
    names = [
        "Dict" if line.startswith("Dict ") else line.removeprefix("async ").split()[1].partition("(")[0].strip(":")
        for line in source.splitlines()
        if line.startswith(("class ", "def ", "async def ", "Dict "))
    ]
    (package / "__init__.py").write_text("__all__ = []\n", encoding="utf-8")
    (package / "errors.py").write_text("__all__ = []\n", encoding="utf-8")
    imports = (
        "from collections.abc import Iterable, Mapping\nfrom enum import StrEnum\n"
        "from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict\n"
    )
    text = f"{imports}\n__all__ = {names!r}\n{source}\n"
    (package / "models.py").write_text(text, encoding="utf-8")
    return surface.read(folder)


def told(former: surface.Surface, new: surface.Surface, got: str = "", given: str = "") -> list[str]:
    """The lines that tell of the changes between two surfaces."""
    found = surface.compare(former, new, only_got={got}, only_given={given})
    return [f"{each.rule.name} {each.name}: {each.what}" for each in found]


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_told(name: str, tmp_path: Path) -> None:
    """Each change of what callers name is told by its rule, with the name and both states."""
    before, after, expected = CHANGES[name]
    assert told(client(tmp_path / "before", before), client(tmp_path / "after", after)) == expected


def test_every_rule_of_the_surface_is_tried() -> None:
    """Each rule about names and types has a change here."""
    tried = {line.split()[0] for _, _, lines in CHANGES.values() for line in lines}
    assert tried == RULES.keys() - CONTRACT_RULES.keys()


def test_constructor_of_what_callers_only_get_is_not_judged(tmp_path: Path) -> None:
    """Whoever only reads replies does not make them: a new required field of one breaks nobody."""
    before, after = (
        client(tmp_path / name, f"class Reply:\n    def __init__(self, *, {arguments}) -> None: ...")
        for name, arguments in (("before", "id: str"), ("after", "id: str, name: str"))
    )
    assert told(before, after, got="Reply") == []
    assert told(before, after) == ["required-argument-added models.Reply.__init__: name is new: str"]


def test_attribute_of_what_callers_only_give_is_not_judged(tmp_path: Path) -> None:
    """A field of a request that may be None is news for its constructor, not for whoever made it."""
    before, after = (
        client(tmp_path / name, f"class Request:\n    id: {type_}")
        for name, type_ in (("before", "str"), ("after", "str | None"))
    )
    assert told(before, after, given="Request") == []
    assert told(before, after) == ["type-changed models.Request.id: str → str | None"]


def test_value_of_what_callers_only_give_is_judged(tmp_path: Path) -> None:
    """A member of an enum that stands for another value sends another value, by the name that callers have."""
    before, after = (
        client(tmp_path / name, f"class Kind(StrEnum):\n    A = '{value}'")
        for name, value in (("before", "a"), ("after", "b"))
    )
    assert told(before, after, given="Kind") == ["type-changed models.Kind.A: 'a' → 'b'"]


def test_surface_of_the_client_is_whole() -> None:
    """The client's own surface holds what its callers name: clients, methods, models, enums, errors and functions."""
    found = surface.read(chosen().client)
    assert {
        "Roark.call_analysis", "AsyncRoark.close", "AuthenticatedClient.__init__", "RateLimitError.retry_after",
        "errors.RateLimitError", "models.Call.started_at", "models.Call.to_dict", "models.CallStatus.RINGING",
        "resources.call_analysis.CallAnalysis.create", "api.integrations.create_vapi_call.asyncio_detailed", "UNSET",
    } <= found.keys()  # fmt: skip
    assert found["RateLimitError"].bases == ("APIStatusError", "APIError", "RoarkError")
    assert found["resources.integrations.AsyncIntegrations.create_vapi_call"].kind == "async function"
    assert not [name for name in found if any(part.startswith("_") and part != "__init__" for part in name.split("."))]


def test_surface_survives_being_written() -> None:
    """A surface that is kept for later versions is the same when it is read again."""
    found = surface.read(chosen().client)
    assert surface.from_value(surface.as_value(found)) == found


@pytest.mark.parametrize("source", ["def (", None])
def test_client_that_cannot_be_read_is_an_error(source: str | None, tmp_path: Path) -> None:
    """A folder without a package that can be read is a clear error, not an empty surface."""
    if source is not None:
        (tmp_path / "roark_client").mkdir()
        (tmp_path / "roark_client/__init__.py").write_text(source, encoding="utf-8")
    with pytest.raises(ValueError, match="holds no client that can be read"):
        surface.read(tmp_path)


@pytest.mark.parametrize("missing", ["models.py", "errors.py"])
def test_client_without_a_part_is_an_error(missing: str, tmp_path: Path) -> None:
    """A client of which a module is missing is one that cannot be read, as another generator's is."""
    client(tmp_path, "class Call: ...")
    package = tmp_path / "roark_client"
    (package / "__init__.py").write_text("from .errors import Error\n__all__ = ['Error']\n", encoding="utf-8")
    (package / "errors.py").write_text("__all__ = []\nclass Error(Exception): ...\n", encoding="utf-8")
    assert "Error" in surface.read(tmp_path)
    (package / missing).unlink()
    with pytest.raises(ValueError, match=f"there is no module {missing.removesuffix('.py')}"):
        surface.read(tmp_path)
