"""A mock of the Roark API: a second, independent statement of the contract that runs.

`create_app` is the ASGI application, `MockServer` runs it in a background thread, `serve` in the foreground. Tests have
one as the fixture `roark_mock`, in type hints a `RoarkMock`. May import nothing else of this project: read from the
contract or the client, it could not drift from them. Only `testing` hands out a client, when it is asked for one.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roark_mock.app import create_app as create_app
    from roark_mock.faults import FaultLeftWarning as FaultLeftWarning
    from roark_mock.server import serve as serve
    from roark_mock.testing import MockServer as MockServer
    from roark_mock.testing import RoarkMock as RoarkMock
    from roark_mock.uploads import Upload as Upload
    from roark_mock.uploads import UploadList as UploadList

_MODULES = {
    "FaultLeftWarning": "faults",
    "MockServer": "testing",
    "RoarkMock": "testing",
    "Upload": "uploads",
    "UploadList": "uploads",
    "create_app": "app",
    "serve": "server",
}

__all__ = ["FaultLeftWarning", "MockServer", "RoarkMock", "Upload", "UploadList", "create_app", "serve"]


def __getattr__(name: str) -> object:
    # Imported when asked for, so that the command can say in one line which dependency is missing.
    if name in _MODULES:
        return getattr(import_module(f"roark_mock.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
