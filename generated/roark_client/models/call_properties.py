"""Custom properties of a call, any name and any JSON value."""

from __future__ import annotations

from typing import Any

from ..model import Model, model
from ..schema import (
    ANY,
    Fields,
)


@model
class CallProperties(Model):
    """Custom properties of a call, any name and any JSON value."""

    def __init__(
        self,
        /,  # a further field may be called self
        **additional_properties: Any,
    ) -> None:
        self._construct(
            {
                **additional_properties,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""

        return Fields((), ANY)
