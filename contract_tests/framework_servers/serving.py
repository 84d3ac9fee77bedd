"""Running one of the servers on a free port of this machine."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from werkzeug.serving import WSGIRequestHandler, make_server

from contract_tests.framework_servers import with_fastapi, with_msgspec, with_werkzeug
from contract_tests.framework_servers.deviation import Deviation
from contract_tests.live.other_servers import running

SERVERS = {
    "FastAPI": with_fastapi.application,
    "msgspec": with_msgspec.application,
    "Werkzeug": with_werkzeug.application,
}

DEVIATIONS: dict[str, tuple[Deviation, ...]] = {
    "FastAPI": with_fastapi.DEVIATIONS,
    "msgspec": with_msgspec.DEVIATIONS,
    "Werkzeug": with_werkzeug.DEVIATIONS,
}


@contextmanager
def served(name: str, deviation: str = "") -> Iterator[str]:
    """The URL of a server that runs while the block does."""
    app: Any = SERVERS[name](deviation)
    with _by_werkzeug(app) if name == "Werkzeug" else _by_uvicorn(app) as url:
        yield url


@contextmanager
def _by_uvicorn(app: Any) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each reply waits for an ACK
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _by_werkzeug(app: Any) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    with running(make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)) as url:
        yield url
