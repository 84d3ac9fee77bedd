"""Uploads files with Vapi end-of-call reports from several processes. No process's fault disturbs the others."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from roark_client import Delivery, Roark, RoarkError, delivery_of

Verdict = Literal["delivered", "look_at", "send_later", "refused"]
Result = tuple[Verdict, str]


@dataclass
class Summary:
    """What became of each file."""

    delivered: list[Path] = field(default_factory=list[Path])
    look_at: list[Path] = field(default_factory=list[Path])
    send_later: list[Path] = field(default_factory=list[Path])
    refused: list[Path] = field(default_factory=list[Path])
    notes: dict[Path, str] = field(default_factory=dict[Path, str])

    def add(self, path: Path, result: Result) -> None:
        """Take in what became of one."""
        verdict, self.notes[path] = result
        {"delivered": self.delivered, "look_at": self.look_at, "send_later": self.send_later, "refused": self.refused}[
            verdict
        ].append(path)


def upload(client: Roark, path: Path) -> Result:
    """Upload the report in a file, and say what became of it."""
    try:
        report = json.loads(path.read_bytes())
    except OSError as error:
        return "send_later", str(error)
    except ValueError as error:
        return "refused", f"no JSON: {error}"
    try:
        reply = client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report)
    except RoarkError as error:
        if error.delivery is Delivery.DELIVERED:
            return "delivered", str(error)
        if error.delivery is Delivery.UNKNOWN:
            return "look_at", str(error)
        return ("refused" if error.is_permanent else "send_later"), str(error)
    return "delivered", reply.data.call_id


def work(tasks: Connection, inherited: Roark | None) -> None:
    """Upload the files that come through a pipe, until it ends: what a process does."""
    client = inherited or Roark()  # a spawned process makes its own, from the environment
    parent = parent_process()
    while parent is None or tasks in wait([tasks, parent.sentinel]):
        try:
            path: Path | None = tasks.recv()
        except EOFError:
            return
        if path is None:
            return
        try:
            tasks.send(upload(client, path))
        except BaseException as error:  # Ctrl-C, a bug: say it, then die of it
            later = delivery_of(error) is Delivery.NOT_DELIVERED
            tasks.send(("send_later" if later else "look_at", repr(error)))
            raise


def upload_files(
    paths: Iterable[Path], *, processes: int = 2, method: Literal["fork", "spawn"] = "spawn", share: bool = False
) -> Summary:
    """Upload each file once. With `share`, which needs fork, the processes inherit one client."""
    context: ForkContext | SpawnContext = get_context("fork") if method == "fork" else get_context("spawn")
    started: list[BaseProcess] = []
    summary, waiting = Summary(), list(paths)[::-1]
    under_way: dict[Connection, Path] = {}
    with Roark() as client:  # made here in any case: without a token it raises before anything is sent

        def start() -> None:
            ours, theirs = context.Pipe()
            if not isinstance(ours, Connection) or not isinstance(theirs, Connection):
                raise NotImplementedError("not on Windows")
            process = context.Process(target=work, args=(theirs, client if share else None), daemon=True)
            process.start()
            started.append(process)
            theirs.close()  # or the end of the process would not be the end of the pipe
            give(ours)

        def give(worker: Connection) -> None:
            task = waiting.pop() if waiting else None
            if task is not None:
                under_way[worker] = task
            with suppress(OSError):  # it is dead: `recv` says so
                worker.send(task)

        for _ in range(min(processes, len(waiting))):
            start()
        while under_way:
            for worker in wait(list(under_way)):
                assert isinstance(worker, Connection)
                path = under_way.pop(worker)
                try:
                    summary.add(path, worker.recv())
                except (EOFError, OSError):  # killed: nobody knows how far the upload was
                    summary.add(path, ("look_at", "the process died"))
                    worker.close()
                    if waiting:
                        start()
                else:
                    give(worker)
        for process in started:
            process.join()
    return summary
