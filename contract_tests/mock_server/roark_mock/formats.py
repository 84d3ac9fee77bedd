"""The two string formats of the contract, by their RFCs."""

import re
from calendar import monthrange
from ipaddress import AddressValueError, IPv6Address

_DATE_TIME = re.compile(
    r"""
    (?P<year>\d{4}) - (?P<month>\d\d) - (?P<day>\d\d)
    [Tt] (?P<hour>\d\d) : (?P<minute>\d\d) : (?P<second>\d\d) (?:\.\d+)?
    (?: [Zz] | (?P<sign>[+-]) (?P<offset_hour>\d\d) : (?P<offset_minute>\d\d) )
    """,
    re.VERBOSE | re.ASCII,
)

# The productions of RFC 3986, appendix A. Possessive quantifiers keep the match linear in time and constant in memory;
# they lose nothing, since what follows each production cannot begin with a character of it. They stand over single
# characters only, since Python before 3.11.5 matches possessive groups wrongly; so percent signs are looked at apart.
_PLAIN = r"A-Za-z0-9\-._~!$&'()*+,;="  # unreserved and sub-delims
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_USERINFO = rf"[{_PLAIN}%:]*+"
_REG_NAME = rf"[{_PLAIN}%]*+"  # an IPv4 address is one too
_IP_LITERAL = rf"\[(?:(?P<ipv6>[0-9A-Fa-f:.]++)|[Vv][0-9A-Fa-f]++\.[{_PLAIN}:]++)\]"
_AUTHORITY = rf"(?:{_USERINFO}@)?(?:{_IP_LITERAL}|{_REG_NAME})(?::[0-9]*+)?"
_PATH = rf"[{_PLAIN}%:@/]*+"
_QUERY_OR_FRAGMENT = rf"[{_PLAIN}%:@/?]*+"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*+:"
    rf"(?://{_AUTHORITY}(?=[/?#]|\Z)|(?!//)){_PATH}"
    rf"(?:\?{_QUERY_OR_FRAGMENT})?(?:\#{_QUERY_OR_FRAGMENT})?"
)


def is_date_time(text: str) -> bool:
    """Whether `text` is a `date-time` of RFC 3339, section 5.6, on a date that exists.

    `t` and `z` may be small, a fraction has any number of digits, an offset is required. Second 60, a leap second, is
    accepted on any day, but only in the last minute of a day in UTC.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return False
    year, month, day, hour, minute, second, offset_hour, offset_minute = (
        int(match[name] or 0)
        for name in ("year", "month", "day", "hour", "minute", "second", "offset_hour", "offset_minute")
    )
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return False
    if hour > 23 or minute > 59 or offset_hour > 23 or offset_minute > 59:
        return False
    if second < 60:
        return True
    offset = offset_hour * 60 + offset_minute
    utc_minute = hour * 60 + minute + (offset if match["sign"] == "-" else -offset)
    return second == 60 and utc_minute % (24 * 60) == 24 * 60 - 1


def is_uri(text: str) -> bool:
    """Whether `text` is a `URI` of RFC 3986: any scheme, with or without a fragment, never a relative reference."""
    match = _URI.fullmatch(text)
    if match is None or _STRAY_PERCENT.search(text):
        return False
    return match["ipv6"] is None or _is_ipv6(match["ipv6"])


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
