"""The operations, each a module of its own that states it as `OPERATION`: found where they lie, listed nowhere."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from roark_mock.operation import MockOperation


def _found() -> tuple[MockOperation[Any, Any, Any], ...]:
    """What each module here states. Raises TypeError for one that states nothing, or what another one does."""
    found: dict[str, MockOperation[Any, Any, Any]] = {}
    for name in sorted(module.name for module in iter_modules(__path__, f"{__name__}.")):
        operation = getattr(import_module(name), "OPERATION", None)
        if not isinstance(operation, MockOperation):
            raise TypeError(f"{name} states no operation; expected OPERATION = MockOperation(…)")
        if operation.label in found:
            raise TypeError(f"{name} states {operation.label}, as another module does")
        found[operation.label] = operation
    return tuple(found.values())


OPERATIONS = _found()
