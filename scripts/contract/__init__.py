"""The one reader of contracts: a file with its lines becomes a document with references, operations, media types.

All others read a contract by what stands here. What a schema *means* is judged by three parties of their own, since a
fault in a judge that they share would never be seen: by the client (`codegen/runtime/schema.py`), by the proof
(`contract_tests/judge.py`) and by what weighs a change (`compat/schema.py`). May import nothing else of this project.
"""

from scripts.contract.components import component_name, component_pointer, heirs, reference_chain
from scripts.contract.document import Contract, parse, read
from scripts.contract.faults import ContractError, Fault
from scripts.contract.json_values import same_value, without
from scripts.contract.keywords import ANNOTATIONS, KEYWORDS, SUBSCHEMA, SUBSCHEMAS
from scripts.contract.media_types import Form, essence, is_json, is_media_type, is_range
from scripts.contract.operations import (
    METHODS,
    STATED_ELSEWHERE,
    WITHOUT_BODY,
    Body,
    MediaType,
    Operation,
    Parameter,
    examples_of,
    media_types,
    named_examples,
    read_operations,
)
from scripts.contract.place import Place, root
from scripts.contract.pointers import json_pointer, pointer_parts, value_at, value_or_none
from scripts.contract.references import direct_references, followed, pointer_of, reachable, reference, references

__all__ = [
    "ANNOTATIONS", "KEYWORDS", "METHODS", "STATED_ELSEWHERE", "SUBSCHEMA", "SUBSCHEMAS", "WITHOUT_BODY", "Body",
    "Contract", "ContractError", "Fault", "Form", "MediaType", "Operation", "Parameter", "Place", "component_name",
    "component_pointer", "direct_references", "essence", "examples_of", "followed", "heirs", "is_json",
    "is_media_type", "is_range", "json_pointer", "media_types", "named_examples", "parse", "pointer_of",
    "pointer_parts", "reachable", "read", "read_operations", "reference", "reference_chain", "references", "root",
    "same_value", "value_at", "value_or_none", "without",
]  # fmt: skip
