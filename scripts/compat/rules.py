"""The rules by which each change is judged for callers of this client: one table, by name.

A change is breaking where calls that worked do not go on working by themselves: a caller has to change code, or a
client out there fails, refuses a reply or loses a value. So what callers give may grow, and what they get may shrink,
but not the other way round; only that a client reads tolerantly: new fields and new values of enums break nothing.

`scripts/generate --rules` prints the table. `contract_tests/compat/rules.yaml` has a pair of contracts for each rule
about the contract, on which it is held against `redocly diff`; where the two differ, `redocly` says why.
"""

from dataclasses import dataclass
from enum import IntEnum


class Impact(IntEnum):
    """What a change does to callers, the worst last."""

    DOCUMENTATION = 0
    COMPATIBLE = 1
    BREAKING = 2

    @property
    def label(self) -> str:
        """In words."""
        return "documentation only" if self is Impact.DOCUMENTATION else self.name.lower()


@dataclass(frozen=True)
class Rule:
    """A kind of change: what it does to callers, and why. `redocly` says why `redocly diff` judges it otherwise."""

    name: str
    impact: Impact
    why: str
    redocly: str = ""


_DOCUMENTATION, _COMPATIBLE, _BREAKING = Impact

_CONTRACT = (
    # --- Operations, and what they all share ---------------------------------------------------------------------
    Rule("operation-added", _COMPATIBLE, "nobody calls it yet"),
    Rule("operation-removed", _BREAKING, "its methods are gone, and clients out there call what is no longer"),
    Rule("operation-moved", _BREAKING, "clients out there call the old path or method; the method's name stays"),
    Rule("operation-renamed", _BREAKING, "the methods are made of operationId and tag, and get other names"),
    Rule(
        "security-required",
        _BREAKING,
        "calls without these credentials are refused now",
        "does not see that an operation falls back on what the whole contract asks for",
    ),
    Rule("security-lifted", _COMPATIBLE, "credentials that are sent all the same do no harm"),
    Rule("security-changed", _BREAKING, "the client proves who it is in the old way"),
    Rule("security-argument-renamed", _BREAKING, "the constructor takes this credential by another name"),
    Rule("server-changed", _BREAKING, "clients out there call the old server, unless a base URL is given"),
    Rule(
        "server-listed",
        _DOCUMENTATION,
        "the client calls the first server only",
        "a server less; the client calls the first one, which stays",
    ),
    Rule(
        "server-variable-added",
        _COMPATIBLE,
        "it has a default",
        "looks at the URL as it is written, and not at what it comes to",
    ),
    Rule("server-variable-removed", _BREAKING, "server_variables takes it no longer"),
    Rule("server-variable-widened", _COMPATIBLE, "what could be chosen still can"),
    Rule(
        "server-variable-narrowed",
        _BREAKING,
        "a value that could be chosen is refused now",
        "does not look at the variables of a server",
    ),
    # --- Parameters ----------------------------------------------------------------------------------------------
    Rule("parameter-added", _COMPATIBLE, "it may be left out"),
    Rule("required-parameter-added", _BREAKING, "calls without it are refused now"),
    Rule("parameter-removed", _BREAKING, "its argument is gone"),
    Rule(
        "parameter-renamed",
        _BREAKING,
        "its argument has another name",
        "a path is the same whatever its parameters are called; the argument is not",
    ),
    Rule("parameter-required", _BREAKING, "calls without it are refused now"),
    Rule("parameter-optional", _COMPATIBLE, "whoever gives it may go on"),
    Rule("parameter-written-otherwise", _BREAKING, "clients out there write its value in the old way"),
    # --- Request bodies ------------------------------------------------------------------------------------------
    Rule("request-body-added", _COMPATIBLE, "it may be left out"),
    Rule(
        "required-request-body-added",
        _BREAKING,
        "calls without it are refused now",
        "looks at a body only where there was one",
    ),
    Rule("request-body-removed", _BREAKING, "its arguments are gone"),
    Rule("request-body-required", _BREAKING, "calls without it are refused now"),
    Rule("request-body-optional", _COMPATIBLE, "whoever sends it may go on"),
    Rule("request-media-type-added", _COMPATIBLE, "clients out there go on sending what they send"),
    Rule(
        "request-media-type-removed",
        _COMPATIBLE,
        "the client sends one media type only, and another one than this",
        "what the client never sends is refused now",
    ),
    Rule(
        "sent-media-type-changed",
        _COMPATIBLE,
        "what clients out there send is still taken",
        "takes a media type with a parameter for another one",
    ),
    Rule("sent-media-type-removed", _BREAKING, "clients out there send what is refused now"),
    Rule(
        "request-form-changed",
        _BREAKING,
        "the body is given as something else: JSON, text or bytes",
        "a media type more; the client sends the new one all the same",
    ),
    Rule("request-field-added", _COMPATIBLE, "it may be left out"),
    Rule("required-request-field-added", _BREAKING, "requests without it are refused now"),
    Rule(
        "request-field-removed",
        _BREAKING,
        "its argument is gone",
        "a server may ignore the field; its argument is gone all the same",
    ),
    Rule(
        "request-field-renamed",
        _BREAKING,
        "its argument has another name",
        "a server may ignore the old field; its argument is gone all the same",
    ),
    Rule("request-field-required", _BREAKING, "requests without it are refused now"),
    Rule("request-field-optional", _COMPATIBLE, "whoever gives it may go on"),
    Rule("request-null-allowed", _COMPATIBLE, "nobody has to give null"),
    Rule("request-null-refused", _BREAKING, "None was allowed and is refused now"),
    Rule("request-type-widened", _COMPATIBLE, "what was allowed still is"),
    Rule("request-type-narrowed", _BREAKING, "some of what was allowed is refused now"),
    Rule("request-type-changed", _BREAKING, "what was allowed is refused now"),
    Rule(
        "request-format-changed",
        _BREAKING,
        "the argument has another Python type",
        "a format less lets more through; the argument takes another type all the same",
    ),
    Rule("request-enum-grown", _COMPATIBLE, "what was allowed still is"),
    Rule("request-enum-shrunk", _BREAKING, "a value that was allowed is refused now"),
    Rule("request-enum-begun", _BREAKING, "any other value is refused now"),
    Rule(
        "request-enum-ended",
        _BREAKING,
        "its class is gone, and code that names a member with it",
        "more is allowed; the class that callers name is gone all the same",
    ),
    Rule("request-constraint-loosened", _COMPATIBLE, "what was allowed still is"),
    Rule("request-constraint-tightened", _BREAKING, "some of what was allowed is refused now"),
    Rule("request-constraint-changed", _BREAKING, "some of what was allowed may be refused now"),
    Rule("request-object-closed", _BREAKING, "fields that nobody named were allowed and are refused now"),
    Rule("request-object-opened", _COMPATIBLE, "what was allowed still is"),
    Rule("request-alternative-added", _COMPATIBLE, "what was allowed still is"),
    Rule("request-alternative-removed", _BREAKING, "some of what was allowed is refused now"),
    Rule("request-discriminator-widened", _COMPATIBLE, "what named an alternative still does"),
    Rule(
        "request-discriminator-narrowed",
        _BREAKING,
        "an object that names its kind in this way is refused now, or taken for another",
        "does not look at discriminators",
    ),
    Rule("request-default-changed", _BREAKING, "leaving it out means something else now", "does not look at defaults"),
    Rule("request-passthrough-begun", _COMPATIBLE, "what is given goes out as it came"),
    Rule(
        "request-passthrough-ended",
        _BREAKING,
        "what is given is checked and rewritten now",
        "does not know x-passthrough",
    ),
    Rule(
        "request-schema-changed",
        _BREAKING,
        "what this keyword allows cannot be compared; look at it",
        "takes such a keyword for wider where it goes; the client does not weigh it",
    ),
    # --- Replies -------------------------------------------------------------------------------------------------
    Rule("success-added", _COMPATIBLE, "every 2xx whose body reads as before is a success"),
    Rule(
        "success-with-another-body-added",
        _BREAKING,
        "the method may give something else now",
        "a status more; the method gives another type all the same",
    ),
    Rule(
        "success-removed",
        _COMPATIBLE,
        "what still comes reads as before",
        "what comes in its place is read alike by this client",
    ),
    Rule("error-added", _COMPATIBLE, "an error is raised by its status, documented or not"),
    Rule(
        "error-removed",
        _COMPATIBLE,
        "an error is raised by its status, documented or not",
        "what comes in its place is raised alike by this client",
    ),
    Rule(
        "error-changed",
        _COMPATIBLE,
        "the body of an error is given as it came",
        "types the bodies of errors; the client does not",
    ),
    Rule("reply-header-changed", _COMPATIBLE, "headers are given as they came", "types headers; the client does not"),
    Rule(
        "reply-body-added",
        _BREAKING,
        "the method gave None and gives something now",
        "looks at a body only where there was one",
    ),
    Rule("reply-body-removed", _BREAKING, "the method gave something and gives None now"),
    Rule("reply-media-type-added", _COMPATIBLE, "clients out there ask for what they read, in Accept"),
    Rule(
        "reply-media-type-removed",
        _COMPATIBLE,
        "what clients out there ask for in Accept still comes",
        "another one that clients ask for is left, or they never asked for it",
    ),
    Rule(
        "accepted-media-type-removed", _BREAKING, "clients out there ask for it in Accept, and for no other that comes"
    ),
    Rule(
        "reply-form-changed",
        _BREAKING,
        "the body reads as something else: a value of JSON, text or bytes",
        "a media type more; the method gives another type all the same",
    ),
    Rule("reply-field-added", _COMPATIBLE, "a client out there reads on, and tells of it"),
    Rule(
        "reply-further-field-named",
        _BREAKING,
        "it was read like an item, by its name in JSON, and is an attribute now",
        "a field more; the object was a map, and callers have read it as one",
    ),
    Rule("reply-field-removed", _BREAKING, "its attribute is gone"),
    Rule("reply-field-renamed", _BREAKING, "its attribute has another name"),
    Rule("reply-field-required", _COMPATIBLE, "it may be None no longer"),
    Rule("reply-field-optional", _BREAKING, "clients out there refuse a reply without it, and new ones read None"),
    Rule("reply-may-be-null", _BREAKING, "clients out there refuse it, and new ones read None"),
    Rule(
        "optional-reply-field-may-be-null",
        _COMPATIBLE,
        "it was None when it was absent, and is when it is null",
        "a type more; the client reads absent and null as None",
    ),
    Rule("reply-never-null", _COMPATIBLE, "it may be None no longer"),
    Rule("reply-type-narrowed", _COMPATIBLE, "what still comes reads as before"),
    Rule("reply-type-widened", _BREAKING, "a type comes that nobody expects"),
    Rule("reply-type-changed", _BREAKING, "another type comes than everybody expects"),
    Rule(
        "reply-format-changed",
        _BREAKING,
        "the attribute has another Python type",
        "a format more lets less come; the attribute has another type all the same",
    ),
    Rule(
        "reply-enum-grown",
        _COMPATIBLE,
        "a client out there keeps a new value, and tells of it",
        "takes enums for closed; those of the client are open",
    ),
    Rule(
        "reply-enum-shrunk",
        _BREAKING,
        "a member is gone, and code that names it fails",
        "less comes; the member that callers name is gone all the same",
    ),
    Rule("reply-enum-begun", _COMPATIBLE, "its members are texts or numbers as before"),
    Rule("reply-enum-ended", _BREAKING, "its class is gone, and code that names a member with it"),
    Rule("reply-constraint-tightened", _COMPATIBLE, "what still comes reads as before"),
    Rule("reply-constraint-loosened", _BREAKING, "clients out there refuse what comes now, or read None"),
    Rule("reply-constraint-changed", _BREAKING, "clients out there may refuse what comes now, or read None"),
    Rule("reply-object-closed", _COMPATIBLE, "what still comes reads as before"),
    Rule(
        "reply-object-opened",
        _COMPATIBLE,
        "a client out there reads on, and tells of unknown fields",
        "takes objects for closed; the client reads on",
    ),
    Rule("reply-alternative-added", _BREAKING, "something comes that nobody expects"),
    Rule("reply-alternative-removed", _COMPATIBLE, "what still comes reads as before"),
    Rule(
        "reply-discriminator-grown",
        _COMPATIBLE,
        "a client out there reads on by what fits, and tells of it",
    ),
    Rule("reply-discriminator-shrunk", _COMPATIBLE, "what still comes reads as before"),
    Rule(
        "reply-reads-otherwise",
        _BREAKING,
        "what still comes reads as something else in Python",
        "looks at what comes, and not at what reads it",
    ),
    Rule(
        "reply-schema-changed",
        _BREAKING,
        "what this keyword allows cannot be compared; look at it",
        "takes such a keyword for narrower where it comes; the client does not weigh it",
    ),
    # --- What no value depends on --------------------------------------------------------------------------------
    Rule("description-changed", _DOCUMENTATION, "it is for people"),
    Rule("source-changed", _DOCUMENTATION, "a fact is known from elsewhere now"),
    Rule("said-otherwise", _DOCUMENTATION, "no value is allowed or refused by it"),
)

