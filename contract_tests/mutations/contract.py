"""Changes of the contract: every keyword of every schema, and what it says of operations, replies and the server."""

from collections.abc import Callable, Iterator
from functools import partial

from contract_tests.mutations.change import ContractChange
from contract_tests.mutations.edits import Document, Edit, below, drop, put, rename
from contract_tests.mutations.schemas import schema_changes
from contract_tests.subject import Subject
from scripts.contract import METHODS, json_pointer

CALLERS = "callers, whose client no longer fits the server"
READERS = "whoever reads the contract for a fact"

_COVERED = "4XX says the same of this status"

_HEADER = {"name": "X-Request-Id", "in": "header", "schema": {"type": "string"}}
_REPLY_HEADER = {"X-Request-Id": {"required": True, "schema": {"type": "string"}}}
_MESSAGE = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


def changes(subject: Subject) -> Iterator[ContractChange]:
    """All changes of a contract."""
    document = subject.contract.document
    for each in schema_changes(document):
        yield ContractChange(
            family="contract: schemas",
            name=each.name,
            hurts=CALLERS if each.is_about_values else READERS,
            place=each.pointer,
            edit=each.edit,
        )
    for path, item in document["paths"].items():
        for method in [each for each in METHODS if each in item]:
            change = partial(_change, at=json_pointer(["paths", path, method]), of=f"{method.upper()} {path}: ")
            yield from _operation(item[method], change)
    yield from _paths(document)
    yield from _servers_and_token()
    yield from _shared_replies(document)
    yield from _retry_after()


def _change(
    name: str,
    edit: Edit,
    *,
    at: str = "",
    below_it: str = "",
    of: str = "",
    hurts: str = CALLERS,
    equivalent: str = "",
) -> ContractChange:
    """An edit of what stands at a pointer. Findings name that place, or the part `below_it`."""
    return ContractChange(
        family="contract: operations",
        name=of + name,
        hurts=hurts,
        place=at + below_it,
        equivalent=equivalent,
        edit=below(at, edit),
    )


def _operation(stated: Document, change: Callable[..., ContractChange]) -> Iterator[ContractChange]:
    yield change("operationId renamed", put("operationId", value=stated["operationId"] + "2"))
    yield change("tag renamed", put("tags", value=["Calls"]))
    yield change("x-source becomes ours", put("x-source", value="ours"), hurts=READERS)
    yield change("needs no token", put("security", value=[]))
    yield change("the token is optional", put("security", value=[{"bearerAuth": []}, {}]))
    yield change("header added", put("parameters", value=[_HEADER]))
    yield change("header added and required", put("parameters", value=[{**_HEADER, "required": True}]))
    if "content" in stated.get("requestBody", {}):
        yield from _body(stated["requestBody"], change)
    if "content" in stated["responses"].get("200", {}):
        yield from _reply(stated["responses"]["200"], change)
    for status in stated["responses"]:
        if status != "200":
            equivalent = _COVERED if status in ("400", "401") else ""
            edit = drop("responses", status)
            yield change(f"{status} removed", edit, below_it="/responses", equivalent=equivalent)
    yield change("302 added", put("responses", "302", value={"$ref": "#/components/responses/ClientError"}))


def _body(body: Document, change: Callable[..., ContractChange]) -> Iterator[ContractChange]:
    content = ("requestBody", "content")
    yield change("body no longer required", put("requestBody", "required", value=False))
    yield change("body described otherwise", put("requestBody", "description", value="A body"), hurts=READERS)
    yield change("body is merge-patch", rename(*content, "application/json", to="application/merge-patch+json"))
    yield change("body may be text", put(*content, "text/plain", value={"schema": {}}))
    yield change("body may be anything", put(*content, "application/json", "schema", value={}))
    for field in _example(body):
        edit = partial(_drop_from_example, field=field)
        yield change(f"example of {field} removed", edit, below_it="/requestBody", hurts=READERS)


