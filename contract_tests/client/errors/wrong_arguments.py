"""Arguments that cannot work: of a call and of a client."""

from collections.abc import Callable
from typing import Any

import httpx
from roark_client import ArgumentTypeError, ArgumentValueError, AuthenticatedClient, Client, Roark, RoarkError

from contract_tests.client.errors.uploads import NOWHERE, TOKEN, client_with, send
from contract_tests.client.samples import REPORT, UPLOAD

# Arguments of a call: what is wrong, the class, and the words of the message.
OF_A_CALL: dict[str, tuple[Callable[[Roark], Any], type[RoarkError], str]] = {
    "a number for an id": (
        lambda client: client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload={"type": "x", "call": {"id": 7}}
        ),
        ArgumentTypeError,
        "vapi_end_of_call_report_payload/call/id: expected a string, got an integer",
    ),
    "NaN": (
        lambda client: client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload={**REPORT, "cost": float("nan")}
        ),
        ArgumentValueError,
        "vapi_end_of_call_report_payload/cost",
    ),
    "a value that the contract does not know": (
        lambda client: client.call_analysis.create(**{**UPLOAD, "interface_type": "FAX"}),
        ArgumentValueError,
        "interface_type: expected",
    ),
    "one that is missing": (
        lambda client: client.call_analysis.create(**{key: UPLOAD[key] for key in UPLOAD if key != "recording_url"}),
        ArgumentTypeError,
        "recording_url: expected, since create requires it",
    ),
    "one that nobody knows": (
        lambda client: client.call_analysis.create(**UPLOAD, recording="x"),  # type: ignore[call-arg]
        ArgumentTypeError,
        "recording: expected one of recording_url, ",
    ),
    "one by place": (
        lambda client: client.integrations.create_vapi_call(REPORT),  # type: ignore[call-arg]
        ArgumentTypeError,
        "expected arguments by name, as in vapi_end_of_call_report_payload=…; got 1 by place",
    ),
    "a timeout": (lambda client: send(client, timeout=-1), ArgumentValueError, "timeout: expected seconds above 0"),
    "a header": (lambda client: send(client, extra_headers={"X": 1}), ArgumentTypeError, "extra_headers: expected"),
    "a query": (lambda client: send(client, extra_query=[5]), ArgumentTypeError, "extra_query: expected a mapping"),
    "a body": (lambda client: send(client, extra_body=5), ArgumentTypeError, "extra_body: expected a mapping"),
}

# Arguments of a client, and the words of the message.
OF_A_CLIENT: dict[str, tuple[Callable[[], Any], type[RoarkError], str]] = {
    "a token that no header carries": (
        lambda: client_with(bearer_token=f"{TOKEN}\n"),
        ArgumentValueError,
        "bearer_token: expected text without spaces that a header can carry",
    ),
    "a token that is no text": (
        lambda: client_with(bearer_token=TOKEN.encode()),
        ArgumentTypeError,
        "bearer_token: expected text, got a bytes",
    ),
    "a token by place": (
        lambda: Roark(TOKEN),  # type: ignore[call-arg]
        ArgumentTypeError,
        "expected arguments by name, as in bearer_token=…; got 1 by place",
    ),
    "a misspelt option": (
        lambda: Roark(bearer_token=TOKEN, retries=3),  # type: ignore[call-arg]
        ArgumentTypeError,
        "retries: expected one of bearer_token, base_url, ",
    ),
    "a scheme": (lambda: client_with(base_url="ftp://a"), ArgumentValueError, "base_url: expected http://… or https"),
    "retries": (lambda: client_with(max_retries=-1), ArgumentValueError, "max_retries: expected 0 or more, got -1"),
    "a timeout": (lambda: client_with(timeout="1"), ArgumentTypeError, "timeout: expected seconds"),
    "a listener": (lambda: client_with(on_drift=5), ArgumentTypeError, "on_drift: expected a plain function"),
    "a client of another kind": (
        lambda: client_with(http_client=httpx.AsyncClient()),
        ArgumentTypeError,
        "http_client: Roark expects an httpx.Client",
    ),
    "a header": (
        lambda: client_with(default_headers={"Authorization": f"Bearer {TOKEN}\n"}),
        ArgumentValueError,
        "default_headers: expected ASCII text",
    ),
    "an option of a copy": (
        lambda: client_with().with_options(bearer_token=f"{TOKEN}\n"),
        ArgumentValueError,
        "bearer_token: expected text",
    ),
    "a misspelt option of a copy": (
        lambda: client_with().with_options(token=TOKEN),  # type: ignore[call-arg]
        ArgumentTypeError,
        "token: expected one of ",
    ),
    "a token of the lower layer": (
        lambda: AuthenticatedClient(NOWHERE, f"{TOKEN}\n"),
        ArgumentValueError,
        "bearer_token: expected text",
    ),
    "a header of the lower layer": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN).with_headers({"X": f"{TOKEN}\n"}),
        ArgumentValueError,
        "headers: expected ASCII text",
    ),
    "headers that are none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN).with_headers(None),  # type: ignore[arg-type]
        ArgumentTypeError,
        "headers: expected a mapping",
    ),
    "cookies that are none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, cookies=[TOKEN]),  # type: ignore[arg-type]
        ArgumentTypeError,
        "cookies: expected a mapping",
    ),
    "the name of a header that is none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, auth_header_name=[1]),  # type: ignore[arg-type]
        ArgumentTypeError,
        "auth_header_name: expected text",
    ),
    "arguments for httpx that are none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, httpx_args=5),  # type: ignore[arg-type]
        ArgumentTypeError,
        "httpx_args: expected a mapping",
    ),
    "a phase that is text": (
        lambda: client_with(timeout=httpx.Timeout("5")),  # type: ignore[arg-type]
        ArgumentTypeError,
        "timeout: expected seconds or None for each phase",
    ),
    "a URL without a text": (
        lambda: client_with(base_url=10**5000),
        ArgumentTypeError,
        "base_url: expected the URL of a server, got a int",
    ),
    "a cookie of the lower layer": (
        lambda: Client(NOWHERE).with_cookies({"session": f"{TOKEN}\n"}),
        ArgumentValueError,
        "default_headers: expected ASCII text",
    ),
    "a timeout of the lower layer": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN).with_timeout(0),
        ArgumentValueError,
        "timeout: expected seconds above 0",
    ),
    "an argument for httpx": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, httpx_args={"headers": {}}),
        ArgumentTypeError,
        "httpx_args: headers would not be used",
    ),
}
