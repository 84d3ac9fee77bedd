from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.vapi_artifact import VapiArtifact
    from ..models.vapi_assistant import VapiAssistant
    from ..models.vapi_call import VapiCall
    from ..models.vapi_customer import VapiCustomer
    from ..models.vapi_phone_number import VapiPhoneNumber


T = TypeVar("T", bound="VapiEndOfCallReport")


@_attrs_define
class VapiEndOfCallReport:
    """What Vapi's end-of-call-report webhook sends as `message`. Goes out exactly as it came in; real reports carry many
    more fields than are named here.

        Attributes:
            type_ (str): Kind of Vapi message, `end-of-call-report`
            call (VapiCall): The call as Vapi knows it.
            status (None | str | Unset): Status of the call
            assistant (None | Unset | VapiAssistant): The assistant that spoke
            customer (None | Unset | VapiCustomer): The customer who spoke
            phone_number (None | Unset | VapiPhoneNumber): The phone number that was called, or called from
            artifact (None | Unset | VapiArtifact): What the call left behind - recordings and messages
            started_at (None | str | Unset): When the call started (ISO 8601 format, with an offset)
            ended_at (None | str | Unset): When the call ended (ISO 8601 format, with an offset)
            ended_reason (None | str | Unset): Why the call ended. More than 600 values are published, and their number
                grows.
            analysis (Any | Unset): What Vapi itself made of the call
            costs (Any | Unset): What the call cost, item by item
            transcript (Any | Unset): The whole conversation as text
            duration_seconds (Any | Unset): Duration of the call in seconds
    """

    type_: str
    call: VapiCall
    status: None | str | Unset = UNSET
    assistant: None | Unset | VapiAssistant = UNSET
    customer: None | Unset | VapiCustomer = UNSET
    phone_number: None | Unset | VapiPhoneNumber = UNSET
    artifact: None | Unset | VapiArtifact = UNSET
    started_at: None | str | Unset = UNSET
    ended_at: None | str | Unset = UNSET
    ended_reason: None | str | Unset = UNSET
    analysis: Any | Unset = UNSET
    costs: Any | Unset = UNSET
    transcript: Any | Unset = UNSET
    duration_seconds: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.vapi_artifact import VapiArtifact  # noqa: PLC0415
        from ..models.vapi_assistant import VapiAssistant  # noqa: PLC0415
        from ..models.vapi_customer import VapiCustomer  # noqa: PLC0415
        from ..models.vapi_phone_number import VapiPhoneNumber  # noqa: PLC0415

        type_ = self.type_

        call = self.call.to_dict()

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        else:
            status = self.status

        assistant: dict[str, Any] | None | Unset
        if isinstance(self.assistant, Unset):
            assistant = UNSET
        elif isinstance(self.assistant, VapiAssistant):
            assistant = self.assistant.to_dict()
        else:
            assistant = self.assistant

        customer: dict[str, Any] | None | Unset
        if isinstance(self.customer, Unset):
            customer = UNSET
        elif isinstance(self.customer, VapiCustomer):
            customer = self.customer.to_dict()
        else:
            customer = self.customer

        phone_number: dict[str, Any] | None | Unset
        if isinstance(self.phone_number, Unset):
            phone_number = UNSET
        elif isinstance(self.phone_number, VapiPhoneNumber):
            phone_number = self.phone_number.to_dict()
        else:
            phone_number = self.phone_number

        artifact: dict[str, Any] | None | Unset
        if isinstance(self.artifact, Unset):
            artifact = UNSET
        elif isinstance(self.artifact, VapiArtifact):
            artifact = self.artifact.to_dict()
        else:
            artifact = self.artifact

        started_at: None | str | Unset
        if isinstance(self.started_at, Unset):
            started_at = UNSET
        else:
            started_at = self.started_at

        ended_at: None | str | Unset
        if isinstance(self.ended_at, Unset):
            ended_at = UNSET
        else:
            ended_at = self.ended_at

        ended_reason: None | str | Unset
        if isinstance(self.ended_reason, Unset):
            ended_reason = UNSET
        else:
            ended_reason = self.ended_reason

        analysis = self.analysis

        costs = self.costs

        transcript = self.transcript

        duration_seconds = self.duration_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "call": call,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status
        if assistant is not UNSET:
            field_dict["assistant"] = assistant
        if customer is not UNSET:
            field_dict["customer"] = customer
        if phone_number is not UNSET:
            field_dict["phoneNumber"] = phone_number
        if artifact is not UNSET:
            field_dict["artifact"] = artifact
        if started_at is not UNSET:
            field_dict["startedAt"] = started_at
        if ended_at is not UNSET:
            field_dict["endedAt"] = ended_at
        if ended_reason is not UNSET:
            field_dict["endedReason"] = ended_reason
        if analysis is not UNSET:
            field_dict["analysis"] = analysis
        if costs is not UNSET:
            field_dict["costs"] = costs
        if transcript is not UNSET:
            field_dict["transcript"] = transcript
        if duration_seconds is not UNSET:
            field_dict["durationSeconds"] = duration_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vapi_artifact import VapiArtifact  # noqa: PLC0415
        from ..models.vapi_assistant import VapiAssistant  # noqa: PLC0415
        from ..models.vapi_call import VapiCall  # noqa: PLC0415
        from ..models.vapi_customer import VapiCustomer  # noqa: PLC0415
        from ..models.vapi_phone_number import VapiPhoneNumber  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type")

        call = VapiCall.from_dict(d.pop("call"))

        def _parse_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_assistant(data: object) -> None | Unset | VapiAssistant:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                assistant_type_0 = VapiAssistant.from_dict(data)

                return assistant_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VapiAssistant, data)

        assistant = _parse_assistant(d.pop("assistant", UNSET))

        def _parse_customer(data: object) -> None | Unset | VapiCustomer:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                customer_type_0 = VapiCustomer.from_dict(data)

                return customer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VapiCustomer, data)

        customer = _parse_customer(d.pop("customer", UNSET))

        def _parse_phone_number(data: object) -> None | Unset | VapiPhoneNumber:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                phone_number_type_0 = VapiPhoneNumber.from_dict(data)

                return phone_number_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VapiPhoneNumber, data)

        phone_number = _parse_phone_number(d.pop("phoneNumber", UNSET))

        def _parse_artifact(data: object) -> None | Unset | VapiArtifact:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                artifact_type_0 = VapiArtifact.from_dict(data)

                return artifact_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VapiArtifact, data)

        artifact = _parse_artifact(d.pop("artifact", UNSET))

        def _parse_started_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        started_at = _parse_started_at(d.pop("startedAt", UNSET))

        def _parse_ended_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ended_at = _parse_ended_at(d.pop("endedAt", UNSET))

        def _parse_ended_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ended_reason = _parse_ended_reason(d.pop("endedReason", UNSET))

        analysis = d.pop("analysis", UNSET)

        costs = d.pop("costs", UNSET)

        transcript = d.pop("transcript", UNSET)

        duration_seconds = d.pop("durationSeconds", UNSET)

        vapi_end_of_call_report = cls(
            type_=type_,
            call=call,
            status=status,
            assistant=assistant,
            customer=customer,
            phone_number=phone_number,
            artifact=artifact,
            started_at=started_at,
            ended_at=ended_at,
            ended_reason=ended_reason,
            analysis=analysis,
            costs=costs,
            transcript=transcript,
            duration_seconds=duration_seconds,
        )

        vapi_end_of_call_report.additional_properties = d
        return vapi_end_of_call_report

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
