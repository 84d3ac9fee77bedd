"""The one reader of contracts: a file with its lines becomes a document with references, operations, media types.

All others read a contract by what stands here. What a schema *means* is judged by three parties of their own, since a
fault in a judge that they share would never be seen: by the client (`codegen/runtime/schema.py`), by the proof
(`contract_tests/judge.py`) and by what weighs a change (`compat/schema.py`). May import nothing else of this project.
"""

from scripts.contract.components import component_name as component_name
from scripts.contract.components import component_pointer as component_pointer
from scripts.contract.components import heirs as heirs
from scripts.contract.components import reference_chain as reference_chain
from scripts.contract.document import Contract as Contract
from scripts.contract.document import parse as parse
from scripts.contract.document import read as read
from scripts.contract.faults import ContractError as ContractError
from scripts.contract.faults import Fault as Fault
from scripts.contract.faults import fault_in_text as fault_in_text
from scripts.contract.json_values import same_value as same_value
from scripts.contract.json_values import without as without
from scripts.contract.keywords import ANNOTATIONS as ANNOTATIONS
from scripts.contract.keywords import SUBSCHEMA as SUBSCHEMA
from scripts.contract.keywords import SUBSCHEMAS as SUBSCHEMAS
from scripts.contract.media_types import Form as Form
from scripts.contract.media_types import essence as essence
from scripts.contract.media_types import is_json as is_json
from scripts.contract.media_types import is_media_type as is_media_type
from scripts.contract.media_types import is_range as is_range
from scripts.contract.operations import METHODS as METHODS
from scripts.contract.operations import STATED_ELSEWHERE as STATED_ELSEWHERE
from scripts.contract.operations import WITHOUT_BODY as WITHOUT_BODY
from scripts.contract.operations import Body as Body
from scripts.contract.operations import MediaType as MediaType
from scripts.contract.operations import Operation as Operation
from scripts.contract.operations import Parameter as Parameter
from scripts.contract.operations import examples_of as examples_of
from scripts.contract.operations import media_types as media_types
from scripts.contract.operations import named_examples as named_examples
from scripts.contract.operations import read_operations as read_operations
from scripts.contract.place import Place as Place
from scripts.contract.place import root as root
from scripts.contract.pointers import json_pointer as json_pointer
from scripts.contract.pointers import pointer_parts as pointer_parts
from scripts.contract.pointers import value_at as value_at
from scripts.contract.pointers import value_or_none as value_or_none
from scripts.contract.references import direct_references as direct_references
from scripts.contract.references import followed as followed
from scripts.contract.references import pointer_of as pointer_of
from scripts.contract.references import reachable as reachable
from scripts.contract.references import reference as reference
from scripts.contract.references import references as references
