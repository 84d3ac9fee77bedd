"""Credentials: a server that lets a stranger in, or keeps out who writes them as HTTP allows."""

import re

from contract_tests.mutations.bends import CALLERS, TOKEN, Drifts, requests, supply
from contract_tests.mutations.bent_server import Bend, Request

SECRETS = "everybody whose calls are kept: strangers get in"


def admits(form: str) -> Bend:
    """A bend that lets in who presents credentials of a form."""
    return takes(form, TOKEN)


def takes(form: str, token: str) -> Bend:
    """A bend that takes credentials of a form, which is a pattern of the Authorization header, for those of a token."""
    pattern = re.compile(form.replace("<token>", re.escape(TOKEN)))

    def bent(request: Request) -> None:
        if pattern.fullmatch(request.headers.get("authorization", "")):
            request.headers["authorization"] = f"Bearer {token}"

    return requests(bent)


def key_elsewhere(name: str) -> Bend:
    """A bend that takes the token from another header."""

    def bent(request: Request) -> None:
        if TOKEN in request.headers.get(name, "") and "authorization" not in request.headers:
            request.headers["authorization"] = f"Bearer {TOKEN}"

    return requests(bent)


def key_in_query(request: Request) -> None:
    """Take the token from the query."""
    if TOKEN in request.query:
        request.headers["authorization"] = f"Bearer {TOKEN}"


DRIFTS: Drifts = {
    CALLERS: {
        "the scheme must be written Bearer": takes("(?!Bearer)(?i:bearer) +<token>", "wrong"),
        "one space must stand behind the scheme": takes("Bearer  +<token>", "wrong"),
    },
    SECRETS: {
        "no Authorization is let in": requests(lambda request: supply(request, "authorization", f"Bearer {TOKEN}")),
        "an empty Authorization is let in": admits(""),
        "Bearer without a token is let in": admits("Bearer ?"),
        "the token alone is let in": admits("<token>"),
        "the token is compared without case": admits(f"Bearer (?i:{TOKEN})"),
        "the first half of the token is enough": admits("Bearer test-"),
        "a token that only begins right is let in": admits("Bearer <token>.*"),
        "a token that only ends right is let in": admits("Bearer .*<token>"),
        "every token is let in": admits("Bearer .+"),
        "a token in double quotes is let in": admits('Bearer "<token>"'),
        "a token in single quotes is let in": admits("Bearer '<token>'"),
        "a token in angle brackets is let in": admits("Bearer <<token>>"),
        "Basic with the token is let in": admits("Basic <token>"),
        "Basic with user and password is let in": admits("Basic .*"),
        "Digest is let in": admits("Digest .*"),
        "the scheme Token is let in": admits("Token <token>"),
        "every scheme is let in": admits(r"\w+ <token>"),
        "a misspelt scheme is let in": admits("Bear(ers)? <token>"),
        "a tab behind the scheme is let in": admits("Bearer\t<token>"),
        "no space behind the scheme is let in": admits("Bearer<token>"),
        "a colon behind the scheme is let in": admits("Bearer: <token>"),
        "two tokens are let in": admits("Bearer <token>,? (Bearer )?<token>"),
        "the token in the query is let in": requests(key_in_query),
        "the token in a cookie is let in": key_elsewhere("cookie"),
        "the token in X-Api-Key is let in": key_elsewhere("x-api-key"),
        "the token in Proxy-Authorization is let in": key_elsewhere("proxy-authorization"),
    },
}
