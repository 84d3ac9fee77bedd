"""Objects of other libraries: numbers that are taken for Python's, and how a person is told of the rest.

They are known by what they can do, since none of these libraries is imported.
"""

from __future__ import annotations

import sys
from typing import Any

_NUMBERS = "biuf"  # numpy's letters for booleans, integers and floats

# How an object is made a dict, by an attribute of its class; the first that it has counts.
_MADE_A_DICT = {
    "model_dump": "its model_dump(mode='json', by_alias=True)",  # pydantic
    "__struct_fields__": "msgspec.to_builtins(…)",
    "to_dict": "its to_dict()",  # a model of ours, a row of pandas'
    "__dataclass_fields__": "dataclasses.asdict(…)",
    "__attrs_attrs__": "attrs.asdict(…)",
}


def plain_scalar(value: Any) -> Any:
    """A scalar of numpy's, which a row of pandas' holds, as Python's own; anything else as it is."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == () and value.dtype.kind in _NUMBERS:
        return value.item()
    return value


def python_type_named(value: object) -> str:
    """The Python type of a value, with the library that it is of; never the value, which may be personal."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if library == "__main__" or library in sys.stdlib_module_names:
        return f"a Python {kind.__name__}"
    return f"a {kind.__name__} of {library}"


def made_a_dict(value: object) -> str:
    """Advice, after an error, how an object is made the dict that it stands for; empty where none is known."""
    if isinstance(value, str | bytes | bytearray):
        made = "json.loads(…)" if value[:1] in ("{", b"{") else ""
    else:
        made = next((how for attribute, how in _MADE_A_DICT.items() if hasattr(type(value), attribute)), "")
    return f"; give {made}" if made else ""
