"""`GET /`: the API reference, rendered from the contract by Swagger UI, whose "try it out" uploads to this server.

The contract is only handed on: nothing here decides by it.
"""

import errno
import html
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from roark_mock.errors import RefusalError
from roark_mock.reply import Reply
from roark_mock.request_body import RequestBody

PUBLIC_TOKEN = "test-token"  # which the page may fill in; any other is for who knows it

# The page reaches this server and no other, whatever is written in a contract.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roark API, mock server</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/reference/swagger-ui.css">
</head>
<body>
<div id="reference" data-token="{token}"></div>
<script src="/reference/swagger-ui-bundle.js"></script>
<script src="/reference/reference.js"></script>
</body>
</html>
"""

SCRIPT = """\
const element = document.getElementById("reference");
const ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  domNode: element,
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [() => ({
    statePlugins: { spec: { wrapActions: {
      // The contract names Roark's own servers; what is tried out here goes to the mock.
      updateJsonSpec: (original) => (document) =>
        original({ ...document, servers: [{ url: location.origin, description: "this mock server" }] }),
    } } },
  })],
  onComplete: () => {
    if (element.dataset.token) ui.preauthorizeApiKey("bearerAuth", element.dataset.token);
  },
});
"""


def routes(token: str) -> list[Route]:
    """The page, and what it is made of."""
    page = PAGE.format(token=html.escape(token if token == PUBLIC_TOKEN else ""))
    return [
        Route("/", _File("text/html; charset=utf-8", page.encode)),
        Route("/openapi.yaml", _File("application/yaml", _contract)),
        Route("/reference/reference.js", _File("text/javascript; charset=utf-8", SCRIPT.encode)),
        Route(
            "/reference/swagger-ui-bundle.js",
            _File("text/javascript; charset=utf-8", partial(_viewer, "swagger-ui-bundle.js")),
        ),
        Route("/reference/swagger-ui.css", _File("text/css; charset=utf-8", partial(_viewer, "swagger-ui.css"))),
    ]


class _File:
    """What `read` gives, to GET and HEAD."""

    def __init__(self, media_type: str, read: Callable[[], bytes]) -> None:
        self._media_type = media_type
        self._read = read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] not in ("GET", "HEAD"):
                allowed = [(b"allow", b"GET, HEAD")]
                raise RefusalError(405, "method_not_allowed", f"Expected GET, got {scope['method']}.", headers=allowed)
            reply = Reply(200, self._read(), media_type=self._media_type)
        except OSError as missing:
            problem = f"Expected a complete installation of roark-client[mock], got none of {missing.filename}."
            reply = RefusalError(404, "not_found", problem).reply()
        except RefusalError as refusal:
            reply = refusal.reply()
        await reply.send(send, RequestBody(receive), [(b"content-security-policy", POLICY.encode())])


def _contract() -> bytes:
    """The contract: beside this module in the wheel, at the top of a checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "openapi.yaml"
    return (packaged if packaged.exists() else here.parents[2] / "openapi.yaml").read_bytes()


def _viewer(name: str) -> bytes:
    """A file of Swagger UI."""
    carrier = find_spec("fastapi_swagger")  # found and not imported, which would bring FastAPI along
    if carrier is None or carrier.origin is None:
        raise FileNotFoundError(errno.ENOENT, "not installed", "fastapi-swagger")
    return Path(carrier.origin).with_name("resources").joinpath(name).read_bytes()
