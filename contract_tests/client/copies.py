"""Each way to copy a value."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

COPIES: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, 6)),  # noqa: S301
]
