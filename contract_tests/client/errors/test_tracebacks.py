"""No variable of a traceback holds the token."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from roark_client import APIError, AuthenticatedClient, Roark, RoarkError
from roark_client.api.integrations import create_vapi_call

from contract_tests.client.errors.tracebacks import functions_that_show
from contract_tests.client.errors.uploads import NOWHERE, TOKEN, async_upload, client_with, send, upload
from contract_tests.client.errors.wrong_arguments import OF_A_CALL, OF_A_CLIENT
from contract_tests.client.samples import REPORT


def called(call: Callable[[Roark], Any]) -> Any:
    """A call by a client of its own."""
    with client_with() as client:
        return call(client)


FAILING: dict[str, Callable[[], Any]] = {
    **{f"of a client: {name}": make for name, (make, _, _) in OF_A_CLIENT.items()},
    **{f"of a call: {name}": partial(called, call) for name, (call, _, _) in OF_A_CALL.items()},
    "no connection": upload,
    "no connection, asynchronous": async_upload,
    "a header of a call": lambda: send(client_with(), extra_headers={"Authorization": f"Bearer {TOKEN}\n"}),
    "an argument for httpx": lambda: AuthenticatedClient(NOWHERE, TOKEN, httpx_args={"http2": 1}).get_httpx_client(),
}


@pytest.mark.parametrize("name", FAILING)
def test_no_variable_of_a_traceback_holds_the_token(name: str) -> None:
    """No function of this package that an error's traceback leads through has a variable that shows the token."""
    with pytest.raises(RoarkError) as raised:
        FAILING[name]()
    assert functions_that_show(raised.value, TOKEN) == []
    assert TOKEN not in str(raised.value)


def test_variables_are_looked_at() -> None:
    """What shows the token would be found: the function that the lower layer calls has a client among its variables."""
    with pytest.raises(APIError) as raised:
        lower = AuthenticatedClient(NOWHERE, TOKEN, max_retries=0)
        create_vapi_call.sync(client=lower, body={"vapiEndOfCallReportPayload": REPORT})
    assert functions_that_show(raised.value, "AuthenticatedClient") == ["sync"]
    assert functions_that_show(raised.value, TOKEN) == []
