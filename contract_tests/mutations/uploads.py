"""What an upload holds, for the servers that take offence at some."""

import re
from collections.abc import Callable
from typing import Any

from contract_tests.mutations.bent_server import Request
from contract_tests.trial import children, texts


def sent(request: Request) -> dict[str, Any]:
    """The upload; no field where it is no object."""
    value = request.json
    return value if isinstance(value, dict) else {}


def holds(pattern: str) -> Callable[[Request], bool]:
    """Whether a text of the upload has a part like this."""
    found = re.compile(pattern, re.DOTALL)
    return lambda request: any(found.search(each) for each in texts(sent(request)))


def has(field: str, pattern: str) -> Callable[[Request], bool]:
    """Whether a field at the top of the upload is a text like this."""
    found = re.compile(pattern, re.DOTALL)
    return lambda request: isinstance(sent(request).get(field), str) and bool(found.search(sent(request)[field]))


def participants(request: Request) -> list[dict[str, Any]]:
    """The participants of an upload."""
    return sent(request).get("participants") or []


def messages(request: Request) -> list[Any]:
    """The messages of a Vapi report."""
    report = sent(request).get("vapiEndOfCallReportPayload") or {}
    return (report.get("artifact") or {}).get("messages") or []


def properties(request: Request) -> dict[str, Any]:
    """The custom properties of a Vapi call."""
    return sent(request).get("properties") or {}


def depth(value: Any) -> int:
    """How deep a value nests."""
    return 1 + max(map(depth, children(value)), default=0)
