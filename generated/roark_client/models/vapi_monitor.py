from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="VapiMonitor")


@_attrs_define
class VapiMonitor:
    """Where the live call could be listened to.

    Attributes:
        listen_url (None | str | Unset): URL of the live audio; `wss://` in real life
    """

    listen_url: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        listen_url: None | str | Unset
        if isinstance(self.listen_url, Unset):
            listen_url = UNSET
        else:
            listen_url = self.listen_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if listen_url is not UNSET:
            field_dict["listenUrl"] = listen_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_listen_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        listen_url = _parse_listen_url(d.pop("listenUrl", UNSET))

        vapi_monitor = cls(
            listen_url=listen_url,
        )

        vapi_monitor.additional_properties = d
        return vapi_monitor

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
