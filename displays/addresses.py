"""How many connections come from one address."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Addresses:
    """Counts connections by client; `most` 0 means no limit."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._connected: Counter[str] = Counter()

    def is_full(self, client: str) -> bool:
        """Whether no more connections are taken from a client."""
        return 0 < self.most <= self._connected[client]

    @contextmanager
    def counted(self, client: str) -> Iterator[None]:
        """Counts a connection while it lasts."""
        self._connected[client] += 1
        try:
            yield
        finally:
            self._connected[client] -= 1
            if not self._connected[client]:
                del self._connected[client]