# What changes in the Python surface, at which redocly does not look.
_SURFACE = (
    Rule("name-added", _COMPATIBLE, "nobody uses it yet"),
    Rule("name-removed", _BREAKING, "code that uses it fails"),
    Rule("class-renamed", _BREAKING, "code that uses the old name fails"),
    Rule("name-is-something-else", _BREAKING, "code that uses it as it was fails"),
    Rule("base-added", _COMPATIBLE, "what it was, it still is"),
    Rule("base-removed", _BREAKING, "isinstance and except no longer hold"),
    Rule("argument-added", _COMPATIBLE, "it may be left out"),
    Rule("required-argument-added", _BREAKING, "calls without it fail"),
    Rule("argument-removed", _BREAKING, "calls with it fail"),
    Rule("argument-required", _BREAKING, "calls without it fail"),
    Rule("argument-optional", _COMPATIBLE, "whoever gives it may go on"),
    Rule("argument-default-changed", _BREAKING, "leaving it out means something else now"),
    Rule("argument-given-otherwise", _BREAKING, "calls that give it by position fail"),
    Rule("argument-type-widened", _COMPATIBLE, "what was allowed still is"),
    Rule("argument-type-changed", _BREAKING, "type checkers refuse what was allowed"),
    Rule("type-narrowed", _COMPATIBLE, "what still comes is as before"),
    Rule("type-changed", _BREAKING, "type checkers meet a type that nobody expects"),
)

CONTRACT_RULES = {rule.name: rule for rule in _CONTRACT}
RULES = CONTRACT_RULES | {rule.name: rule for rule in _SURFACE}
