"""Contains all the data models used in inputs/outputs"""

from .call import Call
from .call_analysis_job import CallAnalysisJob
from .call_analysis_job_status import CallAnalysisJobStatus
from .call_analysis_request import CallAnalysisRequest
from .call_analysis_response import CallAnalysisResponse
from .call_direction import CallDirection
from .call_participant import CallParticipant
from .call_status import CallStatus
from .interface_type import InterfaceType
from .participant_input import ParticipantInput
from .participant_role import ParticipantRole
from .vapi_artifact import VapiArtifact
from .vapi_assistant import VapiAssistant
from .vapi_call import VapiCall
from .vapi_call_properties import VapiCallProperties
from .vapi_call_request import VapiCallRequest
from .vapi_call_response import VapiCallResponse
from .vapi_call_upload import VapiCallUpload
from .vapi_customer import VapiCustomer
from .vapi_end_of_call_report import VapiEndOfCallReport
from .vapi_message import VapiMessage
from .vapi_monitor import VapiMonitor
from .vapi_phone_number import VapiPhoneNumber

__all__ = (
    "Call",
    "CallAnalysisJob",
    "CallAnalysisJobStatus",
    "CallAnalysisRequest",
    "CallAnalysisResponse",
    "CallDirection",
    "CallParticipant",
    "CallStatus",
    "InterfaceType",
    "ParticipantInput",
    "ParticipantRole",
    "VapiArtifact",
    "VapiAssistant",
    "VapiCall",
    "VapiCallProperties",
    "VapiCallRequest",
    "VapiCallResponse",
    "VapiCallUpload",
    "VapiCustomer",
    "VapiEndOfCallReport",
    "VapiMessage",
    "VapiMonitor",
    "VapiPhoneNumber",
)
