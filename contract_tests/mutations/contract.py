"""Changes of the contract: every keyword of every schema, and what it says of operations, replies and the server."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from contract_tests.mutations.change import ContractChange
from contract_tests.mutations.schemas import Document, schema_changes
from contract_tests.subject import Subject
from scripts.contract import METHODS, json_pointer

CALLERS = "callers, whose client no longer fits the server"
READERS = "whoever reads the contract for a fact"

_COVERED = "4XX says the same of this status"


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
            yield from _operation(document, path, method)
    yield from _whole(document)


def _operation(document: Document, path: str, method: str) -> Iterator[ContractChange]:
    pointer = json_pointer(["paths", path, method])
    definition = document["paths"][path][method]

    def change(
        name: str, edit: Callable[[Document], Any], *, at: str = "", hurts: str = CALLERS, equivalent: str = ""
    ) -> ContractChange:
        def edit_operation(document: Document) -> None:
            edit(document["paths"][path][method])

        return ContractChange(
            family="contract: operations",
            name=f"{method.upper()} {path}: {name}",
            hurts=hurts,
            place=pointer + at,
            equivalent=equivalent,
            edit=edit_operation,
        )

    yield change("operationId renamed", lambda each: each.update(operationId=each["operationId"] + "2"))
    yield change("tag renamed", lambda each: each.update(tags=["Calls"]))
    yield change("x-source becomes ours", lambda each: each.update({"x-source": "ours"}), hurts=READERS)
    yield change("needs no token", lambda each: each.update(security=[]))
    yield change("the token is optional", lambda each: each.update(security=[{"bearerAuth": []}, {}]))
    header = {"name": "X-Request-Id", "in": "header", "schema": {"type": "string"}}
    yield change("header added", lambda each: each.update(parameters=[header]))
    yield change("header added and required", lambda each: each.update(parameters=[{**header, "required": True}]))
    if "content" in definition.get("requestBody", {}):
        yield from _body(definition["requestBody"], change)
    if "content" in definition["responses"].get("200", {}):
        yield from _reply(definition["responses"]["200"], change)
    for status in definition["responses"]:
        if status != "200":
            covered = status in ("400", "401")
            yield change(
                f"{status} removed",
                partial(_pop_reply, status=status),
                at="/responses",
                equivalent=_COVERED if covered else "",
            )
    yield change(
        "302 added", lambda each: each["responses"].update({"302": {"$ref": "#/components/responses/ClientError"}})
    )


def _body(body: Document, change: Callable[..., ContractChange]) -> Iterator[ContractChange]:
    yield change("body no longer required", lambda each: each["requestBody"].update(required=False))
    yield change(
        "body described otherwise", lambda each: each["requestBody"].update(description="A body"), hurts=READERS
    )
    yield change(
        "body is merge-patch", lambda each: _renamed(each["requestBody"]["content"], "application/merge-patch+json")
    )
    yield change("body may be text", lambda each: each["requestBody"]["content"].update({"text/plain": {"schema": {}}}))
    yield change(
        "body may be anything", lambda each: each["requestBody"]["content"]["application/json"].update(schema={})
    )
    for field in _example(body):
        yield change(
            f"example of {field} removed",
            partial(_pop_from_example, field=field),
            at="/requestBody",
            hurts=READERS,
        )


def _reply(reply: Document, change: Callable[..., ContractChange]) -> Iterator[ContractChange]:
    yield change("200 becomes 201", lambda each: each["responses"].update({"201": each["responses"].pop("200")}))
    yield change("202 added", lambda each: each["responses"].update({"202": reply}))
    yield change(
        "reply described otherwise", lambda each: each["responses"]["200"].update(description="Done"), hurts=READERS
    )
    yield change(
        "reply may be anything", lambda each: each["responses"]["200"]["content"]["application/json"].update(schema={})
    )
    yield change(
        "reply is problem+json", lambda each: _renamed(each["responses"]["200"]["content"], "application/problem+json")
    )
    yield change("reply without a body", lambda each: each["responses"]["200"].pop("content"))
    yield change("header of the reply added", lambda each: each["responses"]["200"].update(headers=_required_header()))
    if _example(reply):
        yield change(
            "example of the reply removed", lambda each: _example(each["responses"]["200"]).clear(), hurts=READERS
        )


def _whole(document: Document) -> Iterator[ContractChange]:
    yield from _paths(document)
    yield from _servers_and_token()
    yield from _shared_replies(document)
    yield from _retry_after()


def _change(name: str, edit: Callable[[Document], Any], *, place: str = "", hurts: str = CALLERS) -> ContractChange:
    return ContractChange(family="contract: operations", name=name, hurts=hurts, place=place, edit=edit)


def _paths(document: Document) -> Iterator[ContractChange]:
    for path, item in document["paths"].items():
        at = json_pointer(["paths", path])
        yield _change(f"{path} moved", partial(_move_path, old=path, new=f"{path}s"), place=at)
        yield _change(f"{path} ends in a slash", partial(_move_path, old=path, new=f"{path}/"), place=at)
        yield _change(f"{path} removed", partial(_pop_path, path=path), place=at)
        if "post" in item:
            yield _change(f"{path} is PUT", partial(_make_put, path=path), place=at)
            yield _change(f"{path} can also be PUT", partial(_copy_to_put, path=path), place=at)


def _servers_and_token() -> Iterator[ContractChange]:
    yield _change("another server", lambda each: each["servers"][0].update(url="https://api.roark.example"))
    yield _change("a server more", lambda each: each["servers"].append({"url": "https://eu.roark.ai"}))
    yield _change("server without TLS", lambda each: each["servers"][0].update(url="http://api.roark.ai"))
    yield _change("no token at all", lambda each: each.pop("security"))
    scheme = "/components/securitySchemes/bearerAuth"
    for name, edit in {
        "token by Basic": {"scheme": "basic"},
        "token in a header of its own": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        "token in the query": {"type": "apiKey", "in": "query", "name": "token"},
    }.items():
        yield _change(name, partial(_change_scheme, change=edit), place=scheme)
    yield _change("token described otherwise", lambda each: _scheme(each).update(description="A token"), hurts=READERS)
    yield _change("x-source of the token removed", lambda each: _scheme(each).pop("x-source"), hurts=READERS)


def _shared_replies(document: Document) -> Iterator[ContractChange]:
    for name, reply in document["components"]["responses"].items():
        at = json_pointer(["components", "responses", name])

        def of(edit: Callable[[Document], Any], name: str = name) -> Callable[[Document], None]:
            return lambda each: edit(each["components"]["responses"][name])

        yield _change(f"{name}: text, not JSON", of(lambda each: _renamed(each["content"], "text/plain")), place=at)
        yield _change(f"{name}: must be a text", of(lambda each: _schema(each, {"type": "string"})), place=at)
        yield _change(f"{name}: must have a message", of(lambda each: _schema(each, _MESSAGE)), place=at)
        yield _change(
            f"{name}: x-source becomes sdk", of(lambda each: each.update({"x-source": "sdk"})), place=at, hurts=READERS
        )
        yield _change(
            f"{name}: header added",
            of(lambda each: each.update(headers={**each.get("headers", {}), **_required_header()})),
            place=at,
        )
        if "headers" in reply:
            yield _change(f"{name}: Retry-After removed", of(lambda each: each.pop("headers")), place=at)


def _retry_after() -> Iterator[ContractChange]:
    at = "/components/headers/RetryAfter"
    yield _change("Retry-After is a number", lambda each: _retry(each)["schema"].update(type="integer"), place=at)
    yield _change("Retry-After is a date", lambda each: _retry(each)["schema"].update(format="date-time"), place=at)
    yield _change(
        "Retry-After x-source becomes ours",
        lambda each: _retry(each).update({"x-source": "ours"}),
        place=at,
        hurts=READERS,
    )


_MESSAGE = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


def _example(holder: Document) -> Document:
    """The first example of a request body or a reply that stands in it; nothing where it has none."""
    examples = holder["content"].get("application/json", {}).get("examples", {})
    value: Document = next((each["value"] for each in examples.values() if "value" in each), {})
    return value


def _scheme(document: Document) -> Document:
    scheme: Document = document["components"]["securitySchemes"]["bearerAuth"]
    return scheme


def _retry(document: Document) -> Document:
    header: Document = document["components"]["headers"]["RetryAfter"]
    return header


def _schema(reply: Document, schema: Document) -> None:
    reply["content"]["application/json"]["schema"] = schema


def _required_header() -> Document:
    return {"X-Request-Id": {"required": True, "schema": {"type": "string"}}}


def _renamed(content: Document, media_type: str) -> None:
    content[media_type] = content.pop("application/json")


def _pop_from_example(operation: Document, field: str) -> None:
    del _example(operation["requestBody"])[field]


def _pop_reply(operation: Document, status: str) -> None:
    del operation["responses"][status]


def _pop_path(document: Document, path: str) -> None:
    del document["paths"][path]


def _move_path(document: Document, old: str, new: str) -> None:
    document["paths"][new] = document["paths"].pop(old)


def _make_put(document: Document, path: str) -> None:
    item = document["paths"][path]
    item["put"] = item.pop("post")


def _copy_to_put(document: Document, path: str) -> None:
    item = document["paths"][path]
    item["put"] = {**item["post"], "operationId": item["post"]["operationId"] + "Again"}


def _change_scheme(document: Document, change: Document) -> None:
    _scheme(document).update(change)
