"""What the commands of experiments have in common: numbers with bounds, failures in a sentence."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from math import isfinite

from simulation.experiments.crews import CrewError
from simulation.live.scenario import ScenarioError

_FAILED, INTERRUPTED = 1, 130


class Status:
    """The exit status of a command."""

    code = 0


@contextmanager
def failing(folder: str) -> Iterator[Status]:
    """What is wrong with the input goes to standard error and sets the status.

    So does Ctrl-C outside of what is `stoppable`. `folder` is the option that names what is written
    to.
    """
    status = Status()
    try:
        yield status
    except (ScenarioError, CrewError) as problem:
        sys.stderr.write(f"{problem}\n")
        status.code = _FAILED
    except BrokenProcessPool:
        sys.stderr.write("A worker has died, out of memory perhaps: write fewer --workers.\n")
        status.code = _FAILED
    except OSError as problem:
        why = ": ".join(map(str, filter(None, (problem.filename, problem.strerror)))) or str(
            problem
        )
        sys.stderr.write(f"{folder} cannot be written to: {why}. Name a folder of your own.\n")
        status.code = _FAILED
    except KeyboardInterrupt:
        sys.stderr.write("Stopped: nothing is finished yet.\n")
        status.code = INTERRUPTED


class Stop:
    """Whether Ctrl-C ended the work."""

    asked = False


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Ctrl-C ends what is done inside; what is finished by then is kept."""
    stop = Stop()
    try:
        yield stop
    except KeyboardInterrupt:
        sys.stderr.write("Stopped: what is finished is kept.\n")
        stop.asked = True


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number between two bounds."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def positive(text: str) -> float:
    """Reads a number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not isfinite(value) or value <= 0:
        raise ArgumentTypeError(f"{text!r} is not a number above 0")
    return value
