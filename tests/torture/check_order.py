"""What was told, in the order in which it was told: nobody sees an older branch than was shown."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tests.torture.asked import Asked, asked
from tests.torture.history import Attempt, Finding, Row, StreamName, Told, by_command, by_stream
from tests.torture.timeline import Seen, Timeline

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
            stream = _stream(each, attempt.body, timelines)
            found += _picture(each, attempt, timelines.get(stream))
            found += _too_old(each, attempt, stream, known)
            found += _refused(each, attempt, timelines, known)
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


def _stream(each: Told, body: dict[str, Any], streams: Iterable[StreamName]) -> StreamName:
    """The stream that an answer is about: the last of the branch where it tells no date."""
    dates = (date for branch, date in streams if branch == each.branch)
    return (each.branch, body.get("date") or max(dates, default=""))


def _picture(each: Told, attempt: Attempt, timeline: Timeline | None) -> Iterator[Finding]:
    """A ticket, a board, a hall or a sanitation shown with a seq was so after that entry."""
    body = attempt.body
    if timeline is None or "seq" not in body:
        return
    if "state" in body and "id" in body:
        truth = timeline.ticket_at(body["id"], body["seq"])
        if truth != Seen(body["state"], body["service"], body.get("counter", "")):
            sentence = f"{each.action} of {body['id']} by client {each.client}"
            yield Finding("never_true", f"{sentence}: told {body}, it was {truth}")
        return
    shown, scene = _scene(body), timeline.scene_at(body["seq"])
    if any(scene is None or getattr(scene, name) != value for name, value in shown.items()):
        sentence = f"{each.action} of {each.branch} at {body['seq']} by client {each.client}"
        yield Finding("never_true", f"{sentence}: shows {shown}, it was {scene}")


def _scene(body: dict[str, Any]) -> dict[str, Any]:
    """What the answer tells of a `Scene`: a board all of it, others a part, most nothing."""
    if "hall" in body:
        sanitation, waiting = _scene(body["sanitation"]), body["waiting_in_hall"]
        outside = body["street_people"]
        return {**_scene(body["hall"]), **sanitation, "outside": outside, "waiting": waiting}
    if "occupancy" in body:
        return {
            "inside": body["occupancy"],
            "released": body["released"],
            "limit": body["limit"],
        }
    return {"phase": body["phase"]} if "phase" in body else {}


def _too_old(
    each: Told, attempt: Attempt, stream: StreamName, known: Acknowledged
) -> Iterator[Finding]:
    body = attempt.body
    shows_now = "date" in body or _scene(body)
    if attempt.acknowledged and "seq" in body and shows_now:
        floor = known.before(stream, attempt.began)
        if body["seq"] < floor:
            sentence = f"{each.action} {each.target} by client {each.client} shows {body['seq']}"
            yield Finding("order_reversed", f"{sentence}, begun after {floor} was acknowledged")


def _refused(
    each: Told, attempt: Attempt, timelines: dict[StreamName, Timeline], known: Acknowledged
) -> Iterator[Finding]:
    """What a command is refused for held at some time after it was asked for."""
    kind = attempt.body.get("type", "").rpartition(":")[2]
    for stream, timeline in timelines.items():
        if stream[0] != each.branch:
            continue
        since = known.before(stream, attempt.began)
        if _is_stale(each, kind, attempt.body, timeline, since):
            sentence = f"{each.action} {each.target} by client {each.client}: {attempt.body}"
            yield Finding("stale_refusal", f"{sentence}, {since} was acknowledged before")


def _is_stale(
    each: Told, kind: str, problem: dict[str, Any], timeline: Timeline, since: int
) -> bool:
    if kind == "wrong-state":
        issued = timeline.was_ever(each.target, "issued", 0)
        return issued and not timeline.was_ever(each.target, problem["state"], since)
    phase = problem.get("extra", {}).get("phase")
    if kind == "not-cleaning" or (kind == "paused" and phase == "cleaning"):
        return not timeline.was_ever_in(phase, since)
    return False
