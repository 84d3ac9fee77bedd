"""A contract is YAML 1.2 or JSON, read with the line of each part; what the text cannot be read for is told by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.subject import ROOT
from scripts.benchmark.growth import SHAPES
from scripts.contract import Contract, ContractError, Fault, parse, read

START = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


def document(text: str, name: str = "contract.yaml") -> dict[str, Any]:
    """What a text says that is a contract."""
    return parse(Path(name), text.encode()).document


def said(value: str) -> Any:
    """What a value says in YAML that stands in an extension."""
    return document(f"{START}x-said: {value}\n")["x-said"]


def faults_of(content: str | bytes, name: str = "contract.yaml") -> list[Fault]:
    """What is told of a file."""
    with pytest.raises(ContractError) as error:
        parse(Path(name), content.encode() if isinstance(content, str) else content)
    return list(error.value.faults)


@pytest.mark.parametrize("spec", [ROOT / "openapi.yaml", SHAPES])
@pytest.mark.parametrize("name", ["contract.json", "contract.yaml"])
@pytest.mark.parametrize(("indent", "ascii_only"), [(None, True), (1, True), (2, False)])
def test_json_says_what_yaml_says(spec: Path, name: str, indent: int | None, ascii_only: bool) -> None:
    """The same contract as JSON, in any spelling and under any name, is the same document, and knows its lines."""
    whole = read(spec)
    text = json.dumps(whole.document, indent=indent, ensure_ascii=ascii_only)
    same = parse(Path(name), text.encode())
    assert same.document == whole.document
    assert list(same.document["components"]["schemas"]) == list(whole.document["components"]["schemas"])
    lines = text.split("\n")
    for schema in same.document["components"]["schemas"]:
        line = same.root.below("components", "schemas", schema).line
        assert line
        assert json.dumps(schema, ensure_ascii=ascii_only) in lines[line - 1]


def test_flow_style_is_yaml() -> None:
    """What starts as JSON and is none may be YAML, whose flow style looks the same; not where the name says JSON."""
    text = """{"openapi": 3.1.0, "info": {title: T, version: '1'}, "paths": {}}  # in short"""
    assert document(text) == document(START)
    (fault,) = faults_of(text, "contract.json")
    assert fault.reason.startswith("is not valid JSON at column 13: ")
    (fault,) = faults_of(text.replace("{}}", "{"), "contract.yaml")
    assert fault.reason.startswith("is not valid JSON at column 13: ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, -5, +5, 0o17, 0x1F, 0777]", [1, -5, 5, 15, 31, 777]),
        ("[1.5, .5, 1., 1e3, -1.5E-2, 1_000, 12:30]", [1.5, 0.5, 1.0, 1000.0, -0.015, "1_000", "12:30"]),
        ("[true, True, FALSE, yes, on, No, y]", [True, True, False, "yes", "on", "No", "y"]),
        ("[2025-02-11, 2025-02-11T01:04:32.737Z]", ["2025-02-11", "2025-02-11T01:04:32.737Z"]),
        ("[null, ~, Null, '', , ]", None),
        ("['1', \"true\", !!str 5, ! 5, !!float 5]", ["1", "true", "5", "5", 5.0]),
        ("{a: &a {b: 1}, c: *a, d: {<<: *a, e: 2}}", {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1, "e": 2}}),
        ("\"a\\/b\\x41\\u00e9\"", "a/bAé"),
        ("\"\\ud83d\\udc4d \\\\ud83d \\uD83D\\uDE80\"", "👍 \\ud83d 🚀"),
        ("'\\ud83d\\udc4d'", "\\ud83d\\udc4d"),
        ("^[\\ud83d\\udc4d]$", "^[\\ud83d\\udc4d]$"),
        ("a\u2028b\x85c", "a\u2028b\x85c"),
    ],
)  # fmt: skip
def test_yaml_is_that_of_version_1_2(text: str, value: Any) -> None:
    """Scalars are what the core schema of YAML 1.2 makes of them, and JSON's escapes mean what they mean in JSON."""
    if value is None:
        text, value = "[null, ~, Null, '']", [None, None, None, ""]
    assert said(text) == value


def test_escaped_pairs_are_one_character_everywhere() -> None:
    """Halves of a surrogate pair in JSON are joined in keys, names, patterns and texts."""
    schema = {"type": "object", "properties": {"👍": {"enum": ["👍", "👎"], "pattern": "^[👍👎]$"}}, "required": ["👍"]}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "🚀", "version": "1"},
        "paths": {"/👍": {"get": {"summary": "Get 🚀", "responses": {"200": {"description": "👍"}}}}},
        "components": {"schemas": {"A": schema, "B": {"$ref": "#/components/schemas/A/properties/👍"}}},
    }
    text = json.dumps(whole)
    assert "\\ud83d\\ude80" in text
    assert document(text, "contract.json") == document(text) == whole
    assert document(text.replace("{", "{ # no JSON\n", 1)) == whole


