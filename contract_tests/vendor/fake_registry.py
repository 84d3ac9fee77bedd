"""A registry of packages on loopback, for tests: releases of the vendor's SDK as its generator writes them, made up."""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SOURCE = {
    "__init__": "raise SystemExit('nothing of a release is imported')\n",
    "_models": "class BaseModel:\n    model_config: int = 1\n",
    "_client": """
class Roark:
    def _make_status_error(self, err_msg, *, body, response):
        if response.status_code == 400:
            return BadRequestError(err_msg)
        if response.status_code >= 500:
            return InternalServerError(err_msg)
        return APIStatusError(err_msg)
""",
    "_base_client": """
class BaseClient:
    def _parse_retry_after_header(self, response_headers=None):
        return float(response_headers.get("retry-after"))
""",
    "resources/__init__": "from .integrations import IntegrationsResource\n",
    "resources/integrations": '''
from ..types import integration_create_vapi_call_params
from ..types.integration_create_vapi_call_response import IntegrationCreateVapiCallResponse


class IntegrationsResource(SyncAPIResource):
    def create_vapi_call(
        self,
        *,
        vapi_end_of_call_report_payload: Dict[str, object],
        properties: Dict[str, object] | Omit = omit,
        extra_headers: Headers | None = None,
        timeout: float | None = None,
    ) -> IntegrationCreateVapiCallResponse:
        """
        Process and upload a VAPI call

        Args:
          properties: Custom properties
        """
        return self._post(
            "/v1/vapi/call",
            body=maybe_transform(
                {"properties": properties}, integration_create_vapi_call_params.IntegrationCreateVapiCallParams
            ),
            options=make_request_options(extra_headers=extra_headers),
            cast_to=IntegrationCreateVapiCallResponse,
        )

    def close(self) -> None:
        self._client = None


class AsyncIntegrationsResource(AsyncAPIResource):
    async def create_vapi_call(self) -> None:
        return await self._post("/v1/async", cast_to=object)
''',
    "types/__init__": "",
    "types/integration_create_vapi_call_params": '''
from __future__ import annotations

from typing_extensions import Annotated, Required, TypedDict


class IntegrationCreateVapiCallParams(TypedDict, total=False):
    vapi_end_of_call_report_payload: Required[
        Annotated[Dict[str, object], PropertyInfo(alias="vapiEndOfCallReportPayload")]
    ]
    """Raw Vapi data"""

    properties: Dict[str, object]
''',
    "types/integration_create_vapi_call_response": '''
from .._models import BaseModel


class Data(BaseModel):
    call_id: str = FieldInfo(alias="callId")
    """ID of the uploaded call"""


class IntegrationCreateVapiCallResponse(BaseModel):
    data: Data
''',
}
"""A release with the Vapi call: its modules, by name below the package."""

WITHDRAWN = {"resources/integrations": "class IntegrationsResource(SyncAPIResource):\n    pass\n"}
"""What is otherwise in one that has the operation no longer."""

SKIPPING = {
    "types/integration_create_vapi_call_params": SOURCE["types/integration_create_vapi_call_params"]
    + '\n    skip_calls: Annotated[bool, PropertyInfo(alias="skipCalls")]\n    """Skip calls"""\n'
}
"""What is otherwise in one whose request has a field more."""


def make_wheel(folder: Path, release: str, otherwise: Mapping[str, str] = {}) -> Path:
    """A wheel of a release in a folder: `SOURCE`, save what is otherwise."""
    path = folder / f"roark_analytics-{release}-py3-none-any.whl"
    information = f"roark_analytics-{release}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {**SOURCE, **otherwise}.items():
            wheel.writestr(f"roark_analytics/{name}.py", text)
        wheel.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: roark-analytics\nVersion: {release}\n")
        wheel.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{information}/RECORD", "")
    return path


class FakeRegistry(ThreadingHTTPServer):
    """Serves the wheels of a folder and, as JSON, which there are, each uploaded on a day."""

    daemon_threads = True

    def __init__(self, folder: Path, day: str = "2026-11-29") -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.folder = folder
        self.day = day

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which pip asks this registry, and no other."""
        others = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT", "PIP_NO_INDEX")
        return {
            "PIP_INDEX_URL": f"http://127.0.0.1:{self.server_port}/simple",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_CACHE_DIR": "1",
            "PIP_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            **{name: "" for name in others if name in os.environ},
        }

    def page(self) -> dict[str, Any]:
        """The registry's page of the distribution."""
        files = [
            {
                "filename": path.name,
                "url": f"/files/{path.name}",
                "hashes": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
                "upload-time": f"{self.day}T10:00:00.000000Z",
            }
            for path in sorted(self.folder.iterdir())
        ]
        return {"meta": {"api-version": "1.1"}, "name": "roark-analytics", "files": files}


class _Answer(BaseHTTPRequestHandler):
    server: FakeRegistry

    def do_GET(self) -> None:
        """A page, or a wheel."""
        if self.path.startswith("/files/"):
            body, kind = (self.server.folder / Path(self.path).name).read_bytes(), "application/zip"
        else:
            body, kind = json.dumps(self.server.page()).encode(), "application/vnd.pypi.simple.v1+json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
