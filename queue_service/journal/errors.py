"""What can go wrong with the journal.

JournalError
    JournalUnavailable   nobody knows: the database did not answer in time
    JournalBroken        a stream cannot be replayed
    UnwritableEntry      one command's words cannot be stored
"""

from __future__ import annotations


class JournalError(Exception):
    """The journal could not do what it was asked for."""


class JournalUnavailable(JournalError):  # noqa: N818 - says what is the matter
    """The database did not answer in time. Whether the command was carried out is not known: asked
    for again with the same id, it is done once."""


class JournalBroken(JournalError):  # noqa: N818
    """A stream cannot be replayed: `kezek journal verify` tells what is wrong with it."""


class UnwritableEntry(JournalError):  # noqa: N818
    """The database does not take the words of this command: they hold a NUL character, say."""
