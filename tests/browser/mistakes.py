"""What pages do wrong without anybody seeing it: a test that opened them fails for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, ConsoleMessage

OF_THE_NETWORK: Final = ("Failed to load resource:", "WebSocket connection to ")
"""What Chromium itself writes of a refused request or a lost connection: pages tell of those."""


class Mistakes:
    """Uncaught errors, unhandled rejections and errors on the console, of every watched browser."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Collects from all pages of a browser from now on."""
        context.on("weberror", lambda error: self._found.append(f"uncaught: {error.error}"))
        context.on("console", self._hear)

    def take(self) -> list[str]:
        """What was found until now; a test that means a mistake to happen takes it away."""
        found, self._found = self._found, []
        return found

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OF_THE_NETWORK):
            page = message.page.url if message.page else ""
            self._found.append(f"console of {page}: {message.text}")
