"""Where the contract says that an operation is sent, read from the contract alone."""

import re
from typing import Any

from contract_tests.subject import chosen
from scripts.contract import Operation


def server_of(operation: Operation) -> str | None:
    """The URL of an operation's first server, else of its path's, else of the contract's; None if that has no host."""
    stated = [operation.definition, *(each.raw for each in operation.items), chosen().contract.document]
    servers: list[dict[str, Any]] = next((each["servers"] for each in stated if each.get("servers")), [])
    if not servers:
        return None
    variables = servers[0].get("variables", {})
    url = re.sub(r"\{([^{}]*)\}", lambda found: variables.get(found[1], {}).get("default", found[0]), servers[0]["url"])
    return url.rstrip("/") if re.match(r"https?://[^{}]*$", url) else None
