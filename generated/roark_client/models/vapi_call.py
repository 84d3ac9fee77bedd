from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.vapi_monitor import VapiMonitor


T = TypeVar("T", bound="VapiCall")


@_attrs_define
class VapiCall:
    """The call as Vapi knows it.

    Attributes:
        id (str): Vapi's ID of the call
        type_ (None | str | Unset): Kind of call, such as `inboundPhoneCall`, `outboundPhoneCall`, `webCall` or
            `vapi.websocketCall`
        monitor (None | Unset | VapiMonitor): Where the live call could be listened to
        org_id (Any | Unset): Vapi's ID of the organisation
    """

    id: str
    type_: None | str | Unset = UNSET
    monitor: None | Unset | VapiMonitor = UNSET
    org_id: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.vapi_monitor import VapiMonitor  # noqa: PLC0415

        id = self.id

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        else:
            type_ = self.type_

        monitor: dict[str, Any] | None | Unset
        if isinstance(self.monitor, Unset):
            monitor = UNSET
        elif isinstance(self.monitor, VapiMonitor):
            monitor = self.monitor.to_dict()
        else:
            monitor = self.monitor

        org_id = self.org_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if monitor is not UNSET:
            field_dict["monitor"] = monitor
        if org_id is not UNSET:
            field_dict["orgId"] = org_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vapi_monitor import VapiMonitor  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_type_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        def _parse_monitor(data: object) -> None | Unset | VapiMonitor:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                monitor_type_0 = VapiMonitor.from_dict(data)

                return monitor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VapiMonitor, data)

        monitor = _parse_monitor(d.pop("monitor", UNSET))

        org_id = d.pop("orgId", UNSET)

        vapi_call = cls(
            id=id,
            type_=type_,
            monitor=monitor,
            org_id=org_id,
        )

        vapi_call.additional_properties = d
        return vapi_call

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
