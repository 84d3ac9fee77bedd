"""The server takes what is rare and valid, and refuses what is nearly valid: chosen inputs, alone and together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from requests import PreparedRequest

from contract_tests import judge
from contract_tests.evidence import CONTRACT_SERVER, Evidence
from contract_tests.impact import DISAGREEMENT, DOCUMENTED_UPLOAD, RULES, Impact
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.breaches import WrongPlace, wrong_places
from contract_tests.proof.curl import as_curl
from contract_tests.proof.inputs import Input, mixtures, read_inputs, smallest, upload
from contract_tests.proof.parametrized import operations
from contract_tests.proof.probe import CheckedExchange, Probe
from contract_tests.proof.refusals import fault_of, inputs_of, rule_of_refusal
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.traits import faults
from contract_tests.server import NoAnswerError, NotSentError
from contract_tests.subject import chosen
from scripts.contract import Operation

ABOUT = About(CONTRACT_SERVER, needs={Need.SERVER}, pace=Pace.SECONDS)

MIXTURES = 40  # uploads of random inputs together, an operation and run
MIXED_BYTES = 200_000  # larger ones are left out: every server has some limit, which no document states


def test_chosen_inputs_are_for_operations_of_the_contract(evidence: Evidence) -> None:
    """Each operation of the chosen inputs is one of the contract, so that none of its values is passed over."""
    known = {operation.label for operation in chosen().operations}
    for label in read_inputs():
        evidence.compare(
            operation=label, place="inputs", what="is in the contract", expected=True, actual=label in known
        )


@operations
def test_chosen_inputs(operation: Operation, probe: Probe) -> None:
    """Each chosen input is accepted or refused, by the contract and by the server alike, alone and with others."""
    inputs = read_inputs().get(operation.label)
    if inputs is None:
        return
    trial = _Trial(operation, probe)
    if not trial.documented():
        return  # no input could be told to be the cause
    sound = [each for each in inputs.single if trial.alone(each) and each.is_accepted]
    trial.report_alone()
    for tried in mixtures(sound, MIXTURES, chosen().seed):
        trial.together(tried, "inputs together")
    for name, tried in inputs.together.items():
        trial.together(tried, name)


# An exchange; or none, since the server gave no reply or the gate before a real service kept the request back.
ProbeResult = CheckedExchange | NoAnswerError | NotSentError


@dataclass
class _Tried:
    """An input that was tried alone: where it breaks the contract, and what became of it."""

    input: Input
    wrong: list[WrongPlace]
    disagreements: list[str] = field(default_factory=list)
    """What the contract says otherwise of it than the inputs do."""
    fault: str | None = None
    """What the server did otherwise than it should."""
    status: int = 0
    """What it answered; 0 where no answer came."""
    request: PreparedRequest | None = None

    @property
    def is_right(self) -> bool:
        """Whether all was as it should be."""
        return not self.fault and not self.disagreements


class _Mistake(NamedTuple):
    """What inputs of one place have in common that did not go as they should."""

    pointer: str
    is_accepted: bool
    """Whether they must be."""
    words: str
    """What the contract or the server does otherwise."""
    rule: str
    fault: str


class _Trial:
    """Uploads of chosen inputs to one operation."""

    def __init__(self, operation: Operation, probe: Probe) -> None:
        self.operation = operation
        self._probe = probe
        self._tried: list[_Tried] = []
        self._fewest: list[set[str]] = []
        self._usual: set[str] = set()
        """What is wrong with the reply to the documented upload already."""

    def documented(self) -> bool:
        """Try the documented upload as it is; whether it is accepted."""
        exchange = self._probe.expect(
            self.operation,
            what="the example",
            status="200",
            place="request",
            check="documented_upload",
            source="documented",
            rule="valid-request-refused",
            fault=DOCUMENTED_UPLOAD,
        )
        if exchange is None:
            return chosen().is_remote  # where what must be refused can be tried without it
        self._usual = self._faults(exchange)
        return exchange.answer.is_success

    def alone(self, tried: Input) -> bool:
        """Try an input in the documented upload; whether all was as it should be."""
        body = upload(self.operation.example(), [tried])
        schema = self.operation.request_schema()
        found = _Tried(tried, [*wrong_places(schema, body)])
        named = not any(
            tried.pointer == at or tried.pointer.startswith(f"{at}/")
            for at in judge.unknown_fields(judge.schema(schema), body)
        )
        if tried.is_known != named and tried.value is not NOTHING:
            found.disagreements.append(
                "the contract names no such field for" if tried.is_known else "the contract knows the field of"
            )
        if judge.is_valid(schema, body) != tried.is_accepted:
            found.disagreements.append("the contract says otherwise of")
        exchange = self._ask([tried])
        found.fault = self._fault(exchange, is_accepted=tried.is_accepted)
        if not isinstance(exchange, NotSentError):
            found.status = exchange.status if isinstance(exchange, CheckedExchange) else 0
            found.request = exchange.request
        self._tried.append(found)
        if self._probe.evidence.stop_at is not None:
            self.report_alone()
        if isinstance(exchange, CheckedExchange):
            self._probe.report(exchange, f"with {tried}")
            return found.is_right and self._faults(exchange) <= self._usual
        return False

    def report_alone(self) -> None:
        """Report what went wrong, the inputs of one place and fault as one."""
        for mistake, tried in self._mistakes().items():
            names = [each.input.name for each in tried]
            shown = "; ".join(names[:SHOWN]) + (f"; and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
            self._probe.evidence.drift(
                operation=self.operation.label,
                place=f"request#{mistake.pointer}",
                message=f"must be {'accepted' if mistake.is_accepted else 'refused'}, {mistake.words}: {shown}",
                request=min(filter(None, (as_curl(each.request) for each in tried)), key=len, default=None),
                check="chosen_inputs",
                rule=mistake.rule,
                fault=mistake.fault,
                source=judge.source_of(self.operation.request_schema(), mistake.pointer),
            )

    def _mistakes(self) -> dict[_Mistake, list[_Tried]]:
        """What went wrong, with the inputs that show it: valid ones that were refused, then all others."""
        refused = [each for each in self._tried if each.fault and each.input.is_accepted]
        taken = [each.input for each in self._tried if not each.fault and each.input.is_accepted]
        reasons = faults([each.input for each in refused], taken)
        self._probe.history.tried[self.operation.label] = (
            [(each.input, reason) for each, reason in zip(refused, reasons, strict=True)],
            taken,
        )
        found: dict[_Mistake, list[_Tried]] = {}
        for each, reason in zip(refused, reasons, strict=True):
            rule = rule_of_refusal(each.status, [each.input])
            found.setdefault(_Mistake(each.input.pointer, True, f"{each.fault} to", rule, reason), []).append(each)
        for each in self._tried:
            for words in each.disagreements:
                mistake = _Mistake(each.input.pointer, each.input.is_accepted, words, DISAGREEMENT, "")
                found.setdefault(mistake, []).append(each)
            if each.fault and not each.input.is_accepted:
                rule = "invalid-request-accepted" if 200 <= each.status <= 299 else "invalid-request-fails"
                fault = each.wrong[0].fault_of_request if each.wrong and each.status < 300 else ""
                found.setdefault(_Mistake(each.input.pointer, False, f"{each.fault} to", rule, fault), []).append(each)
        return found

    def together(self, tried: Sequence[Input], what: str) -> None:
        """Try inputs that each are fine alone; where they fail together, name the fewest that do."""
        body = upload(self.operation.example(), tried)
        names = set(map(str, tried))
        if not tried or len(repr(body)) > MIXED_BYTES or any(known <= names for known in self._fewest):
            return
        exchange = self._ask(tried)
        faults = self._faults(exchange) - self._usual
        if not faults:
            return
        fewest = self._fewest_of(self._fewest_of(tried, faults), faults, inside=True)
        self._fewest.append(set(map(str, fewest)))
        again = self._ask(fewest)
        shown = ", ".join(map(str, fewest))
        if isinstance(again, CheckedExchange):
            self._probe.report(again, f"with {shown}")
        if fault := self._fault(again, is_accepted=True):
            status = again.status if isinstance(again, CheckedExchange) else 0
            alone = "; each of them alone is accepted" if len(fewest) > 1 else ""
            self._probe.evidence.drift(
                operation=self.operation.label,
                place=f"request#{fewest[0].pointer}",
                message=f"{what}: must be accepted, {fault} to {shown}{alone}",
                request=None if isinstance(again, NotSentError) else as_curl(again.request),
                check="inputs_together",
                rule=rule_of_refusal(status, fewest),
                fault=fault_of(self.operation, fewest, status, self._probe),
            )

    def _fewest_of(self, tried: Sequence[Input], faults: set[str], *, inside: bool = False) -> Sequence[Input]:
        """The fewest inputs that have one of these faults; `inside`, of the values within them."""
        example, schema = self.operation.example(), self.operation.request_schema()
        parts = inputs_of(self.operation, upload(example, tried)) if inside and not chosen().is_remote else tried

        def fails(some: Sequence[Input]) -> bool:
            return judge.is_valid(schema, upload(example, some)) and bool(faults & self._faults(self._ask(some)))

        return smallest(parts, fails) if parts is tried or fails(parts) else tried

    def _ask(self, tried: Sequence[Input]) -> ProbeResult:
        try:
            return self._probe.ask(self.operation, value=upload(self.operation.example(), tried))
        except (NoAnswerError, NotSentError) as error:
            return error

    def _faults(self, exchange: ProbeResult) -> set[str]:
        """What is wrong with the reply to a valid upload, in words that are the same for the same fault."""
        if isinstance(exchange, NoAnswerError):
            return {"no answer"}
        if isinstance(exchange, NotSentError):
            return set()
        found = {f"{each.check} {each.place}" for each in exchange.findings if RULES[each.rule].impact >= Impact.LOSES}
        return found | (set() if exchange.answer.is_success else {str(exchange.status)})

    def _fault(self, exchange: ProbeResult, *, is_accepted: bool) -> str | None:
        if isinstance(exchange, NoAnswerError):
            return "the server gave no answer"
        if isinstance(exchange, NotSentError):
            return None
        is_right = exchange.answer.is_success if is_accepted else 400 <= exchange.status <= 499
        return None if is_right else f"the server answered {exchange.status}"


SHOWN = 10  # names of inputs that one message lists
