"""A server that refuses or breaks at a valid text: its characters, its length, its form."""

import re

from contract_tests.mutations.bends import CALLERS, Drifts, answers
from contract_tests.mutations.uploads import has, holds, participants, sent
from contract_tests.trial import texts

DRIFTS: Drifts = {
    CALLERS: {
        "NUL breaks the server": answers(500, holds("\0")),
        "astral characters break the server": answers(500, holds("[\U00010000-\U0010ffff]")),
        "combining characters are refused": answers(400, holds("[\u0300-\u036f]")),
        "right-to-left text is refused": answers(400, holds("[\u0590-\u05ff]")),
        "all but ASCII is refused": answers(400, holds("[^\0-\x7f]")),
        "line feeds are refused": answers(400, holds("\n")),
        "control characters break the server": answers(500, holds("[\x01-\x08\x0e-\x1f]")),
        "a byte order mark within a text breaks the server": answers(500, holds("\ufeff")),
        "single quotes break the server": answers(500, holds("'")),
        "markup is refused by a firewall": answers(403, holds("<script")),
        "what looks like SQL is refused by a firewall": answers(403, holds("DROP TABLE")),
        "empty texts are refused": answers(400, lambda request: "" in texts(sent(request))),
        "names of more than 255 characters are refused": answers(
            400, lambda request: any(len(each.get("name") or "") > 255 for each in participants(request))
        ),
        "names of more than 255 bytes break the server": answers(
            500, lambda request: any(len((each.get("name") or "").encode()) > 255 for each in participants(request))
        ),
        "reasons of more than 1,000 characters are refused": answers(400, has("endedReason", ".{1001}")),
        "texts of 65,536 characters break the server": answers(500, holds(".{65536}")),
        "telephone numbers must be telephone numbers": answers(
            400,
            lambda request: any(
                not re.fullmatch(r"\+?[0-9 ().-]+", each["phoneNumber"])
                for each in participants(request)
                if isinstance(each.get("phoneNumber"), str)
            ),
        ),
    },
}