# A text, and what is told of it: the line, and words; the pointer of what is read although it says what JSON cannot.
UNREADABLE = {
    "a tab": (f"{START}x-a:\n\tb: 1\n", 5, "a tab stands where only spaces may", None),
    "a quote that never closes": (f"{START}x-a: 'b\nx-c: 1\n", 4, "the quote that opens here is never closed", None),
    "a quote that closes too late": (
        f'{START}x-a: "b\nx-c: "d"\n', 4, "the quote that opens here closes in line 5", None,
    ),
    "a quote within quotes": (f"{START}x-a: 'it's'\n", 4, "has to be written as ''", None),
    "a second colon": (f"{START}x-a: b: c\n", 4, "a ': ' too many", None),
    "a bracket that is not closed": (f"{START}x-a: [1, 2\nx-b: 3\n", 5, "that opens in line 4", None),
    "an at sign": (f"{START}x-a: @b\n", 4, "a text that begins with @ has to stand in quotes", None),
    "an escape that is none": (f'{START}x-a: "\\d"\n', 4, "write \\\\ for a backslash", None),
    "an indentation that fits nothing": (f"{START}x-a:\n    b: 1\n  c: 1\n", 6, "look at indentation and quotes", None),
    "a line that says nothing": (f"{START}x-a\nx-b: 1\n", 4, "neither 'key: value' nor", None),
    "a list in a line": (f"{START}x-a: - b\n", 4, "a list begins on a line of its own", None),
    "a control character": (f"{START}x-a: \x07\n", 4, "the control character U+0007", None),
    "two documents": (f"{START}---\nx-a: 1\n", 4, "a second document begins", None),
    "a list as a key": (f"{START}? [a]\n: b\n", 4, "the key is no text but a list", None),
    "an alias as a key": (f"{START}x-a: &a b\n*a : c\n", 5, "the key is an alias; write it out", None),
    "a repeated key": (f"{START}x-a: 1\nx-a: 2\n", 5, 'duplicate key "x-a", which stands in line 4 already', "/x-a"),
    "a number as a key": (f"{START}x-a: {{5: a}}\n", 4, "put it in quotes: '5'", "/x-a/5"),
    "no number": (f"{START}x-a: [.nan]\n", 4, "is .nan, which JSON cannot say", "/x-a/0"),
    "a number without an end": (f"{START}x-a: 1e999\n", 4, "more than a number of JSON can be", "/x-a"),
    "a number of many digits": (f"{START}x-a: {'9' * 5000}\n", 4, "is a number of 5000 digits", "/x-a"),
    "a mark": (f"{START}x-a: !ours b\n", 4, "is marked !ours, which JSON cannot say", "/x-a"),
    "a mark that does not fit": (f"{START}x-a: !!int b\n", 4, "is marked !!int, which 'b' is not", "/x-a"),
    "an alias of nothing": (f"{START}x-a: *b\n", 4, "*b names nothing", "/x-a"),
    "an alias of what it stands in": (f"{START}x-a: &a {{b: [*a]}}\n", 4, "an alias of something that it", "/x-a/b/0"),
    "a merge of no mapping": (f"{START}x-a: {{<<: b}}\n", 4, "takes in something that is no mapping", "/x-a/<<"),
    "half a pair": (f'{START}x-a: "\\ud83d"\n', 4, "half of a surrogate pair", "/x-a"),
    "the other half": (f'{START}x-a: {{"\\udc4d": 1}}\n', 4, "holds \\udc4d, half of", "/x-a/\ufffd"),
    "nothing": ("", 1, "expected a mapping at the top", ""),
    "a list": ("- a\n", 1, "expected a mapping at the top", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_text_that_is_no_contract_is_told_by_line(name: str) -> None:
    """What a text says that is no YAML, or that JSON cannot say, is told once, where it stands."""
    text, line, words, pointer = UNREADABLE[name]
    (fault,) = faults_of(text)
    assert (fault.line, fault.pointer) == (line, pointer)
    assert words in fault.reason
    assert pointer is not None or fault.reason.startswith("is not valid YAML: ")


# A text that is no JSON: line, column and words.
NO_JSON = {
    '{"a": 1,\n "b": 2\n "c": 3}': (3, 2, "expected a comma or the } of what begins in line 1, got '\"'"),
    '{"a": [1,\n 2,]}': (2, 4, "leave the comma out"),
    "{\n'a': 1}": (2, 1, "expected a key in double quotes"),
    '{"a" 1}': (1, 6, 'expected a colon after the key "a"'),
    '{"a": }': (1, 7, "expected a value, got '}'"),
    '{"a": NaN}': (1, 7, "expected a value, got 'NaN'"),
    '{"a": 01}': (1, 7, "expected a value, got '01'"),
    '{"a":\n "b\n"}': (2, 4, "expected the end of the text that begins in column 2"),
    '{"a": "\\d"}': (1, 8, "expected an escape of JSON"),
    '{"a": "\t"}': (1, 8, "expected \\u0009 in the place of the control character"),
    '{"a": 1} x': (1, 10, "expected the end of the file, got 'x'"),
    '{"a": [1}': (1, 9, "expected a comma or the ]"),
    '{"a": {': (1, 8, "expected a key in double quotes, got the end of the file"),
    "": (1, 1, "expected a value, got the end of the file"),
    "openapi: 3.1.0": (1, 1, "expected a value, got 'openapi'"),
}


@pytest.mark.parametrize("text", NO_JSON)
def test_text_that_is_no_json_is_told_by_line_and_column(text: str) -> None:
    """A file whose name says JSON has to be JSON; where it is not, line and column say where to look."""
    line, column, words = NO_JSON[text]
    (fault,) = faults_of(text, "contract.json")
    assert fault.line == line
    assert fault.reason.startswith(f"is not valid JSON at column {column}: ")
    assert words in fault.reason


@pytest.mark.parametrize(
    ("said", "pointer", "words"),
    [
        ('{"a": 1,\n"a": 2}', "/x-a/a", 'duplicate key "a", which stands in line 4 already'),
        ('[0,\n1e999]', "/x-a/1", "is 1e999, more than a number of JSON can be"),
        (f'[0,\n{"9" * 5000}]', "/x-a/1", "is a number of 5000 digits"),
        ('["a",\n"\\ud83d\\ud83d"]', "/x-a/1", "holds \\ud83d, half of a surrogate pair"),
    ],
)  # fmt: skip
def test_json_that_says_too_much_is_told_by_line_and_pointer(said: str, pointer: str, words: str) -> None:
    """A key that stands twice, a number that no other program reads, and half a character are faults in JSON too."""
    text = f'{{"openapi": "3.1.0",\n"info": {{"title": "T", "version": "1"}},\n"paths": {{}},\n"x-a": {said}}}'
    for name in ("contract.json", "contract.yaml"):
        (fault,) = faults_of(text, name)
        assert (fault.line, fault.pointer) == (5, pointer)
        assert words in fault.reason


def test_what_was_read_before_a_text_breaks_off_is_told_too() -> None:
    """Where a text cannot be read any further, what was found so far is told with it."""
    faults = faults_of(f"{START}x-a: .nan\nx-b: [1\n")
    assert [each.line for each in faults] == [4, 6]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (START.encode("utf-16"), "is not UTF-8 at byte 0, but UTF-16; save it as UTF-8"),
        (START.encode() + b"x-a: \xe9\n", f"is not UTF-8 at byte {len(START) + 5}"),
    ],
)
def test_other_encodings_are_told(content: bytes, words: str) -> None:
    """A file is UTF-8; the line of what is not is told."""
    (fault,) = faults_of(content)
    assert fault.reason == words
    assert fault.line == (1 if content.startswith(b"\xff") else 4)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_marks_and_line_ends_change_nothing(line_end: str) -> None:
    """A byte order mark and the line ends of Windows are no part of what a file says."""
    content = b"\xef\xbb\xbf" + f"{START}x-a: 1\nx-a: 2\n".replace("\n", line_end).encode()
    assert [each.line for each in faults_of(content)] == [5]


