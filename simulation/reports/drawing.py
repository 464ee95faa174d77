"""A plot as SVG: a frame with axes, and what is drawn into it. Numbers in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from math import ceil, floor, isfinite, log10

from msgspec import Struct

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, FOOT = 56, 16, 28, 44
_STEPS = (1, 2, 2.5, 5, 10)
_MOST_TICKS = 6
Point = tuple[float, float]
Tick = tuple[float, str]


class Axis(Struct, frozen=True):
    """From the least to the greatest value; `ticks` are values with what stands at them."""

    least: float
    most: float
    label: str = ""
    ticks: tuple[Tick, ...] = ()


def axis(values: Iterable[float], label: str = "", *, from_zero: bool = False) -> Axis:
    """An axis with round numbers that has room for all the values."""
    known = [value for value in values if isfinite(value)]
    least = min(known, default=0.0)
    most = max(known, default=1.0)
    if from_zero:
        least, most = min(0.0, least), max(0.0, most)
    if most <= least:
        most = least + 1
    step = _round_step((most - least) / _MOST_TICKS)
    first, last = floor(least / step), ceil(most / step)
    ticks = tuple((place * step, _number(place * step)) for place in range(first, last + 1))
    return Axis(first * step, last * step, label, ticks)


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.999)


def _number(value: float) -> str:
    return f"{value:.10g}" if abs(value) < 1e5 else f"{value:.3g}"  # noqa: PLR2004


def clock_axis(minutes: Sequence[float]) -> Axis:
    """An axis of times of day, a tick on full hours, at most some ten of them."""
    first, last = floor(min(minutes) / 60), ceil(max(minutes) / 60)
    every = max(1, ceil((last - first) / 12))
    hours = range(first, last + 1, every)
    ticks = tuple((60.0 * hour, f"{hour % 24:02d}:00") for hour in hours)
    return Axis(60.0 * first, 60.0 * max(last, first + 1), "", ticks)


class Plot:
    """Draws in the order of the calls, the later things on top."""

    def __init__(self, x: Axis, y: Axis, *, height: int = HEIGHT, left: int = LEFT) -> None:
        self._x, self._y = x, y
        self._height, self._left = height, left
        self._parts: list[str] = [*self._axes()]

    def x(self, value: float) -> float:
        """Pixels from the left."""
        share = (value - self._x.least) / (self._x.most - self._x.least)
        return round(self._left + share * (WIDTH - self._left - RIGHT), 1)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        share = (value - self._y.least) / (self._y.most - self._y.least)
        return round(self._height - FOOT - share * (self._height - FOOT - TOP), 1)

    def _axes(self) -> Iterable[str]:
        bottom, right = self._height - FOOT, WIDTH - RIGHT
        for value, text in self._y.ticks:
            at = self.y(value)
            yield f'<path class="grid" d="M{self._left} {at}H{right}"/>'
            yield _text(self._left - 6, at + 4, text, "end")
        for value, text in self._x.ticks:
            yield f'<path class="grid" d="M{self.x(value)} {bottom}v5"/>'
            yield _text(self.x(value), bottom + 18, text, "middle")
        yield f'<path class="axis" d="M{self._left} {bottom}H{right}"/>'
        yield _text(right, self._height - 6, self._x.label, "end")
        yield _text(4, TOP - 14, self._y.label, "start")

    def line(self, points: Iterable[Point], kind: str) -> None:
        """A line through the points; `kind` is a class of the page's style."""
        path = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        self._parts.append(f'<polyline class="{kind}" points="{path}"/>')

    def band(self, points: Iterable[tuple[float, float, float]], kind: str) -> None:
        """The area between two lines: (x, lower, upper)."""
        known = list(points)
        there = [f"{self.x(x)},{self.y(upper)}" for x, _, upper in known]
        back = [f"{self.x(x)},{self.y(lower)}" for x, lower, _ in reversed(known)]
        self._parts.append(f'<polygon class="{kind}" points="{" ".join((*there, *back))}"/>')

    def box(self, x: Point, y: Point, kind: str, title: str, shade: float = 1) -> None:
        """A rectangle over the spans; `title` is told to who points at it."""
        left, right = sorted(map(self.x, x))
        top, bottom = sorted(map(self.y, y))
        shape = f'x="{left}" y="{top}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
        opacity = "" if shade == 1 else f' fill-opacity="{shade:.2f}"'
        self._parts.append(
            f'<rect class="{kind}" {shape}{opacity}><title>{escape(title)}</title></rect>'
        )

    def dot(self, x: float, y: float, kind: str, title: str, radius: float = 4.5) -> None:
        """A dot that tells its title."""
        place = f'cx="{self.x(x)}" cy="{self.y(y)}" r="{radius}"'
        self._parts.append(
            f'<circle class="{kind}" {place}><title>{escape(title)}</title></circle>'
        )

    def whisker(self, x: Point, y: float, kind: str) -> None:
        """A horizontal interval."""
        at, (left, right) = self.y(y), map(self.x, x)
        self._parts.append(
            f'<path class="{kind}" d="M{left} {at}H{right}M{left} {at - 4}v8M{right} {at - 4}v8"/>'
        )

    def level(self, value: float, kind: str, *, upright: bool = False) -> None:
        """A line across the plot at a value of y, or of x."""
        if upright:
            path = f"M{self.x(value)} {TOP}V{self._height - FOOT}"
        else:
            path = f"M{self._left} {self.y(value)}H{WIDTH - RIGHT}"
        self._parts.append(f'<path class="{kind}" d="{path}"/>')

    def says(self, x: float, y: float, text: str, anchor: str = "middle", kind: str = "") -> None:
        """A text at a place, centred on its height."""
        self._parts.append(_text(self.x(x), self.y(y) + 4, text, anchor, kind))

    def svg(self, title: str) -> str:
        """The whole plot; `title` says in words what it shows."""
        size = f'viewBox="0 0 {WIDTH} {self._height}"'
        return f'<svg {size} role="img" aria-label="{escape(title)}">{"".join(self._parts)}</svg>'


def steps(counts: Sequence[float], width: float) -> list[Point]:
    """The outline of a histogram that begins at 0, its bins `width` wide."""
    edges = [width * place for place in range(len(counts) + 1)]
    return [(x, count) for count, span in zip(counts, pairwise(edges), strict=True) for x in span]


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    if not text:
        return ""
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{style}>{escape(text)}</text>'
