"""No redirect is followed."""

import pytest
from roark_client import APIConnectionError, APIStatusError

from contract_tests.client.network.replies import WHOLE
from contract_tests.client.network.ways import NOT_DELIVERED, UNKNOWN, Caller, in_every_way, the_error
from contract_tests.client.scripted_server import ScriptedServer, reply

REDIRECTS = (301, 302, 303, 307, 308)


@in_every_way
@pytest.mark.parametrize("location", ["{url}/elsewhere", "/elsewhere", "//127.0.0.1:{port}/elsewhere", ""])
def test_redirect(call: Caller, location: str) -> None:
    """No redirect is followed, to wherever and by whomever's client: nothing is sent twice, nor the token elsewhere."""
    with ScriptedServer((WHOLE,)) as elsewhere:
        where = location.format(url=elsewhere.url, port=elsewhere.port)
        with ScriptedServer(*[(reply(status, b"", f"Location: {where}"),) for status in REDIRECTS]) as server:
            outcomes = call(server.url, len(REDIRECTS))
    for outcome, status in zip(outcomes, REDIRECTS, strict=True):
        error = the_error([outcome], UNKNOWN if status == 303 else NOT_DELIVERED, status)
        assert (type(error), error.attempts) == (APIStatusError, 1)
        assert error.response is not None
        assert error.response.headers["location"] == where
    assert (len(server.received), len(elsewhere.received)) == (len(REDIRECTS), 0)


@in_every_way
@pytest.mark.parametrize("location", ["http://[::garbage", "http://x:port/", "http://x/\x7f", "http://\xe9\xff:1/"])
def test_redirect_to_garbage(call: Caller, location: str) -> None:
    """A Location that httpx cannot read makes it drop the answer, which counts as UNKNOWN; else it is a refusal."""
    with ScriptedServer((reply(302, b"", f"Location: {location}"),), (WHOLE,)) as server:
        (error,) = call(server.url)
    assert isinstance(error, APIConnectionError | APIStatusError)
    assert error.delivery is (UNKNOWN if error.status_code is None else NOT_DELIVERED)
    assert len(server.received) == 1
