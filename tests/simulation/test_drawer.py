"""Machine code draws the people that NumPy draws, to the bit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DRAWS = """
from msgspec.structs import replace

from schemas.scenario_parts import ServingTime, Surge
from simulation.demand import Drawer
from simulation.scenario_file import scenario_of, shipped_catalogue
from simulation.twin.drawer import CompiledDrawer
from simulation.visitors import MINUTE

catalogue = shipped_catalogue()
usual = {one.code: one.usual_minutes * MINUTE for one in catalogue.services}
week = scenario_of("ordinary-week", catalogue)
first, second, *others = week.mix.services
own = replace(first, time=ServingTime(law="gamma", mean_minutes=9))
surge = Surge(service=second.service, at="11:00", minutes=30, visits=90)
wishes = replace(week.visitors, second_service=0.3, wrong_service=0.2, held=0.1)
busy = replace(
    week,
    days=tuple(replace(day, surges=(surge,)) for day in week.days),
    mix=replace(week.mix, services=(own, second, *others)),
    visitors=wishes,
)
empty = replace(week, days=tuple(replace(day, visits=0.01) for day in week.days))
for scenario in (empty, week, busy):
    for day in (0, 5):
        machine, python = (kind(scenario, day, usual) for kind in (CompiledDrawer, Drawer))
        for replication in (0, 1, 64, 3):
            found = machine.draw(replication).tobytes()
            assert found == python.draw(replication).tobytes(), (scenario.name, day, replication)
            print(len(found) > 0)
"""


def test_machine_code_draws_the_people_that_numpy_draws(tmp_path: Path) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DISABLE_JIT": "0"}
    command = [sys.executable, "-c", DRAWS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("True") >= 16
