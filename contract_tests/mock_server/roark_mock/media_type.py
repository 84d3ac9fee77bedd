"""Which `Content-Type` announces a body that the server reads."""

import re

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_PARAMETER = rf'[ \t]*+;[ \t]*+(?:({_TOKEN})=("[^"\\]*+(?:\\.[^"\\]*+)*"|{_TOKEN}))?'
_PARAMETERS = re.compile(_PARAMETER)
_JSON = re.compile(rf"application/json(?P<parameters>(?:{_PARAMETER})*)[ \t]*+", re.IGNORECASE)


def is_json(content_type: str) -> bool:
    """Whether `content_type` is application/json, and its charset, if it has one, UTF-8 (RFC 9110, 8.3)."""
    match = _JSON.fullmatch(content_type)
    return match is not None and all(
        name.lower() != "charset" or value.strip('"').lower() == "utf-8"
        for name, value in _PARAMETERS.findall(match["parameters"])
    )
