"""The server takes what is rare and valid, and refuses what is nearly valid: chosen inputs, alone and together."""

from collections.abc import Sequence

from contract_tests import judge
from contract_tests.evidence import CONTRACT_SERVER, Evidence
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.asking import Asked, Asking
from contract_tests.proof.inputs import ABSENT, Input, Inputs, mixtures, read_inputs, smallest, upload
from contract_tests.proof.parametrized import operations
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
def test_chosen_inputs(operation: Operation, asking: Asking) -> None:
    """Each chosen input is accepted or refused, by the contract and by the server alike, alone and with others."""
    inputs = read_inputs().get(operation.label)
    if inputs is None:
        return
    trial = _Trial(operation, asking)
    if not trial.documented():
        return  # no input could be told to be the cause
    sound = [each for each in inputs.single if trial.alone(each) and each.is_accepted]
    trial.report_alone()
    _try_together(trial, inputs, sound)


# A reply; or none, since the server gave none or the gate before a real service kept the request back.
Outcome = Asked | NoAnswerError | NotSentError


class _Trial:
    """Uploads of chosen inputs to one operation."""

    def __init__(self, operation: Operation, asking: Asking) -> None:
        self.operation = operation
        self._asking = asking
        self._wrong: dict[tuple[str, bool, str], list[str]] = {}
        self._curl: dict[tuple[str, bool, str], str] = {}
        self._fewest: list[set[str]] = []
        self._usual: set[str] = set()
        """What is wrong with the reply to the documented upload already."""

    def documented(self) -> bool:
        """Try the documented upload as it is; whether it is accepted."""
        asked = self._asking.expect(
            self.operation, what="the example", status="200", place="request", check="documented_upload",
            source="documented",
        )  # fmt: skip
        if asked is None:
            return chosen().is_remote  # where what must be refused can be tried without it
        self._usual = self._faults(asked)
        return asked.status == 200

    def alone(self, tried: Input) -> bool:
        """Try an input in the documented upload; whether all was as it should be."""
        body = upload(self.operation.example(), [tried])
        schema = self.operation.request_schema()
        faults = []
        named = not any(
            tried.pointer == at or tried.pointer.startswith(f"{at}/")
            for at in judge.unknown_fields(judge.value_at(schema), body)
        )
        if tried.is_known != named and tried.value is not ABSENT:
            faults.append(
                "the contract names no such field for" if tried.is_known else "the contract knows the field of"
            )
        if judge.is_valid(schema, body) != tried.is_accepted:
            faults.append("the contract says otherwise of")
        asked = self._ask([tried])
        if fault := self._fault(asked, is_accepted=tried.is_accepted):
            faults.append(f"{fault} to")
        for each in faults:
            key = (tried.pointer, tried.is_accepted, each)
            self._wrong.setdefault(key, []).append(tried.name)
            if isinstance(asked, Asked):
                self._curl.setdefault(key, asked.curl())
        if self._asking.evidence.stop_at is not None:
            self.report_alone()
        if isinstance(asked, Asked):
            self._asking.report(asked, f"with {tried}")
            return not faults and self._faults(asked) <= self._usual
        return False

    def report_alone(self) -> None:
        """Report what went wrong, the inputs of one place and fault as one."""
        for (pointer, is_accepted, fault), names in self._wrong.items():
            verdict = "accepted" if is_accepted else "refused"
            shown = "; ".join(names[:SHOWN]) + (f"; and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
            self._asking.evidence.drift(
                operation=self.operation.label,
                place=f"request#{pointer}",
                message=f"must be {verdict}, {fault}: {shown}",
                request=self._curl.get((pointer, is_accepted, fault)),
                check="chosen_inputs",
                source=judge.source_of(self.operation.request_schema(), pointer),
            )

    def together(self, tried: Sequence[Input], what: str) -> None:
        """Try inputs that each are fine alone; where they fail together, name the fewest that do."""
        body = upload(self.operation.example(), tried)
        names = set(map(str, tried))
        if not tried or len(repr(body)) > MIXED_BYTES or any(known <= names for known in self._fewest):
            return
        asked = self._ask(tried)
        faults = self._faults(asked) - self._usual
        if not faults:
            return
        fewest = smallest(tried, lambda some: bool(faults & self._faults(self._ask(some))))
        self._fewest.append(set(map(str, fewest)))
        again = self._ask(fewest)
        shown = ", ".join(map(str, fewest))
        if isinstance(again, Asked):
            self._asking.report(again, f"with {shown}")
        if fault := self._fault(again, is_accepted=True):
            alone = "; each of them alone is accepted" if len(fewest) > 1 else ""
            self._asking.evidence.drift(
                operation=self.operation.label,
                place=f"request#{fewest[0].pointer}",
                message=f"{what}: must be accepted, {fault} to {shown}{alone}",
                request=again.curl() if isinstance(again, Asked) else None,
                check="inputs_together",
            )

    def _ask(self, tried: Sequence[Input]) -> Outcome:
        try:
            return self._asking.ask(self.operation, value=upload(self.operation.example(), tried))
        except (NoAnswerError, NotSentError) as outcome:
            return outcome

    def _faults(self, asked: Outcome) -> set[str]:
        """What is wrong with the reply to a valid upload, in words that are the same for the same fault."""
        if isinstance(asked, NoAnswerError):
            return {"no answer"}
        if isinstance(asked, NotSentError):
            return set()
        found = {f"{each.check} {each.place}" for each in asked.findings if not each.is_notice}
        return found | ({str(asked.status)} if asked.status != 200 else set())

    def _fault(self, asked: Outcome, *, is_accepted: bool) -> str | None:
        if isinstance(asked, NoAnswerError):
            return "the server gave no answer"
        if isinstance(asked, NotSentError):
            return None
        is_right = asked.status == 200 if is_accepted else 400 <= asked.status <= 499
        return None if is_right else f"the server answered {asked.status}"


SHOWN = 10  # names of inputs that one message lists


def _try_together(trial: _Trial, inputs: Inputs, sound: Sequence[Input]) -> None:
    for tried in mixtures(sound, MIXTURES, chosen().seed):
        trial.together(tried, "inputs together")
    for name, tried in inputs.together.items():
        trial.together(tried, name)
