"""The documented upload by each client that is compared. Run as a process of its own, in a clean environment.

`python uploads.py CLIENT URL TOKEN FILE`: for each line with a number on standard input, uploads as often and prints
the CPU seconds that it took.
"""

# Imports stand where they are needed: no environment has all of them.
# mypy: ignore-errors

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Upload = Callable[[], object]


def ours(url: str, token: str, body: dict[str, Any]) -> Upload:
    """The facade."""
    from roark_client import Roark

    create = Roark(bearer_token=token, base_url=url).call_analysis.create
    return lambda: create(
        recording_url=body["recordingUrl"],
        started_at=body["startedAt"],
        interface_type=body["interfaceType"],
        call_direction=body["callDirection"],
        participants=body["participants"],
    )


def raw(url: str, token: str, body: dict[str, Any]) -> Upload:
    """Httpx alone: nothing is checked, nothing is typed, nothing is sent again."""
    import httpx

    client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})
    return lambda: client.post("/v1/call-analysis", json=body).json()


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


def main() -> None:
    """Upload as often as is asked for, until standard input ends."""
    client, url, token, file = sys.argv[1:]
    upload = {"ours": ours, "raw": raw, "plain": plain, "vendor": vendor}[client](
        url, token, json.loads(Path(file).read_text(encoding="utf-8"))
    )
    for line in sys.stdin:
        before = time.process_time()
        for _ in range(int(line)):
            upload()
        sys.stdout.write(f"{time.process_time() - before}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
