"""How much a request may bring along: a file a gigabyte or two, anything else what a person types.

It is refused as soon as it is known: before a byte is read where the browser says how much is to
come, else at the byte too many.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_interviewer.errors import BadInput

MOST_FORM_BYTES = 2_000_000
"""Far more than anybody types."""
FILES = {
    "/upload": (1_000_000_000, "This file is larger than a gigabyte; no answer is so long."),
    "/mentor": (2_000_000_000, "This zip is larger than two gigabytes; have it sent in parts."),
}
"""Where a file is sent: how many bytes it may have, and what is said of one that has more."""
TYPED = (MOST_FORM_BYTES, "That is more text than a person types; shorten it.")
ASCII = "".join(map(chr, range(128)))


class Limits:
    """Lets through requests of a reasonable size; what is too large ends as BadInput."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # a browser writes such bytes as %B8; as they are, a redirect cannot be made of them
        scope = {
            **scope,
            "query_string": quote(scope.get("query_string", b""), safe=ASCII).encode(),
        }
        most, too_large = FILES.get(scope["path"], TYPED)
        left = most
        is_told_too_large = any(
            name == b"content-length" and value.isdigit() and int(value[:20]) > most
            for name, value in scope["headers"]
        )

        async def receive_so_many() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0 or is_told_too_large:
                raise BadInput(too_large)
            return message

        await self._app(scope, receive_so_many, send)
