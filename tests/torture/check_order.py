"""What was told, in the order in which it was told: nobody sees an older branch than was shown."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tests.torture.asked import Asked, asked
from tests.torture.history import Attempt, Finding, Row, StreamName, Told, by_command, by_stream
from tests.torture.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Journal = dict[bytes, list[Row]]


def order_findings(told: Iterable[Told], rows: Iterable[Row]) -> list[Finding]:
    """Everything that was begun after an acknowledgement and does not know of it, and every
    picture of a ticket or of a hall that was never true."""
    told, rows = list(told), list(rows)
    journal = by_command(rows)
    commands = list(asked(told))
    known = Acknowledged(commands, journal)
    timelines = {stream: Timeline(written) for stream, written in by_stream(rows).items()}
    found = [*_commands(commands, journal, known)]
    for each in told:
        for attempt in each.attempts:
            found += _picture(each, attempt, timelines)
            found += _too_old(each, attempt, timelines, known)
    return found


class Acknowledged:
    """How far each stream was acknowledged by an instant."""

    def __init__(self, commands: Iterable[Asked], journal: Journal) -> None:
        ended: dict[StreamName, list[tuple[float, int]]] = {}
        for each in commands:
            written = journal.get(each.told.command)
            if written and each.acknowledged:
                first = min(attempt.ended for attempt in each.acknowledged)
                ended.setdefault(written[0].stream, []).append((first, written[-1].seq))
        self._instants: dict[StreamName, list[float]] = {}
        self._highest: dict[StreamName, list[int]] = {}
        for stream, pairs in ended.items():
            pairs.sort()
            self._instants[stream] = [instant for instant, _ in pairs]
            self._highest[stream] = [*accumulate((seq for _, seq in pairs), max)]

    def before(self, stream: StreamName, instant: float) -> int:
        """The last entry of a stream that was acknowledged before an instant, 0 for none."""
        place = bisect_left(self._instants.get(stream, ()), instant)
        return self._highest[stream][place - 1] if place else 0


def _commands(
    commands: Iterable[Asked], journal: Journal, known: Acknowledged
) -> Iterator[Finding]:
    for each in commands:
        written = journal.get(each.told.command)
        if not written:
            continue
        floor = known.before(written[0].stream, each.attempts[0].began)
        if written[0].seq <= floor:
            sentence = f"{each} stands at {written[0].seq}, begun after {floor} was acknowledged"
            yield Finding("order_reversed", sentence)


def _stream(each: Told, body: dict[str, Any]) -> StreamName:
    return (each.branch, body.get("date", ""))


def _picture(
    each: Told, attempt: Attempt, timelines: dict[StreamName, Timeline]
) -> Iterator[Finding]:
    """A ticket or a board that is shown with a seq was so after that entry."""
    body = attempt.body
    timeline = timelines.get(_stream(each, body))
    if timeline is None or "seq" not in body:
        return
    if "state" in body and "id" in body:
        truth = timeline.state_at(body["id"], body["seq"])
        if truth != body["state"]:
            sentence = f"{each.action} of {body['id']} by client {each.client}"
            yield Finding("never_true", f"{sentence}: told {body}, it was {truth}")
    elif "hall" in body:
        hall, people = body["hall"], timeline.people_at(body["seq"])
        shown = (hall["occupancy"], hall["released"], hall["limit"], body["street_people"])
        if shown != people:
            sentence = f"board of {each.branch} at {body['seq']} by client {each.client}"
            yield Finding("never_true", f"{sentence}: shows {shown}, it was {people}")


def _too_old(
    each: Told, attempt: Attempt, timelines: dict[StreamName, Timeline], known: Acknowledged
) -> Iterator[Finding]:
    body = attempt.body
    if attempt.acknowledged and "seq" in body and "date" in body:
        floor = known.before(_stream(each, body), attempt.began)
        if body["seq"] < floor:
            sentence = f"{each.action} {each.target} by client {each.client} shows {body['seq']}"
            yield Finding("order_reversed", f"{sentence}, begun after {floor} was acknowledged")
    elif body.get("type", "").endswith(":wrong-state"):
        yield from _refused(each, attempt, timelines, known)


def _refused(
    each: Told, attempt: Attempt, timelines: dict[StreamName, Timeline], known: Acknowledged
) -> Iterator[Finding]:
    """The state for which a command is refused held at some time after it was asked for."""
    for stream, timeline in timelines.items():
        since = known.before(stream, attempt.began)
        issued = stream[0] == each.branch and timeline.was_ever(each.target, "issued", 0)
        if issued and not timeline.was_ever(each.target, attempt.body["state"], since):
            sentence = f"{each.action} {each.target} by client {each.client}: {attempt.body}"
            yield Finding("stale_refusal", f"{sentence}, {since} was acknowledged before")
