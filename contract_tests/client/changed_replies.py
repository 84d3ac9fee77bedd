"""The documented reply of an upload, with something changed."""

import json
from typing import Any

from contract_tests.client.in_process import documented_reply
from contract_tests.subject import chosen
from scripts.contract import pointer_parts

ABSENT = object()


def reply_with(pointer: str, value: Any) -> Any:
    """The documented reply with another value at a pointer."""
    if not pointer:
        return value
    operation = chosen().operation("POST /v1/call-analysis")
    assert operation is not None
    reply: Any = json.loads(json.dumps(documented_reply(operation)))
    *parents, last = pointer_parts(pointer)
    holder = reply
    for part in parents:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    if value is ABSENT:
        del holder[last]
    else:
        holder[last] = value
    return reply
