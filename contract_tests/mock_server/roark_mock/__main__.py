"""`roark-mock`, or `python -m roark_mock`: run the mock until Ctrl-C."""

import argparse
import contextlib
import errno
import re
import signal
import sys
from typing import NoReturn

DESCRIPTION = """\
Run a mock of the Roark API until Ctrl-C. It checks the token and every field, and answers as Roark does. GET / shows
the API reference, to try it out by hand.

A request steers its reply with the header Prefer: code=503 for an error, delay=2.5 for seconds to wait.
Point a client at it with ROARK_BASE_URL and ROARK_API_BEARER_TOKEN.
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}\n")


def main() -> None:
    """Serve as the arguments say. Exits 0 on Ctrl-C or SIGTERM, 2 with one line on stderr if that cannot be done."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: sys.exit(0))
    parser = _Parser(prog="roark-mock", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", default=4010, type=_port, help="port to listen on, 0 picks a free one (default: %(default)s)"
    )
    parser.add_argument("--token", default="test-token", help="bearer token that is let in (default: %(default)s)")
    parser.add_argument("--seed", metavar="TEXT", help="make the same ids in every run")
    parser.add_argument("--log", action="store_true", help="print a line for each request on stderr")
    arguments = parser.parse_args()
    try:
        from roark_mock.server import serve
    except ModuleNotFoundError as missing:
        parser.error(f'the mock needs {missing.name}; install it: pip install "roark-client[mock]"')
    try:
        serve(
            arguments.host,
            arguments.port,
            arguments.token,
            _announce,
            seed=arguments.seed,
            log=_log if arguments.log else None,
        )
    except ValueError as error:
        parser.error(f"argument --token: {error}")
    except OSError as error:
        parser.error(_advice(error, arguments.host, arguments.port))


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 65535, got {text!r}")
    return int(text)


def _announce(url: str) -> None:
    print(f"Roark mock server on {url}, stop it with Ctrl-C", flush=True)


def _log(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads it any longer
        print(line, file=sys.stderr, flush=True)


def _advice(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; stop what uses it, or choose another with --port (0 picks a free one)"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} takes privileges to listen on; choose one above 1023 with --port"
    reason = (error.strerror or str(error)).partition(" (")[0]  # Python adds the address in brackets
    return f"cannot listen on {host!r}: {reason}; name an address of this machine with --host, such as 127.0.0.1"


if __name__ == "__main__":
    main()
