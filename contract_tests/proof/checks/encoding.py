"""What calls itself JSON is JSON, in UTF-8, and says so."""

import json
import re
from collections.abc import Iterator

from contract_tests.proof.checks import strict_json
from contract_tests.proof.checks.answer import Answer, Finding, RunHistory


def reply_is_json(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """A body under application/json is JSON to the letter, and no parameter says another encoding than UTF-8."""
    if answer.media_type != "application/json":
        return
    source = "documented" if answer.is_success else "ours"
    charset = re.search(r';\s*charset\s*=\s*"?([^";]*)', answer.headers["content-type"], re.IGNORECASE)
    if charset and charset[1].strip().lower() not in ("utf-8", "us-ascii"):
        message = f"JSON is UTF-8 (RFC 8259), the reply says {charset[1].strip()!r}"
        yield Finding("reply_is_json", f"reply {answer.status} Content-Type", message, source, rule="reply-spelling")
    if not answer.content and (answer.method == "HEAD" or answer.status in (204, 304)):
        return
    try:
        strict_json.read(answer.content)
    except strict_json.NotJsonError as error:
        rule = "reply-unreadable" if answer.is_success and not _is_read(answer.content) else "reply-spelling"
        message = f"expected JSON, got {error}"
        yield Finding("reply_is_json", f"reply {answer.status}", message, source, rule=rule, fault="no JSON")


def _is_read(content: bytes) -> bool:
    """Whether Python's own reader, which our client uses, takes it for JSON all the same."""
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
