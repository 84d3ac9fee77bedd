"""What stock Schemathesis notices of a change: `st run` as it comes, with nothing of ours."""

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from contract_tests.evidence import Drift
from contract_tests.mutations.change import Change, ClientChange, DocumentChange
from contract_tests.mutations.every_shape import ShapeChange
from contract_tests.mutations.run import Verdict
from contract_tests.subject import Subject
from scripts.contract import ContractError

SAMPLE = 150  # drifts; what it misses takes it its whole run, about 7 s
AT_LEAST = 3  # drifts of each of our checks, where it found so many first

OUT_OF_SIGHT = (ClientChange, DocumentChange, ShapeChange)  # it knows a contract and a server

# For each check of ours, a drift that `st run openapi.yaml -n 100` alone does not see (Schemathesis 4.32.5).
UNSEEN_BY_SCHEMATHESIS = {
    "answers": "bodies of more than 64 KiB are answered too late",
    "chosen_inputs": "URLs with a port are refused",
    "credentials": "a token in double quotes is let in",
    "documented_fields_sent": "a documented field is not sent",
    "documented_success": "200 becomes 202",
    "echo": "names are trimmed",
    "error_headers": "401 without WWW-Authenticate",
    "error_shape": "a 401 has another shape",
    "fresh_ids": "every job has one id",
    "inputs_together": "two participants with one name are refused",
    "media_type": "quotes around a charset are refused",
    "methods": "405 allows what it refuses",
    "new_job_is_pending": "a job that was just created is COMPLETED",
    "no_redirect": "a slash behind the path is redirected",
    "paths": "a path in capitals is accepted",
    "reply_is_json": "a success holds a field twice",
    "request_is_json": "a comment before the JSON is skipped",
    "undocumented_fields": "a reply holds a field that nobody documented",
}


def sample_for_stock(found: Sequence[Verdict], seed: int) -> list[Change]:
    """Some drifts that we noticed: those that tell our checks apart, a few of each check, and others by chance."""
    chance = random.Random(seed)  # noqa: S311
    visible = [
        (each.change, each.drift.check) for each in found if each.drift and not isinstance(each.change, OUT_OF_SIGHT)
    ]
    chance.shuffle(visible)
    visible.sort(key=lambda each: each[0].name not in UNSEEN_BY_SCHEMATHESIS.values())
    taken = Counter[str]()
    first: list[Change] = []
    others: list[Change] = []
    for change, check in visible:
        taken[check] += 1
        (first if taken[check] <= AT_LEAST else others).append(change)
    return first + others[: max(0, SAMPLE - len(first))]


def by_stock(change: Change, subject: Subject, folder: Path) -> Sequence[Drift]:
    """Run `st run -n 100` on the changed parties, to its first failure."""
    from schemathesis.cli import schemathesis

    with ExitStack() as stack:
        try:
            changed = stack.enter_context(change.applied(subject, folder))
        except ContractError:
            return []  # our own reader's merit
        from roark_mock import MockServer  # now, since it may be what changed

        url = changed.server_url or stack.enter_context(MockServer(token=changed.token)).url
        words = [
            "run",
            str(changed.spec),
            "-n",
            str(changed.examples),
            "--url",
            url,
            "--seed",
            str(changed.seed),
            "--max-failures",
            "1",
        ]
        words += ["-H", f"Authorization: Bearer {changed.token}", "--generation-database", "none", "--no-color"]
        try:
            schemathesis.main(words, standalone_mode=False)
        except SystemExit as end:
            return [Drift(None, "", "exit code 1", found_by="st run")] if end.code else []
    return []
