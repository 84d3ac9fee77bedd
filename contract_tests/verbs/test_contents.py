"""What the proof takes a body for by its media type, which it says without asking whoever writes the client."""

import pytest

from contract_tests import contents
from contract_tests.contents import Form
from scripts.contract import read_operations, root

FORMS = {
    "application/json": Form.JSON,
    "application/problem+json": Form.JSON,
    "text/csv": Form.TEXT,
    "application/xml": Form.TEXT,
    "image/svg+xml": Form.TEXT,
    "application/yaml": Form.TEXT,
    "application/x-yaml": Form.TEXT,
    "application/jsonl": Form.TEXT,
    "application/x-ndjson": Form.TEXT,
    "application/javascript": Form.TEXT,
    "application/graphql": Form.TEXT,
    "application/x-sh": Form.TEXT,
    "application/sql": Form.TEXT,
    "application/toml": Form.TEXT,
    "application/pdf": Form.BYTES,
    "audio/wav": Form.BYTES,
}


@pytest.mark.parametrize(("media_type", "form"), FORMS.items(), ids=FORMS)
def test_form_of_a_body_follows_from_its_media_type(media_type: str, form: Form) -> None:
    """A media type that is known to be text is text to the proof as it is to the client, and no bytes."""
    reply = {"description": "Done", "content": {media_type: {"schema": {"type": "string"}}}}
    (operation,) = read_operations(root({"paths": {"/a": {"get": {"responses": {"200": reply}}}}}))
    content = contents.read(operation)
    assert content is not None
    assert content.form is form
