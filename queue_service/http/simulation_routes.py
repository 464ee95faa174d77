"""The routes of scenarios and simulations."""

from __future__ import annotations

from typing import Final

from queue_service.http import simulations
from queue_service.http.askers import PLANNERS
from queue_service.http.call import DATE, Parameter, Route
from schemas import wire_simulations as wire

_SCENARIOS: Final = "/v1/scenarios"
_SIMULATIONS: Final = "/v1/simulations"
_SIMULATION: Final = f"{_SIMULATIONS}/{{simulation}}"
_PAGING: Final = (
    Parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": simulations.LONGEST_PAGE},
        f"how many at most, {simulations.USUAL_PAGE} without it",
    ),
    Parameter(
        "before",
        {"type": "integer", "minimum": 0, "maximum": 2**53},
        "`older` of the page before; the newest without it",
    ),
)
_WHICH: Final = Parameter(
    "which",
    {"type": "string", "enum": ["scenario", "versus"]},
    "the policy; the first one without it",
)
_OF: Final = Parameter(
    "of",
    {"type": "string"},
    f"ids with commas, 2 to {simulations.MOST_COMPARED}; an id may end in `:versus`",
)

SIMULATIONS: Final = (
    Route(
        method="GET",
        path=_SCENARIOS,
        handler=simulations.scenarios,
        name="list_scenarios",
        summary="Scenarios that may be picked: shipped and saved ones",
        roles=PLANNERS,
        answers={200: wire.Scenarios},
        tag="simulation",
    ),
    Route(
        method="POST",
        path=_SCENARIOS,
        handler=simulations.save,
        name="save_scenario",
        summary="Save a scenario under an id of its own",
        roles=PLANNERS,
        body=wire.SaveScenario,
        large=True,
        answers={201: wire.ScenarioDocument},
        tag="simulation",
    ),
    Route(
        method="GET",
        path=f"{_SCENARIOS}/schema",
        handler=simulations.form,
        name="see_scenario_form",
        summary="Every field of a scenario with its words and bounds",
        roles=PLANNERS,
        answers={200: wire.ScenarioForm},
        tag="simulation",
    ),
    Route(
        method="POST",
        path=f"{_SCENARIOS}/check",
        handler=simulations.check,
        name="check_scenario",
        summary="Read a scenario from a file's text or from a form, or name every fault in it",
        roles=PLANNERS,
        body=wire.CheckScenario,
        large=True,
        answers={200: wire.CheckedScenario},
        repeatable=False,
        tag="simulation",
    ),
    Route(
        method="GET",
        path=f"{_SCENARIOS}/{{scenario}}",
        handler=simulations.scenario,
        name="see_scenario",
        summary="A scenario as a whole",
        roles=PLANNERS,
        answers={200: wire.ScenarioDocument},
        problems=("unknown_scenario",),
        tag="simulation",
    ),
    Route(
        method="DELETE",
        path=f"{_SCENARIOS}/{{scenario}}",
        handler=simulations.delete,
        name="delete_scenario",
        summary="Forget a saved scenario",
        roles=PLANNERS,
        answers={204: None},
        problems=("unknown_scenario",),
        repeatable=False,
        tag="simulation",
    ),
    Route(
        method="GET",
        path=_SIMULATIONS,
        handler=simulations.page,
        name="list_simulations",
        summary="Simulations, the newest first",
        roles=PLANNERS,
        query=_PAGING,
        answers={200: wire.Simulations},
        tag="simulation",
    ),
    Route(
        method="POST",
        path=_SIMULATIONS,
        handler=simulations.start,
        name="start_simulation",
        summary="Ask for the days of a scenario, replicated; a worker runs them",
        roles=PLANNERS,
        body=wire.StartSimulation,
        large=True,
        answers={201: wire.Simulation},
        tag="simulation",
    ),
    Route(
        method="GET",
        path=_SIMULATION,
        handler=simulations.see,
        name="see_simulation",
        summary="A simulation: its progress, and what it has come to so far",
        roles=PLANNERS,
        answers={200: wire.Simulation},
        problems=("unknown_simulation",),
        tag="simulation",
    ),
    Route(
        method="POST",
        path=f"{_SIMULATION}/cancel",
        handler=simulations.cancel,
        name="cancel_simulation",
        summary="End a simulation early; what is finished stays",
        roles=PLANNERS,
        answers={200: wire.Simulation},
        problems=("unknown_simulation", "simulation_over"),
        repeatable=False,
        tag="simulation",
    ),
    Route(
        method="GET",
        path=f"{_SIMULATION}/course",
        handler=simulations.course,
        name="see_course",
        summary="A day of the first replication minute by minute",
        roles=PLANNERS,
        query=(DATE, _WHICH),
        answers={200: wire.Course},
        problems=("unknown_simulation", "unknown_course"),
        tag="simulation",
    ),
    Route(
        method="GET",
        path="/v1/comparison",
        handler=simulations.compare,
        name="compare_simulations",
        summary="Figures of several simulations side by side",
        roles=PLANNERS,
        query=(_OF,),
        answers={200: wire.RunComparison},
        problems=("unknown_simulation",),
        tag="simulation",
    ),
)
