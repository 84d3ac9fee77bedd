"""A mock of the Roark API: a second, independent statement of the contract that runs.

`create_app` is the ASGI application, `MockServer` runs it in a background thread, `serve` in the foreground.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roark_mock.app import create_app as create_app
    from roark_mock.server import MockServer as MockServer
    from roark_mock.server import serve as serve

__all__ = ["MockServer", "create_app", "serve"]


def __getattr__(name: str) -> object:
    # Imported when asked for, so that the command can say in one line which dependency is missing.
    if name == "create_app":
        from roark_mock import app

        return app.create_app
    if name in __all__:
        from roark_mock import server

        return getattr(server, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
