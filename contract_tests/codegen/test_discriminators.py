"""Which member of a union a value is of, its `discriminator` says: nothing else of the value does."""

from typing import Any

import pytest

from contract_tests.codegen.grown_client import GrownClient
from scripts.codegen.python import Python
from scripts.codegen.refusals import RefusedError

TEXT = {"type": "string"}


def named(name: str) -> dict[str, Any]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def an_object(*required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties."""
    return {"type": "object", "required": [*required], "properties": properties}


def one_of(*members: Any, of: str = "kind", **mapping: str) -> dict[str, Any]:
    """A union that a property tells apart."""
    discriminator = {"propertyName": of, "mapping": mapping} if mapping else {"propertyName": of}
    return {
        "oneOf": [named(each) if isinstance(each, str) else each for each in members],
        "discriminator": discriminator,
    }


SCHEMAS: dict[str, Any] = {
    # Any cat is a dog as well, but for its kind.
    "Cat": an_object("kind", "name", kind=TEXT, name=TEXT),
    "Dog": an_object("kind", "name", kind=TEXT, name=TEXT, bark=TEXT),
    "Pet": one_of("Cat", "Dog", cat="#/components/schemas/Cat", dog="Dog", hound="Dog"),
    "ByName": one_of("Cat", "Dog"),
    "Animal": one_of("Cat", an_object("kind", "wings", kind=TEXT, wings={"type": "integer"}), cat="Cat"),
    "Owner": an_object("first", first=named("Pet"), others={"type": "array", "items": named("Pet")}, last=named("Pet")),
    "Maybe": {"oneOf": [named("Pet"), {"type": "null"}]},
    "PetOrName": {**one_of("Cat", "Dog", TEXT, cat="Cat", dog="Dog")},
    # Members that say themselves which values they have.
    "Circle": an_object("type", "size", type={"const": "circle"}, size={"type": "number"}),
    "Square": an_object("type", "size", type={"enum": ["square", "box"]}, size={"type": "number"}),
    "Form": one_of("Circle", "Square", of="type"),
    "Line": an_object("type", "size", type={"const": "line"}, size={"type": "number"}),
    "Outline": one_of("Circle", "Line", of="type"),
    "Path": an_object("type", "size", type=TEXT, size={"type": "number"}, length={"type": "number"}),
    "Drawn": one_of("Form", "Path", of="type", path="Path"),
    # Unions in a union, of which each holds the other.
    "Round": {"anyOf": [named("Circle"), named("Straight")]},
    "Straight": {"anyOf": [named("Line"), named("Round")]},
    "Shape": one_of("Round", "Square", of="type"),
    "Catalogue": {"type": "object", "additionalProperties": named("Form")},
    # Beside what all members have, and by what takes in their parent.
    "Event": {**one_of("Started", "Ended", of="event"), **an_object("event", "id", event=TEXT, id=TEXT)},
    "Started": an_object(by=TEXT),
    "Ended": an_object("reason", reason=TEXT),
    "Vehicle": {
        **an_object("kind", "wheels", kind=TEXT, wheels={"type": "integer"}),
        "discriminator": {"propertyName": "kind", "mapping": {"car": "Car", "bike": "#/components/schemas/Bike"}},
    },
    "Car": {"allOf": [named("Vehicle"), an_object("doors", doors={"type": "integer"})]},
    "Bike": {"allOf": [named("Vehicle"), an_object(bell=TEXT)]},
    "Racer": {"allOf": [named("Bike")]},
    "Garage": an_object(vehicles={"type": "array", "items": named("Vehicle")}),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> GrownClient:
    """The client of these schemas."""
    return GrownClient.of(SCHEMAS, tmp_path_factory.mktemp("discriminators"))


# The name of a schema, a value, and the class that it reads as.
READINGS: list[tuple[str, dict[str, Any], str]] = [
    ("Pet", {"kind": "cat", "name": "Tom"}, "Cat"),
    ("Pet", {"kind": "dog", "name": "Rex"}, "Dog"),
    ("Pet", {"kind": "hound", "name": "Rex"}, "Dog"),
    ("ByName", {"kind": "Dog", "name": "Rex"}, "Dog"),
    ("Maybe", {"kind": "dog", "name": "Rex"}, "Dog"),
    ("PetOrName", {"kind": "dog", "name": "Rex"}, "Dog"),
    ("Form", {"type": "box", "size": 1}, "Square"),
    ("Drawn", {"type": "circle", "size": 1}, "Circle"),
    ("Drawn", {"type": "path", "size": 1}, "Path"),
    ("Shape", {"type": "circle", "size": 1}, "Circle"),
    ("Shape", {"type": "box", "size": 1}, "Square"),
    ("Event", {"event": "Ended", "id": "e", "reason": "r"}, "EventEnded"),
    ("Vehicle", {"kind": "car", "wheels": 4, "doors": 5}, "Car"),
    ("Vehicle", {"kind": "bike", "wheels": 2}, "Bike"),
    ("Vehicle", {"kind": "Racer", "wheels": 2}, "Racer"),
    ("Vehicle", {"kind": "Vehicle", "wheels": 1}, "Vehicle"),
]


@pytest.mark.parametrize(("name", "value", "kind"), READINGS)
def test_value_reads_as_what_its_property_names(name: str, value: Any, kind: str, client: GrownClient) -> None:
    """By the mapping, by the values that a member allows, else by its name; and it is sent as it came in."""
    read = client.read(name, value)
    assert type(read) is client.model(kind)
    assert client.told == []
    assert client.sent(name, value) == client.sent(name, read) == value


def test_members_are_told_apart_wherever_they_stand(client: GrownClient) -> None:
    """In a field, an array, a map."""
    owner = client.read(
        "Owner", {"first": {"kind": "dog", "name": "a"}, "others": [{"kind": "cat", "name": "b"}], "last": None}
    )
    assert (type(owner.first), type(owner.others[0])) == (client.model("Dog"), client.model("Cat"))
    drawn = client.read("Catalogue", {"a": {"type": "square", "size": 1}, "b": {"type": "circle", "size": 2}})
    assert (type(drawn["a"]), type(drawn["b"])) == (client.model("Square"), client.model("Circle"))
    garage = client.read("Garage", {"vehicles": [{"kind": "car", "wheels": 4, "doors": 5}]})
    assert type(garage.vehicles[0]) is client.model("Car")
    assert (client.read("Maybe", None), client.read("PetOrName", "Tom")) == (None, "Tom")


def test_member_that_no_text_names_has_any_other(client: GrownClient) -> None:
    """Beside a member that has no name of its own, no text is unknown: the value is of whichever it fits."""
    bird = {"kind": "bird", "wings": 2}
    assert client.read("Animal", bird).wings == 2
    assert client.told == []
    assert client.sent("Animal", bird) == bird


# The name of a schema, a value that does not fit the member that it names, and what is told of it.
MISFITS: list[tuple[str, Any, str, str]] = [
    ("Pet", {"kind": "dog", "name": "Rex", "bark": 1}, "/bark", "a string"),
    ("Pet", {"kind": "dog"}, "/name", "a string; it is required"),
    ("Drawn", {"type": "box", "size": "x"}, "/size", "a number"),
    ("Vehicle", {"kind": "car", "wheels": 4}, "/doors", "an integer; it is required"),
    ("Outline", {"type": "box", "size": 1}, "/type", "one of circle, line"),
    ("Outline", {"size": 1}, "/type", "one of circle, line; it is required"),
    ("Outline", {"type": 3, "size": 1}, "/type", "one of circle, line"),
]


@pytest.mark.parametrize(("name", "value", "pointer", "expected"), MISFITS)
def test_misfit_is_told_of_the_member_named(
    name: str, value: Any, pointer: str, expected: str, client: GrownClient
) -> None:
    """In a reply that it refuses and in a request; where the member allows it to be left out, it reads as None."""
    if pointer == "/bark":
        assert client.read(name, value).bark is None
        assert client.told == [f"wrong value {pointer}: {expected}"]
    else:
        with pytest.raises(client.package.APIResponseValidationError) as refused:
            client.read(name, value)
        assert [(each.pointer, each.expected) for each in refused.value.violations] == [(pointer, expected)]
    with pytest.raises(client.package.RoarkError, match=f"^{pointer[1:]}: expected {expected}"):
        client.sent(name, value)


@pytest.mark.parametrize("name", ["Pet", "PetOrName"])
def test_unknown_value_reads_as_what_fits(name: str, client: GrownClient) -> None:
    """As the first member, while it is told; and no request is sent with it."""
    value = {"kind": "bird", "name": "Tweety"}
    read = client.read(name, value)
    assert (type(read), read.kind) == (client.model("Cat"), "bird")
    assert client.told == [f"unknown value /kind: one of cat, dog{', hound' if name == 'Pet' else ''}"]
    assert read.to_dict() == value
    with pytest.raises(client.package.ArgumentValueError, match=r"^kind: expected one of cat, dog.*, got 'bird'$"):
        client.sent(name, value)


def test_unknown_child_reads_as_its_parent(client: GrownClient) -> None:
    """What only a new child of a parent has, is kept."""
    value = {"kind": "plane", "wheels": 3, "wings": 2}
    read = client.read("Vehicle", value)
    assert (type(read), read["wings"]) == (client.model("Vehicle"), 2)
    assert client.told == [
        "unknown value /kind: one of car, bike, Vehicle, Racer",
        "unknown field /wings: no field of this name",
    ]


def test_unknown_value_is_told_once(client: GrownClient) -> None:
    """Not by the union and then by the enum of the member that it reads as, which knows of its own values alone."""
    read = client.read("Form", {"type": "star", "size": 1})
    assert (type(read), read.type_) == (client.model("Square"), "star")
    assert client.told == ["unknown value /type: one of circle, square, box"]


def test_model_is_sent_as_what_it_says(client: GrownClient) -> None:
    """A model with the property of another one is held against that other one, as the server will."""
    dog = client.model("Dog")
    assert client.sent("Pet", dog(kind="dog", name="Rex")) == {"kind": "dog", "name": "Rex"}
    with pytest.raises(client.package.ArgumentTypeError, match=r"^type: expected one of circle, square, box"):
        client.sent("Form", {"type_": None, "size": 1})
    assert client.sent("Form", {"type_": "box", "size": 1}) == {"type": "box", "size": 1}


def test_mapping_to_nowhere_is_refused_by_its_place() -> None:
    """A name that no schema has stops the generation, by pointer."""
    union = one_of("A", "B", a="A", b="C")
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "components": {"schemas": {"A": an_object(kind=TEXT), "B": an_object(kind=TEXT), "U": union}},
    }
    with pytest.raises(RefusedError) as refused:
        Python(document)
    assert [str(each) for each in refused.value.faults] == [
        "#/components/schemas/U/discriminator/mapping/b: there is no schema 'C' in this contract"
    ]
