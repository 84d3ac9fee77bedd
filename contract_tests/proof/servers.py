"""Where the contract says that an operation is sent, read from the contract alone."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.subject import chosen
from scripts.contract import Operation

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def server_of(operation: Operation, chosen_values: Mapping[str, str] | None = None) -> str | None:
    """The URL of an operation's first server, else of its path's, else of the contract's; None if that has no host.

    The variables in it are as chosen, or have their defaults.
    """
    if (server := _first(operation)) is None:
        return None
    values = {name: each.get("default") for name, each in server.get("variables", {}).items()} | {
        **(chosen_values or {})
    }
    url = _VARIABLE.sub(lambda found: values.get(found[1], found[0]), server["url"])
    return url.rstrip("/") if re.match(r"https?://[^{}]*$", url) else None


def choices(operation: Operation) -> Iterator[tuple[str | None, dict[str, str]]]:
    """The URL that the server has by each other value of each of its variables, and that value by name."""
    server = _first(operation) or {"url": ""}
    for name in dict.fromkeys(_VARIABLE.findall(server["url"])):
        stated = server.get("variables", {}).get(name, {})
        another = "8443" if str(stated.get("default", "")).isdecimal() else "other"  # of what may be a port
        for value in stated.get("enum", [another]):
            if value != stated.get("default"):
                yield server_of(operation, {name: value}), {name: value}


def refused_choices(operation: Operation) -> Iterator[dict[str, str]]:
    """For each variable of the server that takes only some values, another one by name."""
    for name, stated in (_first(operation) or {}).get("variables", {}).items():
        if "enum" in stated:
            yield {name: "".join(["x", *stated["enum"]])}


def _first(operation: Operation) -> dict[str, Any] | None:
    stated = [operation.definition, *(each.raw for each in operation.items), chosen().contract.document]
    servers: list[dict[str, Any]] = next((each["servers"] for each in stated if each.get("servers")), [])
    return servers[0] if servers else None
