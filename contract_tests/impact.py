"""What a finding about a server does to callers of the client: one table of rules, by name.

`scripts/drift --rules` prints it. A rule's impact is the gravest that it can have; what contradicts only an
`x-source: ours` of the contract, and hurts nobody, weighs no more than a guess.
"""

from dataclasses import dataclass
from enum import IntEnum


class Impact(IntEnum):
    """What a finding does to callers of the client, the gravest last."""

    GUESS = 0
    """It contradicts only what we inferred."""
    PROTOCOL = 1
    """A nicety of HTTP that no client of ours feels."""
    LAXER = 2
    """The server takes what the contract forbids, which our callers never send."""
    LOSES = 3
    """A value is changed, dropped, made up or doubled."""
    BREAKS = 4
    """A valid request is refused, a reply cannot be read, a success looks like a failure or the other way round."""
    DISAGREE = 5
    """Two parties say different things; so weighs all between documents, contract and client."""

    @property
    def label(self) -> str:
        """As options and reports name it."""
        return self.name.lower()


@dataclass(frozen=True)
class Rule:
    """A kind of finding: what it does to callers, and the words that its heading begins with.

    Rules of one `family` may be about one cause, of which the gravest is told.
    """

    name: str
    impact: Impact
    heading: str
    family: str = ""


_GUESS, _PROTOCOL, _LAXER, _LOSES, _BREAKS, _DISAGREE = Impact

DISAGREEMENT = "disagreement"
"""The rule of what no other speaks of."""

# Faults that explain others beside them: see `contract_tests/drift/causes.py`.
DOCUMENTED_UPLOAD = "the documented upload"
RAW_REPORT = "a raw report as Vapi sends it"
FIELDS_OF = "fields of "

_RULES = (
    Rule(DISAGREEMENT, _DISAGREE, "the two disagree"),
    # --- Uploads that the contract allows --------------------------------------------------------------------------
    Rule("valid-request-refused", _BREAKS, "a valid request is refused"),
    Rule("valid-request-fails", _BREAKS, "a valid request makes the server fail", family="valid-request-refused"),
    Rule("operation-missing", _BREAKS, "the server has no such operation"),
    Rule("reply-unreadable", _BREAKS, "the client cannot read the reply to an accepted upload"),
    Rule(
        "unusual-value-refused",
        _GUESS,
        "a value that no document speaks of is refused",
        family="valid-request-refused",
    ),
    Rule("spelling-refused", _PROTOCOL, "a right request is refused in a spelling that our client does not use"),
    # --- What replies say ------------------------------------------------------------------------------------------
    Rule(
        "optional-value-unreadable",
        _LOSES,
        "a value reads as None, since it is not what the contract says",
        family="reply-unreadable",
    ),
    Rule("unlisted-value", _LOSES, "a reply has a value that its enum does not list"),
    Rule("value-changed", _LOSES, "a value comes back changed"),
    Rule("value-rounded", _PROTOCOL, "a date-time comes back no finer than Python holds it"),
    Rule("value-dropped", _LOSES, "a value does not come back"),
    Rule("value-made-up", _LOSES, "the reply says what the upload did not"),
    Rule("values-swapped", _LOSES, "values come back in another's place"),
    Rule("id-repeated", _LOSES, "one id names two things"),
    Rule("unwanted-upload", _LOSES, "a real service made an upload of a request that it must refuse"),
    # --- What must be refused --------------------------------------------------------------------------------------
    Rule("invalid-request-accepted", _LAXER, "an invalid request is accepted"),
    Rule("credentials-accepted", _LAXER, "a request without the right credentials is accepted"),
    Rule("method-accepted", _LAXER, "a method that no document names is accepted"),
    Rule("path-accepted", _LAXER, "a path that no document names is accepted"),
    Rule("media-type-accepted", _LAXER, "a body is accepted under a media type that no document names"),
    Rule("no-json-accepted", _LAXER, "a body that is no JSON is accepted"),
    # --- HTTP ------------------------------------------------------------------------------------------------------
    Rule("invalid-request-fails", _PROTOCOL, "the server fails over a request that it should refuse"),
    Rule("refused-otherwise", _PROTOCOL, "a request is refused with another status than expected"),
    Rule("redirect", _PROTOCOL, "a request is redirected"),
    Rule("undocumented-status", _PROTOCOL, "a reply has a status that no document names"),
    Rule("undocumented-media-type", _PROTOCOL, "a reply has a media type that no document names"),
    Rule("undocumented-field", _PROTOCOL, "a reply has fields that nobody documented"),
    Rule("documented-field-missing", _PROTOCOL, "replies lack optional fields that the documents show"),
    Rule("status-not-reached", _PROTOCOL, "a documented status is never answered"),
    Rule("reply-spelling", _PROTOCOL, "a body that the client reads is no JSON to the letter"),
    Rule("error-form", _PROTOCOL, "errors have no one media type and shape"),
    Rule("error-headers", _PROTOCOL, "an error lacks a header, or one is malformed"),
)

RULES = {rule.name: rule for rule in _RULES}


def impact_of(rule: str, source: str) -> Impact:
    """What a finding does that contradicts a fact of this `x-source`."""
    impact = RULES[rule].impact
    return _GUESS if source == "ours" and impact is _LAXER else impact
