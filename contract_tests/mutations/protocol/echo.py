"""A server that says of a call what was not uploaded."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from contract_tests.mutations.bends import RECORDS, Drifts, moved, says, set_field, text
from contract_tests.mutations.bent_server import Bend


def properties(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Bend:
    """A bend of the custom properties that a reply repeats."""
    return says(lambda _, call: call.update(properties=change(call["properties"])) if call.get("properties") else None)


DRIFTS: Drifts = {
    RECORDS: {
        "INBOUND and OUTBOUND are swapped": text(
            "callDirection", lambda given: "OUTBOUND" if given == "INBOUND" else "INBOUND"
        ),
        "every call is INBOUND": set_field("callDirection", "INBOUND"),
        "every call is real": set_field("isTest", False),
        "every call is a test": set_field("isTest", True),
        "a call is a test unless it says otherwise": says(
            lambda asked, call: call.update(isTest=True) if "isTest" not in asked else None
        ),
        "a reason is in small letters": text("endedReason", str.lower),
        "a reason is trimmed": text("endedReason", str.strip),
        "a reason is cut at 255 characters": text("endedReason", lambda given: given[:255]),
        "a reason is forgotten": text("endedReason", lambda _: None),
        "an empty reason becomes null": text("endedReason", lambda given: given or None),
        "no reason becomes an empty one": set_field("endedReason", "", over=lambda given: given is None),
        "no reason becomes unknown": set_field("endedReason", "unknown", over=lambda given: given is None),
        "a reason loses its NUL": text("endedReason", lambda given: given.replace("\0", "")),
        "a reason loses its line feeds": text("endedReason", lambda given: " ".join(given.split("\n"))),
        "custom properties are forgotten": says(lambda _, call: call.pop("properties", None)),
        "custom properties become null": set_field("properties", None, over=lambda given: given is not None),
        "no custom properties become some": says(
            lambda asked, call: call.update(properties={"source": "api"}) if "properties" not in asked else None
        ),
        "values of properties become texts": properties(
            lambda given: {name: value if value is None else str(value) for name, value in given.items()}
        ),
        "booleans of properties become numbers": properties(
            lambda given: {name: int(value) if isinstance(value, bool) else value for name, value in given.items()}
        ),
        "names of properties are in small letters": properties(
            lambda given: {name.lower(): value for name, value in given.items()}
        ),
        "nulls of properties are dropped": properties(
            lambda given: {name: value for name, value in given.items() if value is not None}
        ),
        "objects in properties are texts of JSON": properties(
            lambda given: {
                name: json.dumps(value) if isinstance(value, dict) else value for name, value in given.items()
            }
        ),
        "a hundred properties are kept": properties(lambda given: dict(list(given.items())[:100])),
        "long values of properties are cut": properties(
            lambda given: {name: value[:10_000] if isinstance(value, str) else value for name, value in given.items()}
        ),
        "integers of properties lose digits": properties(
            lambda given: {name: int(float(value)) if type(value) is int else value for name, value in given.items()}
        ),
        "properties are a list": says(
            lambda _, call: call.update(properties=[*call["properties"]]) if call.get("properties") else None
        ),
        "the server's time is told for the caller's": set_field("startedAt", "2025-02-11T01:04:33Z"),
        "a time zone is dropped": text("startedAt", lambda given: re.sub(r"[+-]\d\d:\d\d$", "Z", given)),
        "the sign of an offset is flipped": text(
            "startedAt", lambda given: re.sub(r"([+-])(?=\d\d:\d\d$)", lambda sign: "-+"[sign[1] == "-"], given)
        ),
        "a fraction is cut to whole seconds": text("startedAt", lambda given: re.sub(r"\.\d+", "", given)),
        "a fraction is cut to milliseconds": text("startedAt", lambda given: re.sub(r"(\.\d{3})\d+", r"\1", given)),
        "a fraction is cut to microseconds": text("startedAt", lambda given: re.sub(r"(\.\d{6})\d+", r"\1", given)),
        "a fraction is cut to nanoseconds": text("startedAt", lambda given: re.sub(r"(\.\d{9})\d+", r"\1", given)),
        "a leap second is moved back": text("startedAt", lambda given: given.replace(":60", ":59")),
        "a leap second is moved on": text(
            "startedAt", lambda given: given.replace("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")
        ),
        "an instant is a second late": text("startedAt", moved(lambda given: given + timedelta(seconds=1))),
        "an instant is an hour late in summer": text(
            "startedAt", moved(lambda given: given + timedelta(hours=given.month in (6, 7, 8)))
        ),
        "instants before 1970 become 1970": text(
            "startedAt", lambda given: "1970-01-01T00:00:00Z" if given < "1970" else given
        ),
    },
}
