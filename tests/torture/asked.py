"""Commands as the clients asked for them, each with all its attempts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.torture.history import Attempt, Told


class Asked(NamedTuple):
    """A command with every attempt that anybody made at it, in order of their beginning."""

    told: Told
    attempts: tuple[Attempt, ...]

    @property
    def acknowledged(self) -> tuple[Attempt, ...]:
        return tuple(attempt for attempt in self.attempts if attempt.acknowledged)

    def __str__(self) -> str:
        told = self.told
        return f"{told.action} {told.target} at {told.branch} by client {told.client}, {told.key}"


def asked(told: Iterable[Told]) -> Iterator[Asked]:
    """The commands of a run; a command that was repeated later counts as one."""

    def identity(each: Told) -> tuple[str, str, str]:
        return (each.subject, each.branch, each.key)

    commands = sorted((each for each in told if each.action != "read"), key=identity)
    for _, group in groupby(commands, key=identity):
        same = sorted(group, key=lambda each: min(attempt.began for attempt in each.attempts))
        attempts = sorted(
            (attempt for each in same for attempt in each.attempts),
            key=lambda attempt: attempt.began,
        )
        yield Asked(same[0], tuple(attempts))
