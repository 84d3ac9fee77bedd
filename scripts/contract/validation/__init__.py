"""Whether a document can be used as a contract. What is wrong is told all at once, and each cause once.

`structure` asks the schemas of OpenAPI and JSON Schema, `keywords` knows slips that these allow, `references` sees
where references lead, `operations` what has to go together, and `values` judges what schemas state by the schemas.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from scripts.contract.faults import Fault
from scripts.contract.parts import Parts
from scripts.contract.validation.keywords import keyword_faults
from scripts.contract.validation.operations import operation_faults
from scripts.contract.validation.references import reference_faults
from scripts.contract.validation.structure import structure_of
from scripts.contract.validation.values import value_faults


def document_faults(document: Any, unread: Set[str] = frozenset()) -> list[Fault]:
    """What is wrong with a document, but for the values at these pointers, for which others stand in."""
    if not isinstance(document, dict):
        return [Fault("is not an OpenAPI document: expected a mapping at the top", "")]
    if fault := _version_fault(document):
        return [fault]
    parts = Parts(document)
    structure = structure_of(parts)
    known = [*keyword_faults(parts), *reference_faults(parts, structure.misspelt)]  # which say more of what they know
    others = [*structure.faults, *operation_faults(parts, structure.misspelt)]
    told = unread | {each.pointer for each in known}
    faults = [*known, *(each for each in dict.fromkeys(others) if each.pointer not in told)]
    return faults + list(value_faults(parts, {*unread, *(each.pointer or "" for each in faults)}))


def _version_fault(document: dict[str, Any]) -> Fault | None:
    """A document of another version is one fault: by the rules of 3.1 it would be many."""
    version = document.get("openapi")
    if isinstance(version, str) and version.startswith("3.1."):
        return None
    if "openapi" not in document and "swagger" in document:
        return Fault(f"expected OpenAPI 3.1, got Swagger {document['swagger']}; convert it", "/swagger")
    if "openapi" not in document:
        return Fault("expected OpenAPI 3.1; write openapi: 3.1.0", "/openapi")
    words = f"expected OpenAPI 3.1, got {version!r}"
    if str(version) == "3.1":
        return Fault(f"{words}; write '3.1.0'", "/openapi")
    if isinstance(version, str) and version.startswith("3.0"):
        return Fault(
            f"{words}; convert it: null, exclusive bounds and examples of schemas are written otherwise", "/openapi"
        )
    return Fault(words, "/openapi")
