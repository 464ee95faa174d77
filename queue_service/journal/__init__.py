"""The journal: the ordered events of every branch-day, and the only way to write them."""

from queue_service.journal.errors import JournalBroken, JournalError, JournalUnavailable
from queue_service.journal.journal import Journal
from queue_service.journal.stream import Outcome, StreamKey

__all__ = [
    "Journal",
    "JournalBroken",
    "JournalError",
    "JournalUnavailable",
    "Outcome",
    "StreamKey",
]
