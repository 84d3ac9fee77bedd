"""Media types, as the keys of `content` name them."""


def essence(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether what comes under it is JSON (RFC 6839, 3.1)."""
    name = essence(media_type)
    return name == "application/json" or name.endswith("+json")
