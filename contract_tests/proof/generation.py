"""The contract as Schemathesis reads it, set up for this run."""

from functools import cache

import schemathesis
from schemathesis.specs.openapi.schemas import OpenApiSchema

from contract_tests.server import REPLY_SECONDS
from contract_tests.subject import chosen


@cache
def schema() -> OpenApiSchema:
    """The contract of this run, to make requests from."""
    subject = chosen()
    found = schemathesis.openapi.from_path(subject.spec)
    found.config.seed = subject.seed
    found.config.update(
        headers={"Authorization": f"Bearer {subject.token}"},
        request_timeout=REPLY_SECONDS,
        max_redirects=0,  # one could lead to another machine
    )
    found.config.generation.update(max_examples=subject.examples, database="none")
    # It wants 405 for each method that no document names; a server may say 404, as test_other_methods_are_refused
    # has it.
    found.config.checks.update(excluded_check_names=["unsupported_method"])
    return found
