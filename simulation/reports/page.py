"""A page in one file: no script, no font and no address that a network would be needed for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from msgspec import Struct

_STYLE = (resources.files("simulation.reports") / "style.css").read_text(encoding="utf-8")


class Html(Struct, frozen=True):
    """Text that is HTML already."""

    text: str


Cell = str | Html


def page(title: str, parts: Iterable[Html]) -> str:
    """The document."""
    body = "\n".join(part.text for part in parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def paragraph(text: str) -> Html:
    return Html(f'<p class="soft">{escape(text)}</p>')


def section(title: str, parts: Iterable[Html]) -> Html:
    """A heading and what belongs to it."""
    body = "\n".join(part.text for part in parts)
    return Html(f"<section><h2>{escape(title)}</h2>\n{body}\n</section>")


def plots(parts: Iterable[Html]) -> Html:
    """Plots side by side where there is room."""
    return Html(f'<div class="plots">{"".join(part.text for part in parts)}</div>')


def figure(title: str, note: str, svg: str) -> Html:
    """A plot with its caption."""
    caption = f"<figcaption>{escape(title)}<span>{escape(note)}</span></figcaption>"
    return Html(f"<figure>{caption}{svg}</figure>")


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], texts: int = 1) -> Html:
    """A table whose first columns, so many, are texts; the others are numbers."""
    heads = "".join(_cell("th", place < texts, cell) for place, cell in enumerate(head))
    lines = (
        "".join(_cell("td", place < texts, cell) for place, cell in enumerate(row)) for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    whole = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return Html(f'<div class="card wide">{whole}</div>')


def _cell(tag: str, is_text: bool, cell: Cell) -> str:
    kind = ' class="text"' if is_text else ""
    text = cell.text if isinstance(cell, Html) else escape(cell)
    return f"<{tag}{kind}>{text}</{tag}>"
