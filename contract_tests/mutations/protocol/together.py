"""A server that refuses or breaks at values that are valid each by itself, and together."""

from contract_tests.mutations.bends import CALLERS, Drifts, answers
from contract_tests.mutations.uploads import participants, sent

DRIFTS: Drifts = {
    CALLERS: {
        "two equal roles are refused": answers(
            400, lambda request: len({each["role"] for each in participants(request)}) == 1
        ),
        "unknown fields are refused": answers(
            400, lambda request: bool(sent(request).keys() & {"metadata", "somethingNew"})
        ),
        "WEB and OUTBOUND together are refused": answers(
            400,
            lambda request: (
                (sent(request).get("interfaceType"), sent(request).get("callDirection")) == ("WEB", "OUTBOUND")
            ),
        ),
        "a test call with a stereo recording breaks the server": answers(
            500, lambda request: sent(request).get("isTest") is True and "stereoRecordingUrl" in sent(request)
        ),
        "a test call with a reason is refused": answers(
            400, lambda request: sent(request).get("isTest") is True and "endedReason" in sent(request)
        ),
        "two participants with one name are refused": answers(
            400,
            lambda request: (
                len(participants(request)) == 2
                and isinstance(participants(request)[0].get("name"), str)
                and participants(request)[0].get("name") == participants(request)[1].get("name")
            ),
        ),
        "two who spoke first are refused": answers(
            400, lambda request: all(each.get("spokeFirst") is True for each in participants(request) or [{}])
        ),
        "a web call with telephone numbers is refused": answers(
            400,
            lambda request: (
                sent(request).get("interfaceType") == "WEB"
                and any(each.get("phoneNumber") for each in participants(request))
            ),
        ),
        "two customers on an outbound call break the server": answers(
            500,
            lambda request: (
                sent(request).get("callDirection") == "OUTBOUND"
                and all(each["role"] == "CUSTOMER" for each in participants(request) or [{"role": ""}])
            ),
        ),
        "one URL for both recordings is refused": answers(
            400,
            lambda request: (
                "recordingUrl" in sent(request)
                and sent(request)["recordingUrl"] == sent(request).get("stereoRecordingUrl")
            ),
        ),
    },
}
