"""What was accepted, by operation: the lists whose types an editor knows."""

from typing import Any

from roark_mock.operation import MockOperation
from roark_mock.operations import create_call_analysis as call_analysis
from roark_mock.operations import create_vapi_call as vapi_call
from roark_mock.uploads import ReplyT, RequestT, UploadList, Uploads


class TypedUploads(Uploads):
    """The last accepted uploads, all of them in order, and those of each operation with their types."""

    def of(self, operation: MockOperation[RequestT, Any, ReplyT]) -> UploadList[RequestT, ReplyT | None]:
        """Those of one operation, which its module states as `OPERATION`."""
        return UploadList(self._record, operation.name)

    @property
    def call_analyses(self) -> UploadList[call_analysis.CallAnalysisRequest, call_analysis.CallAnalysisResponse | None]:
        """Those of `createCallAnalysis`."""
        return self.of(call_analysis.OPERATION)

    @property
    def vapi_calls(self) -> UploadList[vapi_call.VapiCallRequest, vapi_call.VapiCallResponse | None]:
        """Those of `createVapiCall`."""
        return self.of(vapi_call.OPERATION)
