"""Renders the spoken parts of the calls: `python -m displays.voice`.

One sound file and one index a language, under web/voice/. The hall board puts a call together from
the parts: "Талон пэ," + "жүз" + "он жеті" + "бесінші терезеге келіңіз". Needs `espeak-ng` and
`opusenc` (opus-tools); the board itself needs neither.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from displays.voice_words import for_the_voice, phrases, words

FOLDER: Final = Path(__file__).parent / "web" / "voice"
_RATE: Final = 22_050
"""Samples a second, as espeak-ng speaks."""
_WORDS_A_MINUTE: Final = "140"
_AMPLITUDE: Final = "70"
"""Of 200; at 100, the voice's own, the loudest sounds of Russian are cut off."""
_PATIENCE: Final = 200.0
"""Seconds after which a tool is taken for stuck."""
_BITRATE: Final = "12"
_SILENCE: Final = 250
"""Samples that are not louder are silence, of 32,767."""
_GAP: Final = _RATE // 10


class Index(msgspec.Struct, frozen=True):
    """Where the parts of a language lie in its sound file."""

    sound: str
    parts: dict[str, tuple[float, float]]
    """Name -> start and length in seconds."""
    words: dict[str, str]
    """Name -> what is said."""
    phonemes: dict[str, str]
    """Name -> how the voice says it, in espeak-ng's letters."""


def render(language: str, folder: Path) -> None:
    """Writes LANGUAGE.ogg and LANGUAGE.json; raises `SubprocessError` when a tool fails."""
    said = phrases(language)
    spelled = {name: for_the_voice(language, text) for name, text in said.items()}
    samples, parts = _joined({name: _spoken(language, text) for name, text in spelled.items()})
    phonemes = {name: _phonemes(language, text) for name, text in spelled.items()}
    sound = f"{language}.ogg"
    _encode(samples, folder / sound)
    index = Index(sound=sound, parts=parts, words=said, phonemes=phonemes)
    (folder / f"{language}.json").write_bytes(msgspec.json.encode(index) + b"\n")


def _spoken(language: str, text: str) -> array[int]:
    speak = ["espeak-ng", "-v", language, "-s", _WORDS_A_MINUTE, "-a", _AMPLITUDE, "-w"]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run([*speak, file.name, text], check=True, timeout=_PATIENCE)
        with wave.open(file.name) as sound:
            return _trimmed(array("h", sound.readframes(sound.getnframes())))


def _phonemes(language: str, text: str) -> str:
    transcribe = ["espeak-ng", "-q", "-x", "-v", language, text]
    said = subprocess.run(
        transcribe, check=True, capture_output=True, text=True, timeout=_PATIENCE
    ).stdout
    return " ".join(said.split())


def _trimmed(samples: array[int]) -> array[int]:
    """Without the silence before and after: pauses are the board's to make."""
    loud = [place for place, sample in enumerate(samples) if abs(sample) > _SILENCE]
    return samples[loud[0] : loud[-1] + 1] if loud else samples


def _joined(
    sounds: Mapping[str, array[int]],
) -> tuple[array[int], dict[str, tuple[float, float]]]:
    """All sounds one after another, with gaps, and where each lies."""
    gap = array("h", bytes(2 * _GAP))
    joined, parts = array("h", gap), {}
    for name, sound in sounds.items():
        parts[name] = (round(len(joined) / _RATE, 3), round(len(sound) / _RATE, 3))
        joined += sound + gap
    return joined, parts


def _encode(samples: array[int], target: Path) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        with wave.open(file.name, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(_RATE)
            sound.writeframes(samples.tobytes())
        options = ["--quiet", "--serial", "1", "--bitrate", _BITRATE, "--vbr"]
        encode = ["opusenc", *options, file.name, str(target)]
        subprocess.run(encode, check=True, timeout=_PATIENCE)


def main() -> int:
    """Renders every language; the exit status."""
    absent = [tool for tool in ("espeak-ng", "opusenc") if not shutil.which(tool)]
    if absent:
        sys.stderr.write(f"not installed: {', '.join(absent)}; get espeak-ng and opus-tools\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for language in words():
        render(language, FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
