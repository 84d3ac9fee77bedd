"""What a run against a server on another machine will send at most, said before the first request."""

from contract_tests.gate import LONGEST_WAIT, Gate
from contract_tests.trial import FLAG, is_flagged


def announcement(gate: Gate) -> str:
    """The server, what may reach each operation, how fast, and what can still go wrong."""
    subject, limits = gate.subject, gate.limits
    lines = [f"{subject.server_url} is another machine, where an upload is real. At most this will be sent there:\n"]
    if limits.uploads:
        recording = subject.recording_url.partition("?")[0]  # a signature is as good as a token
        lines.append(f"uploads   {limits.uploads} in all, each with the recording {recording}")
    else:
        lines.append("uploads   none (--allow-uploads 0)")
    for operation in subject.operations:
        lines.append(f"{operation.label}")
        flagged, uploads = is_flagged(operation), gate.may_upload(operation)
        marked = f"each with {FLAG}: true" if flagged else "none of them marked as a test, which it has no flag for"
        lines.append(f"   uploads: {marked if uploads else 'none'}")
        bounded = f"{limits.invalid} that it must refuse"
        if flagged:
            bounded += f", those that hold a call with {FLAG}: true"
        elif not uploads:
            name = operation.definition.get("operationId")
            bounded += f", none with both the token and a call in it (unless named with --operation {name})"
        lines.append(f"   others:  {bounded}")
    lines += [
        f"elsewhere {limits.invalid} that change nothing (GET, HEAD, OPTIONS, TRACE)",
        f"pace      one request in {limits.pace:g} s; a 429 is waited for, up to {LONGEST_WAIT:g} s each",
        "",
        "No request names another URL than that of the recording. If the server accepts what it must refuse, that",
        "is one call more than allowed, and nothing more is sent to that operation.",
    ]
    return "\n".join(lines)
