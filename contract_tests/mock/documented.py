"""The documented uploads, and what may be changed in them."""

import copy
from typing import Any

from contract_tests.documents import read_documents

CALL_ANALYSIS = "/v1/call-analysis"
VAPI_CALL = "/v1/vapi/call"
PATHS = [CALL_ANALYSIS, VAPI_CALL]
REPORT = "/vapiEndOfCallReportPayload"
DOCUMENTED: dict[str, Any] = {document.path: document.request for document in read_documents()}
ABSENT = object()


def changed(path: str, pointer: str, value: object) -> Any:
    """The documented body of `path` with `value`, or nothing at all if ABSENT, at the JSON pointer `pointer`."""
    if not pointer:
        return value
    document = copy.deepcopy(DOCUMENTED[path])
    *parents, last = pointer.removeprefix("/").split("/")
    place = document
    for parent in parents:
        place = place[int(parent) if isinstance(place, list) else parent]
    if value is ABSENT:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document
