"""Who may talk to the review server: our own page in this browser, and nobody else.

Loopback is no wall: any web page can send requests to it, and a name can be made to point at it. So the Host
must be one of three exact strings, data needs a token that only our page has, a change needs our Origin too,
and a GET changes nothing. Strings are compared, never patterns. There is no setting that weakens any of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["HEADERS", "LARGEST_BODY", "Guard"]

LARGEST_BODY = 64 * 1024
_NAMES = ("127.0.0.1", "localhost", "[::1]")
# A browser that tells where a request comes from must say that it is our own page, or the reader's own act.
_OWN_SITE = (None, "same-origin", "none")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules for one server: its port and its token."""

    port: int
    token: str

    def refuse(self, method: str, headers: Mapping[str, str], *, needs_token: bool) -> tuple[int, str] | None:
        """Status and reason when a request must not be answered; header names are in lower case."""
        if headers.get("host") not in {f"{name}:{self.port}" for name in _NAMES}:
            return 421, "wrong host"
        if method not in ("GET", "HEAD", "POST"):
            return 405, "method not allowed"
        if needs_token and not self._is_ours(headers):
            return 403, "no valid token; open the link that the command printed"
        if method == "POST":
            return self._refuse_change(headers)
        return None

    def _is_ours(self, headers: Mapping[str, str]) -> bool:
        given = headers.get("x-checker-token", "").encode("utf-8", "replace")
        return (
            secrets.compare_digest(given, self.token.encode()) and headers.get("sec-fetch-site") in _OWN_SITE
        )

    def _refuse_change(self, headers: Mapping[str, str]) -> tuple[int, str] | None:
        # Behind a name that was made to point here, Origin and Host agree; so both are held to our own list.
        if headers.get("origin") not in {f"http://{name}:{self.port}" for name in _NAMES}:
            return 403, "wrong origin"
        if headers.get("content-type") != "application/json":
            return 415, "send JSON"
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return 411, "say how long the body is"
        return (413, "too long") if int(length[:12]) > LARGEST_BODY else None
