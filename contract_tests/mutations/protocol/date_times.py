"""A server that refuses or breaks at a valid date-time."""

from contract_tests.mutations.bends import CALLERS, Drifts, answers
from contract_tests.mutations.uploads import has

DRIFTS: Drifts = {
    CALLERS: {
        "a leap day is refused": answers(400, has("startedAt", "-02-29")),
        "a leap second breaks the server": answers(500, has("startedAt", ":60")),
        "small letters in a date-time are refused": answers(400, has("startedAt", "[tz]")),
        "a small t in a date-time is refused": answers(400, has("startedAt", "t")),
        "12 digits of a fraction are refused": answers(400, has("startedAt", r"\.\d{12}")),
        "7 digits of a fraction break the server": answers(500, has("startedAt", r"\.\d{7}")),
        "no fraction is refused": answers(400, has("startedAt", r"^[^.]*$")),
        "offsets of 23:59 are refused": answers(400, has("startedAt", "[+-]23:59")),
        "offsets of other than whole hours are refused": answers(400, has("startedAt", r"[+-]\d\d:(?!00)")),
        "an unknown offset (-00:00) is refused": answers(400, has("startedAt", "-00:00")),
        "every offset but Z is refused": answers(400, has("startedAt", r"[+-]\d\d:\d\d$")),
        "what started before 1970 breaks the server": answers(500, has("startedAt", "^(0|1[0-8]|19[0-6])")),
        "what starts in the future is refused": answers(400, has("startedAt", "^(?!20[012]|0|1)")),
    },
}
