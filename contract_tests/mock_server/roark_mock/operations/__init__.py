"""The operations, each a module of its own that states it as `OPERATION`: found where they lie, listed nowhere."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from roark_mock.operation import Operation


def _stated(module_name: str) -> Operation[Any, Any]:
    operation = getattr(import_module(f"{__name__}.{module_name}"), "OPERATION", None)
    if not isinstance(operation, Operation):
        raise TypeError(f"{__name__}.{module_name} states no operation; expected OPERATION = Operation(…)")
    return operation


OPERATIONS = tuple(_stated(module.name) for module in iter_modules(__path__))
