"""The pages: one file, readable without a network, and drawn from the numbers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from simulation.experiments.comparison import Pairs
from simulation.experiments.summary import Summary
from simulation.reports.drawing import Axis, Plot, axis
from simulation.reports.page import page, table
from simulation.reports.simulated import compared_page, simulated_page
from tests.simulation.experiments.small import GROUPS, TWO_DAYS, run

VOID = {"meta"}


class Tags(HTMLParser):
    """Whether every tag is closed, and what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [(tag, name) for name, _ in attrs if name in ("src", "href", "srcset")]
        if tag in ("script", "link", "iframe"):
            self.loads.append((tag, ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None: ...

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def sound(text: str) -> list[ET.Element]:
    """The drawings of a page that is whole and loads nothing."""
    tags = Tags()
    tags.feed(text)
    assert (tags.open, tags.loads) == ([], [])
    assert "url(" not in text
    assert "@import" not in text
    return [ET.fromstring(svg) for svg in re.findall("<svg.*?</svg>", text, re.DOTALL)]


def test_the_page_of_a_scenario_has_every_plot_and_measure() -> None:
    summary = Summary()
    for number in range(4):
        summary.add(run(TWO_DAYS, number))
    text = simulated_page(TWO_DAYS, summary)
    titles = {drawing.get("aria-label") for drawing in sound(text)}
    assert "People in the hall by hour and day" in titles
    assert "People in the street, 2026-03-03" in titles
    assert "Wait in all" in titles
    assert "wait in the hall, P95, min" in text
    assert re.search(r"last one out, time of day ± min</[a-z]+>\s*<td[^>]*>\d\d:\d\d ± ", text)
    assert f"{summary.estimates()['all']['tickets'].mean:.1f}" in text


def test_the_page_of_two_shows_their_differences() -> None:
    pairs = Pairs()
    for number in range(4):
        pairs.add(run(GROUPS, number), run(GROUPS, number + 7))
    drawings = sound(compared_page(GROUPS, GROUPS, pairs))
    (differences,) = [one for one in drawings if one.get("aria-label") == "What the second changes"]
    said = [title.text or "" for title in differences.iter("title")]
    came = pairs.differences()["all"]["came"].difference
    assert f"came: {came.mean:+.1f} ± {came.half_width:.1f}" in said
    assert any('class="second"' in ET.tostring(one).decode() for one in drawings)


def test_what_is_told_is_never_taken_for_html() -> None:
    text = page("<b>", [table(["<i>"], [["<script>"]])])
    assert sound(text) == []
    assert "&lt;script&gt;" in text


def test_an_axis_ends_in_round_numbers_beyond_the_values() -> None:
    found = axis([3.2, 17.9])
    assert (found.least, found.most) == (2.5, 20)
    assert axis([5, 5]).most > axis([5, 5]).least
    assert axis([]).most > axis([]).least
    assert axis([-4, 9], from_zero=True).least <= -4


def test_places_on_a_plot_follow_the_axes() -> None:
    plot = Plot(Axis(0, 10), Axis(0, 100))
    assert plot.x(0) < plot.x(5) < plot.x(10)
    assert plot.y(0) > plot.y(50) > plot.y(100)
    assert plot.x(5) * 2 == plot.x(0) + plot.x(10)
