"""The commands of the application. `OUTBOX` names the outbox: a file (default: outbox.db) or postgresql://…"""

import argparse
import asyncio
import contextlib
import json
import logging
import math
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from roark_client import AsyncRoark, ConfigurationError

from . import status
from .backfill import STANDARD_INPUT, Counts, Progress, backfill
from .forwarding import Forwarder
from .opening import CannotOpenError, location, open_outbox
from .outbox import OutageError, Outbox, State
from .printing import printable
from .worker import work

DONE, TO_LOOK_AT, CANNOT_RUN = 0, 1, 2
MOST_PORTS = 65_535
UPLOADS_PER_CLIENT = 4  # at a time: what httpx does for an upload grows with the connections beside it
UNFINISHED_SECONDS = 10  # that a webhook which is still coming has, once the receiver is to end


class UsageError(Exception):
    """What was asked for cannot be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code: 0 done, 1 somebody has to look at something, 2 it could not run."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except KeyboardInterrupt:
        return _refuse("interrupted; what was added or sent until then is in the outbox")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left to be printed, nobody reads
        return DONE
    except (OSError, ConfigurationError, CannotOpenError, OutageError, UsageError) as error:
        return _refuse(str(error))


def _refuse(reason: str) -> int:
    _Progress.clear()
    print(f"error: {printable(reason)}", file=sys.stderr)
    return CANNOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m contract_tests.example_app", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    receive = commands.add_parser("receive", help="take Vapi's webhooks at POST /vapi")
    receive.add_argument("--host", default="127.0.0.1")
    receive.add_argument("--port", type=_port, default=8000)
    receive.set_defaults(run=_receive)

    fill = commands.add_parser("backfill", help="add the calls of files of JSON lines")
    fill.add_argument("files", nargs="+", metavar="FILE", help="`-` for standard input")
    fill.add_argument("--dry-run", action="store_true", help="add nothing, and say which lines would be refused")
    fill.set_defaults(run=_backfill)

    forward = commands.add_parser("work", help="forward what is in the outbox, until SIGTERM or Ctrl-C")
    forward.add_argument("--at-a-time", type=_positive, default=16, metavar="N", help="uploads (default: 16)")
    forward.add_argument("--rate", type=_not_negative, metavar="N", help="a second, of all workers; 0 for any (stays)")
    forward.add_argument("--timeout", type=_above_zero, default=60.0, metavar="S", help="of one upload (default: 60)")
    forward.add_argument(
        "--retry", type=_not_negative, default=30.0, metavar="S", help="to wait where Roark says nothing"
    )
    forward.add_argument("--keep-bodies", action="store_true", help="of what is delivered")
    forward.set_defaults(run=_work)

    state = commands.add_parser("status", help="how many uploads are in each state, and how fast they go")
    state.add_argument("--watch", action="store_true")
    state.set_defaults(run=_status)

    unclear = commands.add_parser("unclear", help="what was sent, and nobody knows whether it arrived")
    what = unclear.add_subparsers(metavar="list|show|delivered|again")
    unclear.set_defaults(run=_list, refused=False)
    listed = what.add_parser("list", help="their keys, ages and reasons")
    listed.add_argument("--refused", action="store_true", help="those that Roark does not want instead")
    listed.set_defaults(run=_list)
    show = what.add_parser("show", help="all that is known of one")
    show.add_argument("key")
    show.set_defaults(run=_show)
    for name, meaning in (("delivered", State.DELIVERED), ("again", State.WAITING)):
        resolve = what.add_parser(
            name, help="they are at Roark" if name == "delivered" else "have them, or refused ones, sent again"
        )
        resolve.add_argument("keys", nargs="*", metavar="KEY")
        resolve.add_argument("--file", metavar="FILE", help="a key a line, `-` for standard input")
        resolve.set_defaults(run=_resolve, state=meaning)
    return parser


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number


def _above_zero(text: str) -> float:
    if not (number := _not_negative(text)):
        raise argparse.ArgumentTypeError("expected more than 0")
    return number


def _port(text: str) -> int:
    if not 0 <= (number := int(text)) <= MOST_PORTS:
        raise argparse.ArgumentTypeError(f"expected a port, up to {MOST_PORTS}")
    return number


def _not_negative(text: str) -> float:
    if not 0 <= (number := float(text)) < math.inf:
        raise argparse.ArgumentTypeError("expected 0 or more")
    return number


def _opened() -> Outbox:
    """The outbox that the environment names."""
    return open_outbox(location())


def _receive(options: argparse.Namespace) -> int:
    import uvicorn  # here, as no other command needs it

    from .receiver import create_app

    app = create_app(_opened())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # which uvicorn heeds, and then has end the process once more
    with socket.create_server((options.host, options.port)) as listener:
        host, port = listener.getsockname()[:2]
        print(f"http://{host}:{port}/vapi takes Vapi's webhooks", flush=True)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=UNFINISHED_SECONDS)
        uvicorn.Server(config).run(sockets=[listener])
    return DONE


def _backfill(options: argparse.Namespace) -> int:
    outbox = None if options.dry_run else _opened()
    counts = [backfill(outbox, file, _print_refusal, _Progress(file)) for file in options.files]
    _Progress.clear()
    refused = sum(of_file.refused for of_file in counts)
    lines = sum(of_file.lines for of_file in counts)
    if outbox is None:
        print(f"{lines:,} lines: {lines - refused:,} would be taken, {refused:,} refused")
    else:
        added, known = sum(of_file.added for of_file in counts), sum(of_file.known for of_file in counts)
        skipped = sum(of_file.skipped for of_file in counts)
        before = f"; {skipped:,} lines were added before" if skipped else ""
        print(f"{lines:,} lines: {added:,} added, {known:,} known already, {refused:,} refused{before}")
    return TO_LOOK_AT if refused else DONE


def _print_refusal(reason: str) -> None:
    _Progress.clear()
    print(reason, file=sys.stderr)


class _Progress:
    """How far a file has been read, on a terminal."""

    def __init__(self, file: str) -> None:
        self._name = "standard input" if file == STANDARD_INPUT else printable(Path(file).name)
        self._started = time.monotonic()

    def __call__(self, counts: Counts, progress: Progress) -> None:
        if not sys.stderr.isatty():
            return
        seconds = max(time.monotonic() - self._started, 0.001)
        text = f"{self._name}: {counts.lines:,} lines, {counts.lines / seconds:,.0f} a second"
        if progress.size and progress.position > progress.start:
            left = seconds * (progress.size - progress.position) / (progress.position - progress.start)
            text += f", {progress.position / progress.size:.0%}, {left:.0f} s left"
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()

    @staticmethod
    def clear() -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")


def _work(options: argparse.Namespace) -> int:
    outbox = _opened()
    if options.rate is not None:
        outbox.limit(options.rate)
    asyncio.run(_work_until_told(outbox, options))
    return DONE


async def _work_until_told(outbox: Outbox, options: argparse.Namespace) -> None:
    async with contextlib.AsyncExitStack() as stack:
        count = math.ceil(options.at_a_time / UPLOADS_PER_CLIENT)
        clients = [await stack.enter_async_context(AsyncRoark()) for _ in range(count)]
        forwarder = Forwarder(
            outbox,
            clients,
            timeout=options.timeout,
            retry_seconds=options.retry,
            at_a_time=options.at_a_time,
            keep_bodies=options.keep_bodies,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, forwarder.stopping.set)
        await work(location(), forwarder)


def _status(options: argparse.Namespace) -> int:
    outbox = _opened()
    outbox.sweep()
    if options.watch:
        with contextlib.suppress(KeyboardInterrupt):
            status.watch(outbox)
    else:
        print(status.status(outbox))
    return DONE


def _list(options: argparse.Namespace) -> int:
    outbox = _opened()
    outbox.sweep()
    rows = outbox.rows(State.REFUSED if options.refused else State.UNCLEAR)
    for row in rows:
        print(f"{row.key}\t{row.operation}\t{row.since:.0f} s\t{printable(row.reason)}")
    return TO_LOOK_AT if rows else DONE


def _show(options: argparse.Namespace) -> int:
    row = _opened().find(options.key) if options.key.isprintable() else None
    if row is None:
        raise UsageError(f"there is no upload {options.key}; `unclear list` names those that are unclear")
    ids = ", ".join(f"{name} {value}" for name, value in row.ids.items()) or "none"
    print(f"key       {row.key}\noperation {row.operation}\nstate     {row.state}, for {row.since:.0f} s")
    print(f"reason    {printable(row.reason)}\nworker    {row.worker}\nattempts  {row.attempts}\nids       {ids}")
    print(json.dumps(json.loads(row.body), indent=2) if row.body else "its body is no longer kept")
    return DONE


def _resolve(options: argparse.Namespace) -> int:
    keys = list(dict.fromkeys([*options.keys, *_keys_of(options.file)]))
    if not keys:
        raise UsageError("expected KEY, or --file with a key a line")
    done = _opened().resolve([key for key in keys if key.isprintable()], options.state)
    for key in keys:
        if key not in done:
            print(f"{printable(key)}: not unclear, or not there; left as it is", file=sys.stderr)
    print(f"{len(done)} of {len(keys)} are now {options.state}")
    return DONE if len(done) == len(keys) else TO_LOOK_AT


def _keys_of(file: str | None) -> list[str]:
    if file is None:
        return []
    try:
        text = sys.stdin.read() if file == STANDARD_INPUT else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: expected text in UTF-8, a key a line") from None
    return [line.split("\t")[0].strip() for line in text.splitlines() if line.strip()]


if __name__ == "__main__":
    raise SystemExit(main())
