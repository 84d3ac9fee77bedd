"""Ids and statuses of jobs: a server by whose reply no call can be found again."""

import re
from typing import Any

from contract_tests.mutations.bends import Drifts, counted, ids, job_id
from contract_tests.mutations.bent_server import Exchange

LINKS = "whoever finds a call again by its id"


def every_third_id_again(exchange: Exchange, data: dict[str, Any]) -> None:
    """Give the id of the first upload to every third."""
    name = "jobId" if "jobId" in data else "callId"
    first = exchange.state.setdefault(name, data[name])
    if counted(exchange, f"uploads {name}") % 3 == 0:
        data[name] = first


def derived_id(exchange: Exchange, data: dict[str, Any]) -> None:
    """Make the ids of what was uploaded: one upload twice gets one id."""
    if "call" in data:
        data["call"]["id"] = f"{abs(hash(exchange.request.body)) % 16**32:032x}"
        data["call"]["id"] = re.sub("(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", data["call"]["id"])
    else:
        data["callId"] = exchange.request.json["vapiEndOfCallReportPayload"]["call"]["id"]


def count_to_seven(exchange: Exchange, data: dict[str, Any]) -> None:
    """Number the uploads, and begin again."""
    number = counted(exchange) % 7
    data["jobId" if "jobId" in data else "callId"] = f"00000000-0000-4000-8000-{number:012}"


def same_id(_: Exchange, data: dict[str, Any]) -> None:
    """Call the job like its call."""
    if "call" in data:
        data["jobId"] = data["call"]["id"]


DRIFTS: Drifts = {
    LINKS: {
        "every job has one id": job_id(lambda _: "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        "every third upload has the id of the first": ids(every_third_id_again),
        "a job and its call have one id": ids(same_id),
        "ids are made of what was uploaded": ids(derived_id),
        "ids are cut": job_id(lambda given: given[:8]),
        "ids are empty": job_id(lambda _: ""),
        "ids count to seven": ids(count_to_seven),
        "a job that was just created is COMPLETED": ids(lambda _, data: data.update(status="COMPLETED")),
        "a job that was just created is IN_PROGRESS": ids(
            lambda _, data: data.update(status="IN_PROGRESS") if "call" in data else None
        ),
        "a job of a test call is COMPLETED": ids(
            lambda exchange, data: (
                data.update(status="COMPLETED") if exchange.request.json.get("isTest") is True else None
            )
        ),
    },
}
