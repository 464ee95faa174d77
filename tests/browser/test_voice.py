"""The voices' sound by measurement: nobody listens in a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from displays import voice
from displays.voice_words import COUNTERS

if TYPE_CHECKING:
    from tests.browser.stage import Stage

LANGUAGES = ("kk", "ru", "en")
MEASURE = """async (language) => {
  const { parts, sound } = await (await fetch(`/voice/${language}.json`)).json();
  const bytes = await (await fetch(`/voice/${sound}`)).arrayBuffer();
  const heard = await new OfflineAudioContext(1, 1, 24_000).decodeAudioData(bytes);
  const place = (seconds) => Math.round(seconds * heard.sampleRate);
  const piece = (from, to) => heard.getChannelData(0).subarray(place(from), place(to));
  const loudest = (piece) => piece.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const power = (piece) => Math.sqrt(piece.reduce((sum, one) => sum + one * one, 0) / piece.length);
  const measure = ([name, [start, length]]) => {
    const [before, part] = [piece(start - 0.08, start - 0.02), piece(start, start + length)];
    return [name, { length, before: loudest(before), peak: loudest(part), power: power(part) }];
  };
  const measured = Object.fromEntries(Object.entries(parts).map(measure));
  return { seconds: heard.duration, channels: heard.numberOfChannels, measured };
}"""
QUIET, SILENT, LOUDEST = 0.02, 0.02, 0.98
"""Power of a part, sound between two of them, and the peak of any: 1 is all that there is."""
VOWEL_LETTERS = {"kk": "аәеиоөұүуыіэяюё", "ru": "аеиоуыэяюё"}
VOWELS = r"u#|a#|@(?!-)|[AaeEIiouUO8Vy]"
NAMES = {f"{kind}-{letter}" for kind in ("ticket", "letter") for letter in map(chr, range(65, 91))}
NUMBERS = {*map(str, range(100)), *(str(n * m) for n in range(1, 10) for m in (100, 1000))}
WINDOWS = {"counter", *(f"counter-{number}" for number in range(1, COUNTERS + 1))}


def index(language: str) -> voice.Index:
    return msgspec.json.decode((voice.FOLDER / f"{language}.json").read_bytes(), type=voice.Index)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_part_is_heard_by_itself_and_not_cut_off(stage: Stage, language: str) -> None:
    page = await stage.open("", language="ru")
    found = await page.evaluate(MEASURE, language)
    measured = found["measured"]
    words = index(language).words
    assert found["channels"] == 1
    assert measured.keys() == NAMES | NUMBERS | WINDOWS
    assert [name for name, part in measured.items() if part["power"] < QUIET] == []
    assert [name for name, part in measured.items() if part["before"] > SILENT] == []
    assert [name for name, part in measured.items() if part["peak"] > LOUDEST] == []
    by_letter = {name: part["length"] / len(words[name]) for name, part in measured.items()}
    assert [name for name, part in measured.items() if part["length"] < 0.1] == []
    assert [name for name, each in by_letter.items() if not 0.03 < each < 0.3] == []
    start, length = list(index(language).parts.values())[-1]
    assert 0 < found["seconds"] - (start + length) < 0.3


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_syllable_of_a_word_is_said_and_no_letter_is_spelled(language: str) -> None:
    said = index(language)
    vowels = {name: len(re.findall(VOWELS, heard)) for name, heard in said.phonemes.items()}
    letters = {
        name: sum(letter in VOWEL_LETTERS[language] for letter in text)
        for name, text in said.words.items()
    }
    # A single short vowel is drawn out, or it would not be heard.
    drawn = {"ticket-I", "letter-I"} if language == "ru" else set()
    wrong = {name for name in vowels if vowels[name] != letters[name]}
    assert wrong == drawn


@pytest.mark.parametrize(
    ("language", "name", "heard"),
    [
        ("kk", "7", "Zet'I"),
        ("kk", "9", "t'oG@z"),
        ("kk", "20", "Z@j@*m'A"),
        ("kk", "40", "q'@*@q"),
        ("kk", "54", "el'u#w t'8*t"),
        ("kk", "300", "'u#S Z'u#z"),
        ("kk", "1000", "m'@N"),
        ("kk", "ticket-U", "tAL'on 'Uw"),
        ("kk", "counter", "te*ez'e"),
        ("kk", "counter-3", "u#SInS'I te*ezeg'e kelIN'Iz"),
        ("ru", "counter-3", "pVdVjd;'it;i kakn'u t@-r;'I"),
        ("ru", "600", "Syst;s'ot"),
    ],
)
def test_words_are_said_as_they_are_spoken(language: str, name: str, heard: str) -> None:
    assert index(language).phonemes[name] == heard
