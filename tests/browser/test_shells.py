"""A page that opens without a network keeps every file of which it is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "displays" / "web"
_IMPORTED = re.compile(r"""(?:from|import\()\s*"(\.[^"]+\.js)\"""")
_LINKED = re.compile(r"""(?:href|src)="(/[^"]+\.(?:js|css))\"""")


def made_of(page: str) -> set[str]:
    """Addresses of the scripts and styles of a page, imported ones included."""
    known: set[str] = set()
    waiting = _LINKED.findall((WEB / page / "index.html").read_text("utf-8"))
    while waiting:
        address = waiting.pop()
        if address in known:
            continue
        known.add(address)
        path = WEB / address.removeprefix("/")
        imported = _IMPORTED.findall(path.read_text("utf-8"))
        waiting += [f"/{(path.parent / one).resolve().relative_to(WEB)}" for one in imported]
    return known


@pytest.mark.parametrize("page", ["door", "ticket"])
def test_the_shell_is_whole(page: str) -> None:
    kept = set(re.findall(r'"(/[^"]+)"', (WEB / page / "service-worker.js").read_text("utf-8")))
    wanted = made_of(page)
    assert {f"/{page}/{page}.js", "/shared/style.css", "/vendor/preact.js"} <= wanted
    assert wanted - kept == set()
