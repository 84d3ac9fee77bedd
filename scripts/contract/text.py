"""Which language a contract's text is in, and what it says."""

import re
from functools import lru_cache

from scripts.contract.json_text import read_json
from scripts.contract.tree import Reading
from scripts.contract.yaml_text import read_yaml

_STARTS_AS_JSON = re.compile(r'\s*\{\s*["}]')


@lru_cache(maxsize=8)  # what a run compares is mostly one text: the contract, the committed one, the released one
def read_text(text: str, *, is_json: bool) -> Reading:
    """What a text says. Not to be changed.

    A file whose name says JSON has to be JSON. Any other is read as JSON where it starts so, and as YAML, whose flow
    style looks the same, where it is not.
    """
    if is_json or _STARTS_AS_JSON.match(text):
        found = read_json(text)
        if is_json or found.is_whole:
            return found
        as_yaml = read_yaml(text)
        return as_yaml if as_yaml.is_whole else found
    return read_yaml(text)
