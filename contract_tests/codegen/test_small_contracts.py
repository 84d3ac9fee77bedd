"""A contract of next to nothing becomes a client all the same."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.commands import succeed
from contract_tests.type_checkers import STRICT
from scripts.codegen import generator
from scripts.contract import parse

REPORT = {"type": "object", "properties": {"kind": {"type": "string"}}}
TOLD = {
    "post": {
        "requestBody": {"content": {"application/json": {"schema": REPORT}}},
        "responses": {"200": {"description": "Taken"}},
    }
}
TEXT = {"200": {"description": "It lives", "content": {"application/json": {"schema": {"type": "string"}}}}}

# What a contract has beside version and title, and what its client is asked: `models` is that package.
SMALL: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"paths": {}}, "models.__all__ == []"),
    "components alone": ({"components": {"schemas": {"Report": REPORT}}}, "models.Report(kind='a').kind == 'a'"),
    "webhooks alone": ({"webhooks": {"ended": TOLD}}, "models.__all__ == []"),
    "webhooks and what they send": (
        {"webhooks": {"ended": TOLD}, "components": {"schemas": {"Report": REPORT}}},
        "models.Report.from_dict({'kind': 'a'}).kind == 'a'",
    ),
    "no object and no enum": (
        {"paths": {"/ping": {"get": {"operationId": "ping", "responses": TEXT}}}},
        "client.default.ping and models.__all__ == []",
    ),
}


@pytest.mark.whole_run
@pytest.mark.parametrize("name", SMALL)
def test_client_of_a_small_contract(name: str, tmp_path: Path) -> None:
    """It is written, imports, makes its clients and passes mypy strict."""
    said, question = SMALL[name]
    document = {"openapi": "3.1.0", "info": {"title": "Small", "version": "1"}, **said}
    generator.write_client(parse(tmp_path / "openapi.yaml", json.dumps(document).encode()), tmp_path / "generated")
    folder = tmp_path / "generated"
    script = (
        "from roark_client import AsyncRoark, Roark, models; "
        "client, _ = (each(bearer_token='t', base_url='http://127.0.0.1:1') for each in (Roark, AsyncRoark)); "
        f"assert {question}"
    )
    succeed(sys.executable, "-P", "-c", script, folder=folder, PYTHONPATH=str(folder))
    (folder / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    succeed(sys.executable, "-m", "mypy", f"--cache-dir={tmp_path / 'cache'}", "roark_client", folder=folder)
