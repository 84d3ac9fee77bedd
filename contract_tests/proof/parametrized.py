"""Tests of each operation or page of a run, though what a run is about is not known where a module is imported.

`by_subject` marks a test as parametrized by a function of the subject. pytest asks that function when it collects the
test: see `pytest_generate_tests` in contract_tests/conftest.py.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from contract_tests import judge
from contract_tests.documents import read_documents
from contract_tests.subject import Subject
from scripts.contract import Operation

BY_SUBJECT = "by_subject"  # the marker


def _name(value: Any) -> str:
    """What an operation or a page is called in the name of its test."""
    return str(value.label if hasattr(value, "label") else value.name)


def by_subject(
    names: str, values: Callable[[Subject], Iterable[Any]], ids: Callable[[Any], str] = _name
) -> pytest.MarkDecorator:
    """`pytest.mark.parametrize`, with values that are known once there is a subject."""
    return pytest.mark.by_subject(names, values, ids)


def parametrized(mark: pytest.Mark, subject: Subject) -> pytest.Mark:
    """The mark of `pytest.mark.parametrize` that one of `by_subject` stands for."""
    names, values, ids = mark.args
    return pytest.mark.parametrize(names, list(values(subject)), ids=ids).mark


def _held(stated: Iterable[Operation]) -> list[Operation]:
    """Those of which a value can be made for each part; of the others `test_every_operation_is_held` tells."""
    from contract_tests.proof.held import is_held  # here, since it imports what generates a client

    return [each for each in stated if is_held(each)]


all_operations = by_subject("operation", lambda subject: subject.operations)
operations = by_subject("operation", lambda subject: _held(subject.operations))
with_body = by_subject("operation", lambda subject: _held(subject.operations_with_body))
with_reply = by_subject("operation", lambda subject: _held(subject.operations_with_reply))

pages = by_subject(
    "document", lambda subject: [each for each in read_documents(subject.documents) if judge.is_stated(each)]
)
