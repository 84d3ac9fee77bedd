"""What stands between a client and the service, and what it answers: each a row, with what has to come of it."""

import json
from typing import Any, NamedTuple

from roark_client import Delivery

from contract_tests.client.scripted_server import End, Script, head, reply

NOT_DELIVERED, UNKNOWN, DELIVERED = Delivery.NOT_DELIVERED, Delivery.UNKNOWN, Delivery.DELIVERED


class Gateway(NamedTuple):
    """One answer of a gateway.

    `reached`: it has handed the upload on, so the service has it. `verdict`: None for a success. `requests`: how many
    the gateway sees of one call.
    """

    script: Script
    reached: bool
    verdict: Delivery | None
    is_permanent: bool = False
    requests: int = 1


ACCEPTED = b'{"data": {"callId": "call-123"}}'


def page(status: int, text: str, *headers: str) -> Script:
    """An answer in HTML."""
    return (reply(status, f"<html><body>{text}</body></html>".encode(), "Content-Type: text/html", *headers),)


def text(status: int, words: str, *headers: str) -> Script:
    """An answer in plain text."""
    return (reply(status, words.encode(), "Content-Type: text/plain", *headers),)


def value(status: int, content: Any, *headers: str) -> Script:
    """An answer in JSON."""
    return (reply(status, json.dumps(content).encode(), *headers),)


def to(status: int, location: str, *headers: str) -> Script:
    """A redirect."""
    return (reply(status, b"", f"Location: {location}", *headers),)


def lost(script: Script) -> Gateway:
    """The service has the upload, and its answer does not come."""
    return Gateway(script, reached=True, verdict=UNKNOWN)


def unsaid(script: Script) -> Gateway:
    """The service does not have the upload, which the answer does not prove."""
    return Gateway(script, reached=False, verdict=UNKNOWN)


def refused(script: Script, *, is_permanent: bool = False, requests: int = 1) -> Gateway:
    """Certainly not handed on."""
    return Gateway(script, reached=False, verdict=NOT_DELIVERED, is_permanent=is_permanent, requests=requests)


def limited(script: Script) -> Gateway:
    """Too many requests, which is waited for: three attempts."""
    return refused(script, requests=3)


def accepted(script: Script) -> Gateway:
    """Accepted, although nothing can be read."""
    return Gateway(script, reached=True, verdict=DELIVERED)


def read(script: Script) -> Gateway:
    """A success, whatever the gateway has done to it."""
    return Gateway(script, reached=True, verdict=None)


SOON = "Retry-After: 0"

