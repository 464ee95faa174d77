"""So many requests a second for each token, with room for a burst."""

from __future__ import annotations

import math
from time import monotonic

from queue_service.faults import Fault

_BURST_SECONDS = 5.0
_KEPT = 100_000


class RateLimit:
    """A bucket for each subject; `per_second` 0 means no limit."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second * _BURST_SECONDS)
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, subject: str) -> None:
        """Counts a request; raises Fault `too_many_requests` with the seconds to wait."""
        if not self._per_second:
            return
        now = monotonic()
        left, since = self._buckets.get(subject, (self._most, now))
        left = min(self._most, left + (now - since) * self._per_second)
        if left < 1:
            self._buckets[subject] = (left, now)
            wait = math.ceil((1 - left) / self._per_second)
            raise Fault("too_many_requests", retry_after=wait)
        if len(self._buckets) >= _KEPT:
            self._buckets.clear()
        self._buckets[subject] = (left - 1, now)
