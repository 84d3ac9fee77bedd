"""The contract as Schemathesis reads it, set up for this run."""

import schemathesis

from contract_tests.server import REPLY_SECONDS
from contract_tests.subject import chosen

schema = schemathesis.openapi.from_path(chosen().spec)
schema.config.seed = chosen().seed
schema.config.update(
    headers={"Authorization": f"Bearer {chosen().token}"},
    request_timeout=REPLY_SECONDS,
    max_redirects=0,  # one could lead to another machine
)
schema.config.generation.update(max_examples=chosen().examples, database="none")
# It wants 405 for each method that no document names; a server may say 404, as test_other_methods_are_refused has it.
schema.config.checks.update(excluded_check_names=["unsupported_method"])
