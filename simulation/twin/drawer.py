"""Draws the same visitors as Python does, by machine code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from schemas.scenario import Scenario
from simulation import drawing
from simulation.demand import Drawer, Key
from simulation.drawing import Choices, Flow
from simulation.ledger import Numbers
from simulation.streams import PURPOSES, seeds
from simulation.twin import kept
from simulation.twin.compiled import compiled, over
from simulation.twin.numbers import draw_numbers


@compiled
def arrive(flow: Flow) -> None:
    """Services and instants of all visits, as far as the gaps reach."""
    drawing.arrive(flow)


@compiled
def choose(choices: Choices, seeds_of: Numbers) -> None:
    """Finds the places of the visits in the streams, and what stands there."""
    drawing.find_places(choices)
    draw_numbers(choices, seeds_of)
    drawing.choose(choices)


class CompiledDrawer(Drawer):
    """In tables that are used over and over: what is drawn lasts until the next replication."""

    def __init__(self, scenario: Scenario, day: int, usual: Mapping[str, int]) -> None:
        super().__init__(scenario, day, usual)
        self._rows = np.array([PURPOSES.index(one) for one in self.purposes], np.intp)
        self.seeds = np.zeros((len(self._rows), 4), np.int64)
        self._arrive: tuple[Flow, Callable[[], None]] | None = None
        self._chosen: tuple[Choices, Callable[[], None]] | None = None

    def arrive(self) -> None:
        if self._arrive is None or self._arrive[0] is not self.flow:
            self._arrive = self.flow, over(arrive, self.flow)
        self._arrive[1]()

    def choose(self, key: Key) -> None:
        if kept.is_interpreted():
            super().choose(key)
            return
        if self._chosen is None or self._chosen[0] is not self.choices:
            self._chosen = self.choices, over(choose, self.choices, self.seeds)
        seeds(*key).take(self._rows, axis=0, out=self.seeds)
        self._chosen[1]()
