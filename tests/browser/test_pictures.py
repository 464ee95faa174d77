"""docs/screens.md shows every screen in Kazakh and Russian, and its pictures are there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.pictures import SHOTS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_guide_links_each_picture_and_each_is_there() -> None:
    linked = re.findall(r"\(screens/([\w-]+\.png)\)", (DOCS / "screens.md").read_text("utf-8"))
    wanted = [f"{shot.name}-{language}.png" for shot in SHOTS for language in ("kk", "ru")]
    assert sorted(linked) == sorted(wanted)
    assert sorted(path.name for path in (DOCS / "screens").iterdir()) == sorted(wanted)


def test_every_page_has_a_picture() -> None:
    web = DOCS.parent / "displays" / "web"
    pages = {path.parent.name for path in web.glob("*/index.html")}
    assert {shot.page for shot in SHOTS} - {""} == pages
