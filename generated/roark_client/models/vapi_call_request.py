from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.vapi_call_properties import VapiCallProperties
    from ..models.vapi_end_of_call_report import VapiEndOfCallReport


T = TypeVar("T", bound="VapiCallRequest")


@_attrs_define
class VapiCallRequest:
    """One Vapi call - its raw report and whatever else the caller wants to keep with it.

    Attributes:
        vapi_end_of_call_report_payload (VapiEndOfCallReport): What Vapi's end-of-call-report webhook sends as
            `message`. Goes out exactly as it came in; real reports carry many more fields than are named here.
        properties (VapiCallProperties | Unset): Custom properties, any name and any JSON value.
    """

    vapi_end_of_call_report_payload: VapiEndOfCallReport
    properties: VapiCallProperties | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vapi_end_of_call_report_payload = self.vapi_end_of_call_report_payload.to_dict()

        properties: dict[str, Any] | Unset = UNSET
        if not isinstance(self.properties, Unset):
            properties = self.properties.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "vapiEndOfCallReportPayload": vapi_end_of_call_report_payload,
            }
        )
        if properties is not UNSET:
            field_dict["properties"] = properties

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vapi_call_properties import VapiCallProperties  # noqa: PLC0415
        from ..models.vapi_end_of_call_report import VapiEndOfCallReport  # noqa: PLC0415

        d = dict(src_dict)
        vapi_end_of_call_report_payload = VapiEndOfCallReport.from_dict(d.pop("vapiEndOfCallReportPayload"))

        _properties = d.pop("properties", UNSET)
        properties: VapiCallProperties | Unset
        if isinstance(_properties, Unset):
            properties = UNSET
        else:
            properties = VapiCallProperties.from_dict(_properties)

        vapi_call_request = cls(
            vapi_end_of_call_report_payload=vapi_end_of_call_report_payload,
            properties=properties,
        )

        vapi_call_request.additional_properties = d
        return vapi_call_request

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
