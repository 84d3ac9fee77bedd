"""A server that refuses or breaks at a valid URL."""

from contract_tests.mutations.bends import CALLERS, Drifts, answers
from contract_tests.mutations.uploads import has

DRIFTS: Drifts = {
    CALLERS: {
        "URLs of more than 2,048 characters are refused": answers(400, has("recordingUrl", ".{2049}")),
        "URLs with a port are refused": answers(400, has("recordingUrl", r"//[^/]*:\d+/")),
        "URLs with user info are refused": answers(400, has("recordingUrl", "//[^/]*@")),
        "URLs with a fragment are refused": answers(400, has("recordingUrl", "#")),
        "URLs with percent-escapes break the server": answers(500, has("recordingUrl", "%")),
        "URLs with IPv6 are refused": answers(400, has("recordingUrl", r"\[")),
        "URLs of IDN hosts are refused": answers(400, has("recordingUrl", "xn--")),
        "URLs in capitals are refused": answers(400, has("recordingUrl", "^HTTPS")),
        "URLs that are not HTTP are refused": answers(400, has("recordingUrl", "^(?![Hh][Tt][Tt][Pp])")),
        "only WAV is taken": answers(400, has("recordingUrl", r"^(?!.*\.[wW][aA][vV])")),
        "a stereo recording with a query is refused": answers(400, has("stereoRecordingUrl", r"\?")),
    },
}
