"""One upload by each client that is compared. Run as a process of its own, in a clean environment.

`python uploads.py CLIENT URL TOKEN FILE`: for each line on standard input, uploads what the file says and prints what
that took: a number, the CPU seconds of so many uploads; `peak`, the bytes of memory of one; `held`, the CPU seconds for
which one held the event loop at a stretch; `dumps`, the CPU seconds that serialising the body takes.
"""

# Imports stand where they are needed: no environment has all of them.
# mypy: ignore-errors

import asyncio
import json
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Upload = Callable[[], object]


def ours(url: str, token: str, body: dict[str, Any]) -> Upload:
    """The facade."""
    from roark_client import Roark

    return _by_facade(Roark(bearer_token=token, base_url=url), body)


def _by_facade(client: Any, body: dict[str, Any]) -> Callable[[], Any]:
    if "vapiEndOfCallReportPayload" in body:
        report = body["vapiEndOfCallReportPayload"]
        return lambda: client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report)
    reason = {"ended_reason": body["endedReason"]} if "endedReason" in body else {}
    return lambda: client.call_analysis.create(
        recording_url=body["recordingUrl"],
        started_at=body["startedAt"],
        interface_type=body["interfaceType"],
        call_direction=body["callDirection"],
        participants=body["participants"],
        **reason,
    )


def raw(url: str, token: str, body: dict[str, Any]) -> Upload:
    """Httpx alone: nothing is checked, nothing is typed, nothing is sent again."""
    import httpx

    client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})
    return lambda: client.post(_path(body), json=body).json()


def _path(body: dict[str, Any]) -> str:
    return "/v1/vapi/call" if "vapiEndOfCallReportPayload" in body else "/v1/call-analysis"


def plain(url: str, token: str, body: dict[str, Any]) -> Upload:
    """What the generator writes by itself, its models made anew for each call as ours are."""
    from plain_client import AuthenticatedClient
    from plain_client.api.call_analysis import create_call_analysis
    from plain_client.models import CallAnalysisRequest

    client = AuthenticatedClient(base_url=url, token=token)
    return lambda: create_call_analysis.sync(client=client, body=CallAnalysisRequest.from_dict(body))


def vendor(url: str, token: str, body: dict[str, Any]) -> Upload:
    """The vendor's SDK."""
    from roark_analytics import Roark

    client = Roark(bearer_token=token, base_url=url)
    participants = [
        {"spoke_first" if name == "spokeFirst" else name: value for name, value in each.items()}
        for each in body["participants"]
    ]
    return lambda: client.call_analysis.create(
        recording_url=body["recordingUrl"],
        started_at=body["startedAt"],
        interface_type=body["interfaceType"],
        call_direction=body["callDirection"],
        participants=participants,
    )


async def held(client: str, url: str, token: str, body: dict[str, Any]) -> float:
    """The longest stretch of CPU seconds in which nothing else could run, of one upload after the first."""
    import httpx

    if client == "ours":
        from roark_client import AsyncRoark

        opened: Any = AsyncRoark(bearer_token=token, base_url=url)
        upload: Callable[[], Awaitable[Any]] = _by_facade(opened, body)
    else:
        opened = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"})
        upload = lambda: opened.post(_path(body), json=body)  # noqa: E731
    async with opened:
        await upload()
        is_over, longest = False, 0.0

        async def watch() -> None:
            nonlocal longest
            before = time.thread_time()
            while not is_over:
                await asyncio.sleep(0)
                now = time.thread_time()
                before, longest = now, max(longest, now - before)

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0)
        await upload()
        is_over = True
        await watching
    return longest


def dumped(body: dict[str, Any]) -> float:
    """The CPU seconds of what every client has to do before it can send a body: its bytes."""
    before = time.thread_time()
    json.dumps(body).encode()
    return time.thread_time() - before


def peak(upload: Upload) -> int:
    """The bytes of memory that one upload takes at most."""
    tracemalloc.start()
    upload()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> None:
    """Answer each question until standard input ends."""
    client, url, token, file = sys.argv[1:]
    body = json.loads(Path(file).read_text(encoding="utf-8"))
    upload = {"ours": ours, "raw": raw, "plain": plain, "vendor": vendor}[client](url, token, body)
    for line in sys.stdin:
        question = line.strip()
        if question == "peak":
            found: float = peak(upload)
        elif question == "held":
            found = asyncio.run(held(client, url, token, body))
        elif question == "dumps":
            found = dumped(body)
        else:
            before = time.process_time()
            for _ in range(int(question)):
                upload()
            found = time.process_time() - before
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