GATEWAYS: dict[str, Gateway] = {
    # Caches and reverse proxies.
    "Varnish: backend fetch failed": lost(page(503, "Error 503 Backend fetch failed", "Retry-After: 5")),
    "Varnish: backend unhealthy": unsaid(page(503, "Guru Meditation")),
    "Fastly: first byte timeout": lost(page(503, "first byte timeout", SOON, "X-Served-By: cache-fra1")),
    "Squid: read timeout": lost(
        page(504, "The requested URL could not be retrieved", "X-Squid-Error: ERR_READ_TIMEOUT")
    ),
    "Squid: access denied": refused(page(403, "Access Denied.", "X-Squid-Error: ERR_ACCESS_DENIED 0")),
    "Squid: proxy authentication": refused(page(407, "Cache Access Denied.", "Proxy-Authenticate: Basic realm=x")),
    "nginx: upstream closed": lost(page(502, "502 Bad Gateway", "Server: nginx")),
    "nginx: upstream timed out": lost(page(504, "504 Gateway Time-out", "Server: nginx")),
    "nginx: body too large": refused(page(413, "413 Request Entity Too Large", "Server: nginx"), is_permanent=True),
    "nginx: limit_req": unsaid(page(503, "503 Service Temporarily Unavailable", "Server: nginx")),
    "nginx: return 444": unsaid((End.CLOSE,)),
    "nginx: default server": refused(page(404, "404 Not Found", "Server: nginx")),
    "Apache: proxy error": lost(page(502, "Proxy Error: Error reading from remote server")),
    "Apache: read timeout": unsaid(page(408, "Request Timeout", "Connection: close")),
    "HAProxy: no server is available": unsaid(page(503, "No server is available to handle this request.")),
    "HAProxy: server timeout": lost(page(504, "The server didn't respond in time.")),
    "HAProxy: deny_status 429": limited(page(429, "You have sent too many requests")),
    "HAProxy: client timeout": unsaid(page(408, "Your browser didn't send a complete request in time.")),
    "Envoy: connection terminated": lost(text(503, "upstream connect error or disconnect/reset before headers.")),
    "Envoy: request timeout": lost(text(504, "upstream request timeout")),
    "Envoy: overflow": unsaid(text(503, "upstream connect error", "X-Envoy-Overloaded: true", SOON)),
    "Envoy: local rate limit": limited(text(429, "local_rate_limited", SOON)),
    "Traefik: bad gateway": lost(text(502, "Bad Gateway")),
    # Load balancers.
    "AWS ALB: bad gateway": lost(page(502, "502 Bad Gateway", "Server: awselb/2.0")),
    "AWS ALB: idle timeout": lost(page(504, "504 Gateway Time-out", "Server: awselb/2.0")),
    "AWS ALB: no target": unsaid(page(503, "503 Service Temporarily Unavailable", "Server: awselb/2.0")),
    "AWS ALB: 463, too many forwarders": refused(page(463, "463", "Server: awselb/2.0")),
    "AWS ALB: 561, login failed": unsaid(page(561, "561 Unauthorized", "Server: awselb/2.0")),
    "Google: backend timeout": lost(page(502, "The server encountered a temporary error", "Retry-After: 30")),
    "Azure: application gateway": lost(page(502, "502 Bad Gateway", "Server: Microsoft-Azure-Application-Gateway/v2")),
    "Heroku: H12": lost(page(503, "Application error", "Server: Heroku")),
    "Kubernetes: default backend": refused(text(404, "default backend - 404")),
    "a balancer that resets idle connections": lost((End.RESET,)),
    "a balancer that closes in the head": lost((b"HTTP/1.1 200 OK\r\nContent-", End.CLOSE)),
    # API gateways.
    "AWS API Gateway: endpoint timed out": lost(value(504, {"message": "Endpoint request timed out"})),
    "AWS API Gateway: malformed answer": lost(value(502, {"message": "Internal server error"})),
    "AWS API Gateway: too many": limited(value(429, {"message": "Too Many Requests"})),
    "AWS API Gateway: forbidden": refused(value(403, {"message": "Missing Authentication Token"})),
    "AWS API Gateway: too long": refused(value(413, {"message": "Request Too Long"}), is_permanent=True),
    "AWS API Gateway: mock integration": accepted(value(200, {})),
    "Kong: upstream timed out": lost(value(504, {"message": "The upstream server is timing out"})),
    "Kong: name resolution": unsaid(value(503, {"message": "name resolution failed"})),
    "Kong: no API key": refused(value(401, {"message": "No API key found in request"})),
    "Kong: rate limit": limited(value(429, {"message": "API rate limit exceeded"}, SOON)),
    "Kong: circuit breaker asks to wait": unsaid(value(503, {"message": "Service unavailable"}, SOON)),
    "Apigee: gateway timeout": lost(value(504, {"fault": {"faultstring": "Gateway Timeout"}})),
    "Apigee: schema": refused(value(400, {"fault": {"faultstring": "Bad Request"}}), is_permanent=True),
    "Azure APIM: quota": refused(value(403, {"statusCode": 403, "message": "Out of call volume quota."})),
    "a queue in front: accepted for later": accepted(value(202, {"message": "queued"})),
    "a queue in front: no content": accepted((reply(204),)),
    "a gateway of media types": refused(value(415, {"message": "Unsupported Media Type"}), is_permanent=True),
    # Networks of content delivery.
    **{
        f"Cloudflare: {status}": lost(page(status, f"error code: {status}", "CF-RAY: 7d1-FRA", "Server: cloudflare"))
        for status in (520, 521, 522, 523, 524, 525, 526, 527, 530)
    },
    "Cloudflare: challenge": refused(page(403, "Just a moment...", "cf-mitigated: challenge")),
    "Cloudflare: 1015": limited(page(429, "error code: 1015", SOON)),
    "Cloudflare: Always Online": unsaid(page(200, "a copy of long ago", "CF-Cache-Status: HIT")),
    "CloudFront: origin closed": lost(page(502, "CloudFront wasn't able to connect to the origin.")),
    "CloudFront: method not allowed": refused(page(403, "This distribution is not configured to allow the method")),
    "Akamai: reference": refused(page(403, "Access Denied. Reference #18.2d351ab8")),
    "Akamai: origin timeout": lost(page(504, "An error occurred while processing your request.")),
    # Portals, sign-on, maintenance.
    "captive portal: page": unsaid(page(200, "Welcome to the hotel, please log in")),
    "captive portal: page without end": unsaid(
        (head(200, "Content-Type: text/html", "Content-Length: 9999") + b"<html>Welcome", End.CLOSE)
    ),
    "captive portal: compressed in a way of its own": unsaid(page(200, "Welcome", "Content-Encoding: br")),
    "captive portal: 511": unsaid(page(511, "Network Authentication Required")),
    "captive portal: redirect": refused(to(302, "http://portal.test/login?from=roark")),
    "sign-on: redirect": refused(to(302, "https://login.test/authorize?client_id=1")),
    "sign-on: see other": unsaid(to(303, "https://login.test/authorize")),
    "sign-on: redirect that keeps the method": refused(to(307, "https://login.test/")),
    "sign-on: page in XHTML": unsaid(
        (reply(200, b"<?xml version='1.0'?><html/>", "Content-Type: application/xhtml+xml; charset=utf-8"),)
    ),
    "from http to https": refused(to(301, "https://api.test/v1/vapi/call")),
    "moved for good": refused(to(308, "https://api.other.test/v1/vapi/call")),
    "maintenance: page with 200": unsaid(page(200, "We'll be right back")),
    "maintenance: 503 with a date": unsaid(page(503, "Maintenance", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT")),
    "a wrong host that says OK": unsaid(text(200, "OK")),
    "a wrong host that counts": unsaid((reply(200, b"GIF89a", "Content-Type: image/gif"),)),
    "a service that shows what it did": lost(to(303, "/v1/vapi/call/123")),
    # Firewalls and filters.
    "ModSecurity: forbidden": refused(page(403, "You don't have permission to access this resource.")),
    "ModSecurity: not acceptable": refused(page(406, "Not Acceptable! An appropriate representation")),
    "F5: request rejected with 200": unsaid(page(200, "The requested URL was rejected. Your support ID is: 123")),
    "Imperva: incident with 200": unsaid(page(200, "Request unsuccessful. Incapsula incident ID: 1")),
    "AWS WAF: block": refused(page(403, "403 Forbidden", "Server: awselb/2.0")),
    "Zscaler: block": refused(to(307, "https://gateway.zscaler.test:443/auD?origurl=x")),
    "a filter of virus scans that resets": unsaid((End.RESET,)),
    "a filter with a status of its own": unsaid(page(999, "Request denied")),
    # Successes that a gateway has touched.
    "a proxy that renames the media type": read((reply(200, ACCEPTED, "Content-Type: text/plain"),)),
    "a proxy that drops the media type": read((head(200, f"Content-Length: {len(ACCEPTED)}") + ACCEPTED,)),
    "a proxy that transforms: 203": read((reply(203, ACCEPTED),)),
    "a proxy that is slow with the body": read((head(200, f"Content-Length: {len(ACCEPTED)}"), 0.02, ACCEPTED)),
    "a proxy that cuts JSON off": accepted(
        (head(200, "Content-Type: application/json", "Content-Length: 99") + b"{", End.CLOSE)
    ),
}
