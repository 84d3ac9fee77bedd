"""A pattern means to the client what it means to ECMA-262, or it is not held."""

import pytest

from scripts.codegen.runtime.patterns import search_by

# A pattern, texts that match, and texts that do not.
PATTERNS: list[tuple[str, list[str], list[str]]] = [
    (r"^\d+$", ["12"], ["١٢", "1\n", ""]),
    (r"^\w$", ["a", "_"], ["é", "-"]),
    (r"^\W\D\S$", ["éé:"], ["aé:", "é1:", "éé "]),
    (r"^\s$", [" ", "\u00a0", "\ufeff", "\u2028"], ["\x1c", "\x85"]),
    (r"^.$", ["a", "\x85", "😀"], ["\n", "\r", "\u2028"]),
    (r"\bon\b", ["on", "é-on"], ["iron"]),
    (r"^a\/b\-c$", ["a/b-c"], []),
    (r"^\u0041\x42\cA\0\t\u{1F600}\uD83D\uDE00$", ["AB\x01\x00\t😀😀"], []),
    (r"^(?<year>\d{2})-\k<year>$", ["12-12"], ["12-13"]),
    (r"^(a|b)\1$", ["aa", "bb"], ["ab"]),
    (r"^\p{L}+$", ["aé日", "ª"], ["a1", "²", "Ⅷ"]),
    (r"^\P{L}+$", ["1²"], ["1a"]),
    (r"^\p{Uppercase_Letter}\p{gc=Nd}\p{LC}$", ["A1a", "É١É"], ["a1a", "A1日"]),
    (r"^[\p{Lu}\d_-]+$", ["ÉA1_-"], ["a"]),
    (r"^[^\p{L}\s]$", ["1"], ["é", "\ufeff"]),
    (r"^[\w.+-]+@[a-z\-.]+$", ["a.b+c-d@e-f.g"], ["é@a", "a@B"]),
    (r"^[-a\]\\[]+$", ["-a]\\["], ["b"]),
    (r"^[\d-x]$", ["1", "-", "x"], ["a"]),
    (r"^[+--]$", ["+", ",", "-"], ["."]),
    (r"^[--9]$", ["-", ".", "9"], ["+", ":"]),
    (r"^[a-\d]$", ["a", "-", "1"], ["b"]),
    (r"^[a-c-e]$", ["a", "b", "-", "e"], ["d"]),
    (r"^[\b]$", ["\x08"], ["b"]),
    (r"^[^]$", ["\n", "a"], [""]),
    (r"[]", [], ["", "a"]),
    (r"^a{2,3}b{,2}}$", ["aab{,2}}"], ["aabb}"]),
    (r"^(?=.*[a-z])(?!.*x)(?:.{2,}?)$", ["ab"], ["AB", "ax", "a"]),
    (r"(?<=\$)\d(?<!0)", ["$1"], ["1", "$0"]),
    (r"^[[&&~~||]+$", ["[&~|"], ["a"]),
    # Of Python, as its authors write it.
    (r"(?i)^(?P<a>a)\Z", ["A"], ["A\n"]),
]


@pytest.mark.parametrize(("pattern", "matching", "others"), PATTERNS)
def test_pattern_finds_what_it_says(pattern: str, matching: list[str], others: list[str]) -> None:
    """By the letter of ECMA-262: digits and letters of `\\d` and `\\w` are those of ASCII, and `$` is the very end."""
    search = search_by(pattern)
    assert search is not None
    assert [text for text in matching if not search(text)] == []
    assert [text for text in others if search(text)] == []


NOT_PYTHON = [r"\p{Script=Greek}", r"(?<=a+)b", "(", "[b-a]", "[a", r"\q", r"\p{Nonsense}", "a**", r"[\B]", r"[\1]"]


@pytest.mark.parametrize("pattern", NOT_PYTHON)
def test_pattern_that_python_cannot_say_is_not_held(pattern: str) -> None:
    """It finds nothing, and breaks nothing."""
    assert search_by(pattern) is None