def test_nothing_is_read_for_minutes() -> None:
    """What is nested without an end, or unfolds to more than any memory holds, is a fault like any other."""
    unfolding = "x-0: &a0 [1]\n" + "".join(f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    for text, name in [
        ("[" * 10_000, "contract.yaml"),
        ("{a: " * 10_000, "contract.yaml"),
        ('{"a":' * 10_000, "contract.json"),
        ("- " * 10_000 + "a", "contract.yaml"),
    ]:
        (fault,) = faults_of(text, name)
        assert "is nested more than 100 deep" in fault.reason
        assert fault.line == 1
    (fault,) = faults_of(START + unfolding)
    assert "its aliases unfold to more than 1,000,000 values" in fault.reason
    assert (fault.line, fault.pointer) == (10, "/x-6/3")


def test_lines_of_what_is_taken_in_are_those_where_it_stands() -> None:
    """A part that YAML repeats or merges stands where it is written."""
    whole: Contract = parse(
        Path("contract.yaml"), f"{START}x-a: &a\n  b: 1\nx-c:\n  <<: *a\n  d: 2\nx-e: *a\n".encode()
    )
    assert [whole.root.below("x-c", key).line for key in ("b", "d")] == [5, 8]
    assert [whole.root.below(*keys).line for keys in (["x-c"], ["x-e"], ["x-e", "b"])] == [6, 9, 5]