def _reply(reply: Document, change: Callable[..., ContractChange]) -> Iterator[ContractChange]:
    at = ("responses", "200")
    yield change("200 becomes 201", rename(*at, to="201"))
    yield change("202 added", put("responses", "202", value=reply))
    yield change("reply described otherwise", put(*at, "description", value="Done"), hurts=READERS)
    yield change("reply may be anything", put(*at, "content", "application/json", "schema", value={}))
    yield change("reply is problem+json", rename(*at, "content", "application/json", to="application/problem+json"))
    yield change("reply without a body", drop(*at, "content"))
    yield change("header of the reply added", put(*at, "headers", value=_REPLY_HEADER))
    if _example(reply):
        yield change(
            "example of the reply removed", lambda each: _example(each["responses"]["200"]).clear(), hurts=READERS
        )


def _paths(document: Document) -> Iterator[ContractChange]:
    for path, item in document["paths"].items():
        change = partial(_change, at="/paths", below_it=json_pointer([path]), of=path)
        yield change(" moved", rename(path, to=f"{path}s"))
        yield change(" ends in a slash", rename(path, to=f"{path}/"))
        yield change(" removed", drop(path))
        if post := item.get("post"):
            again = {**post, "operationId": post["operationId"] + "Again"}
            yield change(" is PUT", rename(path, "post", to="put"))
            yield change(" can also be PUT", put(path, "put", value=again))


def _servers_and_token() -> Iterator[ContractChange]:
    yield _change("another server", put("servers", 0, "url", value="https://api.roark.example"))
    yield _change("a server more", lambda each: each["servers"].append({"url": "https://eu.roark.ai"}))
    yield _change("server without TLS", put("servers", 0, "url", value="http://api.roark.ai"))
    yield _change("no token at all", drop("security"))
    scheme = ("components", "securitySchemes", "bearerAuth")
    of_scheme = partial(_change, at=json_pointer(scheme))
    yield of_scheme("token by Basic", put("scheme", value="basic"))
    in_header = {"type": "apiKey", "in": "header", "name": "X-Api-Key"}
    yield of_scheme("token in a header of its own", lambda each: each.update(in_header))
    in_query = {"type": "apiKey", "in": "query", "name": "token"}
    yield of_scheme("token in the query", lambda each: each.update(in_query))
    yield _change("token described otherwise", put(*scheme, "description", value="A token"), hurts=READERS)
    yield _change("x-source of the token removed", drop(*scheme, "x-source"), hurts=READERS)


def _shared_replies(document: Document) -> Iterator[ContractChange]:
    content = ("content", "application/json")
    for name, reply in document["components"]["responses"].items():
        change = partial(_change, at=json_pointer(["components", "responses", name]), of=f"{name}: ")
        yield change("text, not JSON", rename(*content, to="text/plain"))
        yield change("must be a text", put(*content, "schema", value={"type": "string"}))
        yield change("must have a message", put(*content, "schema", value=_MESSAGE))
        yield change("x-source becomes sdk", put("x-source", value="sdk"), hurts=READERS)
        yield change("header added", put("headers", value={**reply.get("headers", {}), **_REPLY_HEADER}))
        if "headers" in reply:
            yield change("Retry-After removed", drop("headers"))


def _retry_after() -> Iterator[ContractChange]:
    change = partial(_change, at="/components/headers/RetryAfter", of="Retry-After ")
    yield change("is a number", put("schema", "type", value="integer"))
    yield change("is a date", put("schema", "format", value="date-time"))
    yield change("x-source becomes ours", put("x-source", value="ours"), hurts=READERS)


def _example(holder: Document) -> Document:
    """The first example of a request body or a reply that stands in it; nothing where it has none."""
    examples = holder["content"].get("application/json", {}).get("examples", {})
    value: Document = next((each["value"] for each in examples.values() if "value" in each), {})
    return value


def _drop_from_example(operation: Document, field: str) -> None:
    del _example(operation["requestBody"])[field]
