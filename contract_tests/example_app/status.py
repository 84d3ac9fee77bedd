"""`status`: how many uploads are in each state, for how long, and how fast they go out."""

import sys
import time

from .outbox import Outbox
from .printing import printable

WATCH_SECONDS = 2.0
RATE_SECONDS = 60.0  # that the rate is the mean of


def status(outbox: Outbox) -> str:
    """A table of all states, and what keeps uploads from going out."""
    summary = outbox.summary(RATE_SECONDS)
    rows = [
        f"{count.state:<10} {count.uploads:>12,}   {_age(count.oldest) if count.uploads else ''}"
        for count in summary.counts
    ]
    lines = [f"{'state':<10} {'uploads':>12}   oldest", *(row.rstrip() for row in rows), ""]
    rate = f"{summary.delivered_lately / RATE_SECONDS:.1f} a second"
    limit = f", of at most {summary.uploads_per_second:g}" if summary.uploads_per_second else ""
    lines.append(f"delivered in the last minute: {summary.delivered_lately:,} ({rate}{limit})")
    if summary.paused:
        lines.append(f"Roark asked to wait: {_age(summary.paused)} left")
    if summary.held_up_by:
        lines.append(f"waiting, since: {printable(summary.held_up_by)}")
    return "\n".join(lines)


def watch(outbox: Outbox) -> None:
    """Show the table again and again, in place of the former one on a terminal."""
    while True:
        text = status(outbox)
        sys.stdout.write(f"\033[H\033[J{text}\n" if sys.stdout.isatty() else f"{text}\n\n")
        sys.stdout.flush()
        time.sleep(WATCH_SECONDS)


def _age(seconds: float) -> str:
    """A time span in its largest unit."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
