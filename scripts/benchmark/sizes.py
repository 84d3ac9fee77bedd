"""What an upload costs beside httpx alone, at the sizes that callers have: raw Vapi reports, and one long text."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scripts.benchmark import measure
from scripts.benchmark.environments import Environment
from scripts.benchmark.report import Row, beside

MESSAGE = {"role": "user", "message": "word " * 20, "time": 1739235872737.5, "secondsFromStart": 12}
LARGEST = "raw report, 5 MB"

# The bytes of each raw report, and the most that it may cost over httpx.
REPORTS = {
    "raw report, 1 kB": (1_000, 1.0),
    "raw report, 50 kB": (50_000, 1.0),
    "raw report, 500 kB": (500_000, 1.05),
    LARGEST: (5_000_000, 1.05),
}
LONG_TEXT = ("call analysis, a text of 1 MB", 1.05)


def rows(
    call: Mapping[str, Any],
    clients: Mapping[str, Environment],
    place: Path,
    quick: bool,
    progress: measure.Progress,
) -> list[Row]:
    """A row for the CPU at each size; for the largest, also the event loop and the memory."""
    reports = {name: (_report(size), goal) for name, (size, goal) in REPORTS.items()}
    name, goal = LONG_TEXT
    long_text = {name: ({**call, "endedReason": "word " * 200_000}, goal)}
    return [
        *_rows(reports, {"data": {"callId": "call-123"}}, clients, place, quick, progress),
        *_rows(long_text, json.loads((place / "reply.json").read_text("utf-8")), clients, place, quick, progress),
    ]


def _rows(
    bodies: Mapping[str, tuple[Mapping[str, Any], float]],
    reply: Mapping[str, Any],
    clients: Mapping[str, Environment],
    place: Path,
    quick: bool,
    progress: measure.Progress,
) -> list[Row]:
    (place / "answer.json").write_text(json.dumps(reply), encoding="utf-8")
    found: list[Row] = []
    with measure.answering(place / "answer.json") as url:
        for name, (body, goal) in bodies.items():
            text = json.dumps(body)
            (place / "body.json").write_text(text, encoding="utf-8")
            commands = measure.uploading(clients, url, place / "body.json")
            count = max(2, min(200, 10_000_000 // len(text)))  # enough that what a pause has cooled is warm again
            seconds = measure.uploads(commands, *((1, 1) if quick else (25, count)), progress, name)
            what = f"CPU of one upload, {name}, over httpx"
            found.append(beside(what, seconds["ours"], seconds["raw"], _milliseconds, goal))
            if name == LARGEST:
                found += _of_the_largest(name, commands, 1 if quick else 25, progress)
    return found


def _of_the_largest(name: str, commands: measure.Commands, rounds: int, progress: measure.Progress) -> list[Row]:
    """For how long the event loop is held, beside what making the bytes takes, and the memory."""
    held: list[float] = []
    dumped: list[float] = []
    with ExitStack() as stack:
        running = {client: stack.enter_context(measure.process(*command)) for client, command in commands.items()}
        for number in range(rounds):
            progress(f"event loop, round {number + 1} of {rounds}")
            held.append(float(measure.answer(running["ours"], "held")))
            dumped.append(float(measure.answer(running["ours"], "dumps")))
        ours, raw = ([float(measure.answer(running[client], "peak"))] for client in ("ours", "raw"))
    what = f"event loop held at a stretch, {name}, over json.dumps(…).encode()"
    return [
        beside(what, held, dumped, _milliseconds, 1.05),
        beside(f"memory of one upload, {name}, over httpx", ours, raw, lambda size: f"{size * 1e-6:.2f} MB", 1.0),
    ]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def _report(size: int) -> dict[str, Any]:
    report = {"type": "end-of-call-report", "call": {"id": "call-123"}}
    count = max(1, (size - len(json.dumps(report))) // len(json.dumps(MESSAGE)))
    return {"vapiEndOfCallReportPayload": {**report, "artifact": {"messages": [MESSAGE] * count}}}
