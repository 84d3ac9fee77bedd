"""The models and enums of the contract, and TypedDicts for who gives a dict in the place of a model."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .call import Call as Call
    from .call_analysis_job import CallAnalysisJob as CallAnalysisJob
    from .call_analysis_job_status import CallAnalysisJobStatus as CallAnalysisJobStatus
    from .call_analysis_request import CallAnalysisRequest as CallAnalysisRequest
    from .call_analysis_request import CallAnalysisRequestDict as CallAnalysisRequestDict
    from .call_analysis_request import CallAnalysisRequestJson as CallAnalysisRequestJson
    from .call_analysis_response import CallAnalysisResponse as CallAnalysisResponse
    from .call_direction import CallDirection as CallDirection
    from .call_participant import CallParticipant as CallParticipant
    from .call_properties import CallProperties as CallProperties
    from .call_status import CallStatus as CallStatus
    from .ended_status import EndedStatus as EndedStatus
    from .interface_type import InterfaceType as InterfaceType
    from .participant_input import ParticipantInput as ParticipantInput
    from .participant_input import ParticipantInputDict as ParticipantInputDict
    from .participant_input import ParticipantInputJson as ParticipantInputJson
    from .participant_role import ParticipantRole as ParticipantRole
    from .tool_invocation import ToolInvocation as ToolInvocation
    from .tool_invocation import ToolInvocationDict as ToolInvocationDict
    from .tool_invocation import ToolInvocationJson as ToolInvocationJson
    from .tool_parameters import ToolParameters as ToolParameters
    from .tool_result import ToolResult as ToolResult
    from .vapi_artifact import VapiArtifact as VapiArtifact
    from .vapi_assistant import VapiAssistant as VapiAssistant
    from .vapi_call import VapiCall as VapiCall
    from .vapi_call_properties import VapiCallProperties as VapiCallProperties
    from .vapi_call_request import VapiCallRequest as VapiCallRequest
    from .vapi_call_request import VapiCallRequestDict as VapiCallRequestDict
    from .vapi_call_request import VapiCallRequestJson as VapiCallRequestJson
    from .vapi_call_response import VapiCallResponse as VapiCallResponse
    from .vapi_call_upload import VapiCallUpload as VapiCallUpload
    from .vapi_customer import VapiCustomer as VapiCustomer
    from .vapi_end_of_call_report import VapiEndOfCallReport as VapiEndOfCallReport
    from .vapi_message import VapiMessage as VapiMessage
    from .vapi_monitor import VapiMonitor as VapiMonitor
    from .vapi_phone_number import VapiPhoneNumber as VapiPhoneNumber

__all__ = [
    "Call",
    "CallAnalysisJob",
    "CallAnalysisJobStatus",
    "CallAnalysisRequest",
    "CallAnalysisRequestDict",
    "CallAnalysisRequestJson",
    "CallAnalysisResponse",
    "CallDirection",
    "CallParticipant",
    "CallProperties",
    "CallStatus",
    "EndedStatus",
    "InterfaceType",
    "ParticipantInput",
    "ParticipantInputDict",
    "ParticipantInputJson",
    "ParticipantRole",
    "ToolInvocation",
    "ToolInvocationDict",
    "ToolInvocationJson",
    "ToolParameters",
    "ToolResult",
    "VapiArtifact",
    "VapiAssistant",
    "VapiCall",
    "VapiCallProperties",
    "VapiCallRequest",
    "VapiCallRequestDict",
    "VapiCallRequestJson",
    "VapiCallResponse",
    "VapiCallUpload",
    "VapiCustomer",
    "VapiEndOfCallReport",
    "VapiMessage",
    "VapiMonitor",
    "VapiPhoneNumber",
]

if not TYPE_CHECKING:
    from ..lazy import lazily

    __getattr__, __dir__ = lazily(
        __name__,
        {
            "Call": ".call",
            "CallAnalysisJob": ".call_analysis_job",
            "CallAnalysisJobStatus": ".call_analysis_job_status",
            "CallAnalysisRequest": ".call_analysis_request",
            "CallAnalysisResponse": ".call_analysis_response",
            "CallDirection": ".call_direction",
            "CallParticipant": ".call_participant",
            "CallProperties": ".call_properties",
            "CallStatus": ".call_status",
            "EndedStatus": ".ended_status",
            "InterfaceType": ".interface_type",
            "ParticipantInput": ".participant_input",
            "ParticipantRole": ".participant_role",
            "ToolInvocation": ".tool_invocation",
            "ToolParameters": ".tool_parameters",
            "ToolResult": ".tool_result",
            "VapiArtifact": ".vapi_artifact",
            "VapiAssistant": ".vapi_assistant",
            "VapiCall": ".vapi_call",
            "VapiCallProperties": ".vapi_call_properties",
            "VapiCallRequest": ".vapi_call_request",
            "VapiCallResponse": ".vapi_call_response",
            "VapiCallUpload": ".vapi_call_upload",
            "VapiCustomer": ".vapi_customer",
            "VapiEndOfCallReport": ".vapi_end_of_call_report",
            "VapiMessage": ".vapi_message",
            "VapiMonitor": ".vapi_monitor",
            "VapiPhoneNumber": ".vapi_phone_number",
            "CallAnalysisRequestDict": ".call_analysis_request",
            "CallAnalysisRequestJson": ".call_analysis_request",
            "ParticipantInputDict": ".participant_input",
            "ParticipantInputJson": ".participant_input",
            "ToolInvocationDict": ".tool_invocation",
            "ToolInvocationJson": ".tool_invocation",
            "VapiCallRequestDict": ".vapi_call_request",
            "VapiCallRequestJson": ".vapi_call_request",
        },
    )
