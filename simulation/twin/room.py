"""What a compiled day has no room for."""

from __future__ import annotations

NO_ROOM = "More happens on this day than the compiled engine has room for: take the other engine."


class TooLargeError(Exception):
    """The tables of a compiled day have no room for one; the message says for what."""
