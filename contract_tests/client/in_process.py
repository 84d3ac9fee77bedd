"""A server inside the test's own process: it answers with what it is told, and keeps what it is asked."""

import json
from typing import Any

import httpx
from roark_client import AuthenticatedClient, DriftEvent, Roark

from contract_tests import judge
from contract_tests.proof import client
from contract_tests.proof.wire import TOKEN
from scripts.contract import Operation

# The facade's method for each operation, by the names in the project's design.
METHODS = {
    "POST /v1/call-analysis": ("call_analysis", "create"),
    "POST /v1/vapi/call": ("integrations", "create_vapi_call"),
}


class Server:
    """Answers every request with `reply`, as JSON with status 200 if nothing else is said.

    `requests` and `events` hold what came of the last client made.
    """

    def __init__(self) -> None:
        self._http_client = httpx.Client(transport=httpx.MockTransport(self._answer))
        self._transport = httpx.MockTransport(self._answer)
        self.reply: Any = None
        self.status, self.media_type = 200, "application/json"
        self.requests: list[httpx.Request] = []
        self.events: list[DriftEvent] = []

    def roark(self) -> Roark:
        """A client that has told nothing yet."""
        self.requests, self.events = [], []
        return Roark(
            bearer_token=TOKEN, base_url="https://api.test", http_client=self._http_client, on_drift=self.events.append
        )

    def upload(self, operation: Operation, **arguments: Any) -> Any:
        """Upload through the facade of a new client."""
        resource, method = METHODS[operation.label]
        return getattr(getattr(self.roark(), resource), method)(**arguments)

    def upload_body(self, operation: Operation, body: Any) -> Any:
        """Upload a whole body through the lower layer of a new client."""
        self.requests, self.events = [], []
        arguments = {"transport": self._transport}
        with AuthenticatedClient("https://api.test", TOKEN, httpx_args=arguments, on_drift=self.events.append) as lower:
            return client.call_module(operation).sync(client=lower, body=body)

    def read(self, operation: Operation, reply: Any) -> Any:
        """What the client makes of a reply to the documented upload."""
        self.reply = reply
        body = operation.example()
        return self.upload(operation, **{client.python_name(name): value for name, value in body.items()})

    def received(self) -> Any:
        """The JSON value of the one request that came."""
        (request,) = self.requests
        return json.loads(request.content)

    def told(self) -> list[tuple[str, str, str]]:
        """Part, kind and pointer of each drift that was reported."""
        return [(event.part, str(event.kind), event.pointer) for event in self.events]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        content = json.dumps(self.reply).encode()  # in ASCII, since half a surrogate pair cannot be written otherwise
        return httpx.Response(self.status, headers={"Content-Type": self.media_type}, content=content)


def documented_reply(operation: Operation) -> Any:
    """The reply to an operation on the vendor's page."""
    media = operation.reply_schema("200").removesuffix("/schema")
    return next(iter(judge.value_at(media)["examples"].values()))["value"]
