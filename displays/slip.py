"""The paper ticket as a picture: no code page of a printer has the Kazakh letters.

One dot is one pixel: 8 to the millimetre, 576 across a roll of 80 mm. Fonts are the pages' own.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final

import msgspec
import segno
from msgspec import Meta
from PIL import Image, ImageDraw, ImageFont

FONTS: Final = Path(__file__).parent / "web" / "vendor" / "fonts"
WIDTH: Final = 576
MARGIN: Final = 12
QR_MOST: Final = 336
"""Dots along a side of the QR code at most."""
QR_BORDER: Final = 4
BLACK, WHITE = 0, 255
_CYRILLIC: Final = range(0x400, 0x460)
_ALSO_CYRILLIC: Final = frozenset("ҐґҰұ№")
_CYRILLIC_MORE: Final = range(0x460, 0x530)

Line = Annotated[str, Meta(min_length=1, max_length=200)]


class Slip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands on a paper ticket, in the visitor's language; `url` becomes a QR code."""

    title: Line
    number: Annotated[str, Meta(min_length=1, max_length=12)]
    lines: Annotated[tuple[Line, ...], Meta(max_length=12)]
    url: Annotated[str, Meta(min_length=1, max_length=300)]
    footer: Line


def draw(slip: Slip) -> Image.Image:
    """The slip in black and white, `WIDTH` dots wide and as long as it needs to be."""
    parts = [
        _text(slip.title, 30, 500),
        _text(slip.number, 132, 800),
        *(_text(line, 28, 500) for line in slip.lines),
        qr_picture(slip.url),
        _text(slip.footer, 24, 400),
    ]
    picture = Image.new("L", (WIDTH, sum(part.height for part in parts) + 2 * MARGIN), WHITE)
    top = MARGIN
    for part in parts:
        picture.paste(part, ((WIDTH - part.width) // 2, top))
        top += part.height
    return picture.point(lambda shade: BLACK if shade < 128 else WHITE).convert("1")  # noqa: PLR2004


def qr_picture(text: str) -> Image.Image:
    """A QR code of whole dots, its quiet zone included."""
    code = segno.make(text, micro=False, error="m")
    modules = len(code.matrix) + 2 * QR_BORDER
    dots = max(1, QR_MOST // modules)
    picture = Image.new("L", (modules, modules), WHITE)
    for row, bits in enumerate(code.matrix_iter(border=QR_BORDER)):
        for column, dark in enumerate(bits):
            picture.putpixel((column, row), BLACK if dark else WHITE)
    return picture.resize((modules * dots, modules * dots), Image.Resampling.NEAREST)


def _text(text: str, size: int, weight: int) -> Image.Image:
    """A paragraph, wrapped and centred."""
    lines = _wrapped(text, size, weight)
    height = round(size * 1.3)
    picture = Image.new("L", (WIDTH, height * len(lines)), WHITE)
    canvas = ImageDraw.Draw(picture)
    for index, line in enumerate(lines):
        left = (WIDTH - _length(line, size, weight)) / 2
        for name, run in _runs(line):
            font = _font(name, size, weight)
            canvas.text((left, index * height), run, font=font, fill=BLACK)
            left += font.getlength(run)
    return picture


def _wrapped(text: str, size: int, weight: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _length(longer, size, weight) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines += _broken(word, size, weight)
    return [line for line in lines if line] or [""]


def _broken(word: str, size: int, weight: int) -> list[str]:
    """A word in pieces that fit a line each: nearly always one."""
    pieces = [""]
    for letter in word:
        if _length(pieces[-1] + letter, size, weight) > WIDTH - 2 * MARGIN:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _length(text: str, size: int, weight: int) -> float:
    return sum(_font(name, size, weight).getlength(run) for name, run in _runs(text))


def _runs(text: str) -> list[tuple[str, str]]:
    """The text in pieces that one font file has the letters for."""
    return [(name, "".join(letters)) for name, letters in groupby(text, _font_name)]


def _font_name(letter: str) -> str:
    if letter in _ALSO_CYRILLIC or ord(letter) in _CYRILLIC:
        return "cyrillic"
    return "cyrillic-ext" if ord(letter) in _CYRILLIC_MORE else "latin"


@cache
def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONTS / f"inter-{name}-wght-normal.woff2", size)
    font.set_variation_by_axes([weight])
    return font
