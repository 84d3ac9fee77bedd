"""What stock Schemathesis notices of a change: `st run` as it comes, with nothing of ours."""

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from contract_tests.evidence import Drift
from contract_tests.mutations.change import Change, ClientChange, DocumentChange
from contract_tests.mutations.protocol import UNSEEN_BY_SCHEMATHESIS
from contract_tests.mutations.run import Verdict
from contract_tests.subject import Subject
from scripts.contract import ContractError

SAMPLE = 150  # drifts; what it misses takes it its whole run, about 7 s
AT_LEAST = 3  # drifts of each of our checks, where it found so many first

OUT_OF_SIGHT = (ClientChange, DocumentChange)  # it knows a contract and a server


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


def by_stock(change: Change, subject: Subject, folder: Path) -> Drift | None:
    """Run `st run -n 100` on the changed parties, to its first failure."""
    from schemathesis.cli import schemathesis

    with ExitStack() as stack:
        try:
            changed = stack.enter_context(change.applied(subject, folder))
        except ContractError:
            return None  # our own reader's merit
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
            return Drift(None, "", "exit code 1", found_by="st run") if end.code else None
    return None
