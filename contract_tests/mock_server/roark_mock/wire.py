"""What the models of all operations are written in.

Wire names are the camelCase of the attribute names. Every object stays open: unknown fields are accepted, and left
out of what is echoed. An absent field is `UNSET`, null is `None`.
"""

from typing import Any, TypeAlias, TypeVar

from msgspec import Struct, UnsetType

T = TypeVar("T")

# May be absent, not null.
Omittable: TypeAlias = T | UnsetType
# May be absent or null.
Nullable: TypeAlias = T | UnsetType | None
# Its type is stated nowhere: absent or any JSON value.
AnyJson: TypeAlias = Any


class Wire(Struct, rename="camel"):
    """A JSON object of the API, or the parameters of an operation."""
