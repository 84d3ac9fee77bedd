"""The view of one contract that the templates are given: its classes and operations in Python."""

from collections.abc import Iterable, Mapping
from typing import Any

from openapi_python_client.parser.openapi import Endpoint

from scripts import contract
from scripts.codegen import names
from scripts.codegen.classes import EnumClass, ModelClass
from scripts.codegen.operations import PythonOperation, read_operations, with_fields
from scripts.codegen.refusals import RefusedError
from scripts.codegen.schemas import Schemas
from scripts.codegen.security import Security
from scripts.codegen.servers import Servers
from scripts.codegen.types import PythonType


def refused(document: Mapping[str, Any]) -> list[contract.Fault]:
    """All that the client cannot say of a contract."""
    try:
        Python(document)
    except RefusedError as error:
        return list(error.faults)
    return []


class Python:
    """The classes and operations of one contract.

    Raises `RefusedError` with all that the client cannot say of it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        schemas = Schemas(document)
        stated = list(contract.read_operations(schemas.root))
        self.security = Security(schemas.root, stated, schemas.refusals)
        self.servers = Servers(schemas.root, stated, schemas.refusals)
        operations = read_operations(schemas)
        schemas.read_fields()
        if faults := schemas.refusals.faults:
            raise RefusedError(faults)
        schemas.settle_dicts(each.type for one in operations for each in one.inputs)
        self.classes = schemas.classes
        self.operations = [with_fields(each, schemas) for each in operations]
        self._by_tag: dict[str, dict[str, PythonOperation]] = {}
        for each in self.operations:
            self._by_tag.setdefault(each.tag, {})[each.name] = each
        self.tags = list(self._by_tag)
        self.tag_documentation = _tag_documentation(document, self.tags)
        classes = [*self.classes, *(name for _, name in self.dicts())]
        self.resource_names = names.resource_names(self.tags, classes)

    def dicts(self) -> list[tuple[str, str]]:
        """The module and the name of each TypedDict."""
        models = [each for each in self.classes.values() if isinstance(each, ModelClass)]
        return sorted((model.module, each.name) for model in models for each in model.dicts)

    def operation(self, endpoint: Endpoint) -> PythonOperation:
        """The operation that the generator calls an endpoint."""
        (tag,) = endpoint.tags
        return self._by_tag[tag][endpoint.name]

    def of_tag(self, tag: str) -> list[PythonOperation]:
        """The operations of a tag."""
        return list(self._by_tag[tag].values())

    def attribute(self, tag: str) -> str:
        """The attribute of a client that holds the operations of a tag."""
        return self.of_tag(tag)[0].called.attribute

    def outline(self) -> dict[str, Any]:
        """What the generator is shown: which files to write. All that stands in them is said by this view."""
        schemas: dict[str, Any] = {}
        for name, each in self.classes.items():
            schemas[name] = {"type": "object"}
            if isinstance(each, EnumClass):
                value = each.values[0]
                schemas[name] = {"enum": [0], "type": "integer"} if isinstance(value, int) else {"enum": ["a"]}
        answers = {"204": {"description": ""}}
        return {
            "openapi": "3.1.0",
            "info": {key: self.document["info"][key] for key in ("title", "version")},
            "paths": {
                f"/{index}": {each.method.lower(): {"operationId": each.name, "tags": [each.tag], "responses": answers}}
                for index, each in enumerate(self.operations)
            },
            "components": {"schemas": schemas},
        }


def _tag_documentation(document: Mapping[str, Any], tags: Iterable[str]) -> dict[str, str]:
    """What the contract says of each tag; of several with one name in Python, the first that says something speaks."""
    described = [each for each in document.get("tags", []) if each.get("description")]
    said = {names.identifier(each.get("name", ""), "tag"): str(each["description"]) for each in reversed(described)}
    return {tag: said.get(tag, f"The operations of {tag}.") for tag in tags}


def imports(types: Iterable[PythonType]) -> list[tuple[str, str]]:
    """The module and the name of each generated class in these types."""
    return sorted({each for one in types for each in one.classes})


def annotations(types: Iterable[PythonType]) -> list[tuple[str, str]]:
    """The same, with each TypedDict."""
    types = list(types)
    return sorted({*imports(types), *(each for one in types for each in one.dicts)})
