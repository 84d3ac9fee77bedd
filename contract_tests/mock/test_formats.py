"""What the mock takes for a date-time and for a URI."""

from collections.abc import Callable

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roark_mock.formats import is_date_time, is_uri


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2025-02-11T01:04:32.737Z", True),
        ("2025-05-19T23:13:32+08:00", True),
        ("2025-02-11t01:04:32z", True),
        ("2025-02-11T01:04:32.000000000000000000000001Z", True),
        ("2025-02-11T01:04:32-00:00", True),
        ("2025-02-11T01:04:32+23:59", True),
        ("2024-02-29T00:00:00Z", True),
        ("2000-02-29T00:00:00Z", True),
        ("0000-02-29T00:00:00Z", True),
        ("9999-12-31T23:59:59Z", True),
        ("2016-12-31T23:59:60Z", True),
        ("2017-01-01T00:59:60+01:00", True),
        ("2016-12-31T15:59:60.5-08:00", True),
        ("", False),
        ("2025-02-11", False),
        ("2025-02-11 01:04:32Z", False),
        ("2025-02-11T01:04Z", False),
        ("2025-02-11T01:04:32", False),
        ("2025-02-11T01:04:32.Z", False),
        ("2025-02-11T01:04:32,5Z", False),
        ("2025-02-11T01:04:32+0800", False),
        ("2025-02-11T01:04:32+08", False),
        ("2025-02-11T01:04:32+24:00", False),
        ("2025-02-11T01:04:32+08:60", False),
        ("2025-02-11T24:00:00Z", False),
        ("2025-02-11T01:60:00Z", False),
        ("2016-12-31T23:59:61Z", False),
        ("2025-02-11T01:04:60Z", False),
        ("2016-12-31T23:59:60+01:00", False),
        ("2025-00-11T01:04:32Z", False),
        ("2025-13-11T01:04:32Z", False),
        ("2025-02-00T01:04:32Z", False),
        ("2025-04-31T01:04:32Z", False),
        ("2025-02-29T00:00:00Z", False),
        ("1900-02-29T00:00:00Z", False),
        ("12025-02-11T01:04:32Z", False),
        ("2025-W07-2T01:04:32Z", False),
        ("2025-02-11T01:04:32Z\n", False),
        ("２025-02-11T01:04:32Z", False),
        ("20+5-02-11T01:04:32Z", False),  # jsonschema_rs 0.60 takes it, RFC 3339 does not
    ],
)
def test_date_time_is_what_rfc_3339_says(text: str, valid: bool) -> None:
    """A date-time is a real moment in the one form that RFC 3339 allows, its offset included."""
    assert is_date_time(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://example.com/recording.wav?signature=a%2Fb#part", True),
        ("a:", True),
        ("urn:isbn:0451450523", True),
        ("a+b-.9:c", True),
        ("file:///recording.wav", True),
        ("http://", True),
        ("http://user:secret@example.com:80", True),
        ("http://example.com:", True),
        ("http://example.com:99999999", True),
        ("http://999.1.1.1", True),
        ("http://[::]", True),
        ("http://[1:2:3:4:5:6:7::]", True),
        ("http://[::ffff:1.2.3.4]:80/", True),
        ("http://[v1.a:b]/", True),
        ("a:////", True),
        ("x:?/?#/?", True),
        ("", False),
        ("recording.wav", False),
        ("//example.com/recording.wav", False),
        ("1a:b", False),
        ("http://example.com:80:80", False),
        ("http://example.com:http", False),
        ("http://a@b@c", False),
        ("http://[::1", False),
        ("http://[::1]a", False),
        ("http://a[::1]", False),
        ("http://[1::2:3:4:5:6:7:8]", False),
        ("http://[1:2:3:4:5:6:7]", False),
        ("http://[::12345]", False),
        ("http://[::01.2.3.4]", False),
        ("http://[::1%25eth0]", False),
        ("http://[v1.]", False),
        ("http://example.com/%", False),
        ("http://example.com/%4", False),
        ("http://example.com/%zz", False),
        ("http://example.com/a b", False),
        ("http://example.com/#a#b", False),
        ("http://example.com/?[]", False),
        ("http://example.com/ä", False),
        ("http://exämple.com/", False),
        ("http://example.com/\n", False),
        ("a:\\", False),
        *((f"a:{character}", False) for character in '"<>^`{|}\x00\x7f'),
    ],
)
def test_uri_is_what_rfc_3986_says(text: str, valid: bool) -> None:
    """A URI has a scheme, and every character where RFC 3986 allows it."""
    assert is_uri(text) is valid


TWO_DIGITS = st.sampled_from([0, 1, 2, 12, 13, 23, 24, 28, 29, 30, 31, 32, 58, 59, 60, 61, 99]).map("{:02}".format)
DATE_TIMES = st.builds(
    "{}-{}-{}{}{}:{}:{}{}{}".format,
    st.sampled_from(["0000", "1900", "2000", "2016", "2023", "2024", "9999", "202", "20240"]),
    TWO_DIGITS,
    TWO_DIGITS,
    st.sampled_from(["T", "t", " ", ""]),
    TWO_DIGITS,
    TWO_DIGITS,
    TWO_DIGITS,
    st.sampled_from(["", ".", ".5", ".123456789012", ",5"]),
    st.sampled_from(["Z", "z", "", "\n", "Z "])
    | st.builds("{}{}:{}".format, st.sampled_from("+-"), TWO_DIGITS, TWO_DIGITS),
)
URI_STARTS = ["", "a:", "http://", "a+b-.9:", "x://h/", "x:#", "9:"]
URI_PIECES = [*"aZ9-._~!$&'()*+,;=:@/?#[]%\\^| \n\x00\x7fé😀", "//", "%41", "%fF", "%4", "[::1]", "[v1.a]", ":80"]
IPV6_PIECES = ["0", "1", "ab", "FFFF", "12345", ":", "::", ":1.2.3.4", ":256.0.0.1", ":01.2.3.4", "g", "%25"]
URIS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(URI_STARTS), st.lists(st.sampled_from(URI_PIECES)).map("".join)),
    st.builds("http://[{}]".format, st.lists(st.sampled_from(IPV6_PIECES), max_size=16).map("".join)),
    st.builds("a:{}".format, st.text()),
)


@pytest.mark.parametrize(
    ("format_name", "accepts", "texts"), [("date-time", is_date_time, DATE_TIMES), ("uri", is_uri, URIS)]
)
def test_formats_agree_with_the_judge(
    format_name: str, accepts: Callable[[str], bool], texts: st.SearchStrategy[str]
) -> None:
    """Whatever the text, the mock and jsonschema_rs, which judges by the contract, say the same of its format."""
    judge = jsonschema_rs.Draft202012Validator({"type": "string", "format": format_name}, validate_formats=True)

    @settings(max_examples=500, derandomize=True, deadline=None)
    @given(texts)
    def agree(text: str) -> None:
        assert accepts(text) is judge.is_valid(text)

    agree()


def test_a_huge_uri_is_judged_in_linear_time() -> None:
    """A URI of megabytes is decided without trying its parts in every possible way."""
    assert is_uri("http://" + "a:" * 1_000_000 + "@host/" + "%41" * 1_000_000)
    assert not is_uri("http://" + "a:" * 1_000_000)
