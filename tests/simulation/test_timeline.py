"""What happens next: by instant, then in the order of asking."""

from __future__ import annotations

from functools import partial

from simulation.live.timeline import DrivenPace, Timeline


class _Jumping:
    """A clock that leaves out the time from 100 to 1000."""

    async def reach(self, at: int) -> int:
        return at if at < 100 else max(at, 1000)


class _Diary:
    def __init__(self, timeline: Timeline) -> None:
        self.lines: list[tuple[str, int]] = []
        self._timeline = timeline

    async def note(self, word: str) -> None:
        self.lines.append((word, self._timeline.now))

    def at(self, instant: int, word: str) -> None:
        self._timeline.at(instant, partial(self.note, word))


async def test_actions_happen_by_instant_and_then_in_order_of_asking() -> None:
    timeline = Timeline(DrivenPace(), 0)
    diary = _Diary(timeline)
    diary.at(20, "late")
    diary.at(10, "first")
    diary.at(10, "second")
    await timeline.run(30)
    assert diary.lines == [("first", 10), ("second", 10), ("late", 20)]
    assert timeline.now == 30


async def test_what_an_action_adds_happens_too_and_nothing_past_the_end() -> None:
    timeline = Timeline(DrivenPace(), 0)
    diary = _Diary(timeline)

    async def adds() -> None:
        timeline.after(5, partial(diary.note, "added"))
        timeline.after(50, partial(diary.note, "too late"))

    timeline.at(10, adds)
    await timeline.run(30)
    assert diary.lines == [("added", 15)]
    await timeline.run(60)
    assert diary.lines[-1] == ("too late", 60)


async def test_what_is_asked_for_in_the_past_happens_now() -> None:
    timeline = Timeline(DrivenPace(), 100)
    diary = _Diary(timeline)
    diary.at(10, "now")
    await timeline.run(200)
    assert diary.lines == [("now", 100)]


async def test_what_a_jump_of_the_clock_leaves_out_does_not_happen() -> None:
    timeline = Timeline(_Jumping(), 0)
    diary = _Diary(timeline)
    diary.at(10, "by day")
    diary.at(200, "by night")
    await timeline.run(500)
    assert diary.lines == [("by day", 10)]
    assert timeline.now == 1000


async def test_a_cleared_timeline_forgets() -> None:
    timeline = Timeline(DrivenPace(), 0)
    diary = _Diary(timeline)
    diary.at(10, "never")
    timeline.clear()
    await timeline.run(30)
    assert diary.lines == []
