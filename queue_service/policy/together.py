"""Regimes that cannot be kept together: each is sound by itself, the plan of a branch is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from queue_service.policy.plan import Layer, reach, regime_layers, values_on
from schemas.branch import Branch
from schemas.fields import Sentence
from schemas.plan_values import Contradiction
from schemas.regime import Moment, Regime


def contradictions(
    regime: Regime, others: Sequence[Regime], branch: Branch, since: Moment
) -> Iterator[tuple[str, Sentence]]:
    """What `regime` would make impossible at a branch from the local time `since` on.

    Of each its rule to correct and the sentence, which names the branch. It is looked at whenever
    one of the `others` begins or ends. Managers' changes, which are made for one day, are left out.
    """
    if not reach(regime, branch):
        return
    yield from _unknown_counters(regime, branch)
    for moment in _turns(regime, others, since):
        before = {one.field for one in _found(others, branch, moment)}
        found = _found((*others, regime), branch, moment)
        yield from (_said(one, regime, branch) for one in found if one.field not in before)


def _unknown_counters(regime: Regime, branch: Branch) -> Iterator[tuple[str, Sentence]]:
    """Of a wider regime those hold that a branch has; over one branch all must be its own."""
    known = tuple(counter.id for counter in branch.counters)
    for counter in (regime.rules.counters_in_use or ()) if regime.scope.branch else ():
        if counter not in known:
            sentence = Sentence(
                "{counter} is no counter of the branch, its counters are {known}",
                counter=counter,
                known=known,
            )
            yield "rules.counters_in_use", sentence


def _said(one: Contradiction, regime: Regime, branch: Branch) -> tuple[str, Sentence]:
    stated = getattr(regime.rules, one.field) is not None
    sentence = Sentence("{branch}: {what}", branch=branch.name, what=one.sentence)
    return f"rules.{one.field if stated else one.other}", sentence


def _turns(regime: Regime, others: Iterable[Regime], since: Moment) -> list[Moment]:
    """Local times at which the regimes in force beside `regime` are others than before."""
    first = max(regime.begins, since)
    ends = {moment for other in others for moment in (other.begins, other.ends)}
    turns = {first, *(_begun(moment) for moment in ends if first < moment < regime.ends)}
    return sorted(moment for moment in turns if regime.in_force(*moment))


def _begun(moment: Moment) -> Moment:
    """The end of a date is the beginning of the next one."""
    day, time = moment
    return (day + timedelta(days=1), "00:00") if time == "24:00" else moment


def _found(regimes: Iterable[Regime], branch: Branch, moment: Moment) -> list[Contradiction]:
    layers = regime_layers(regimes, branch, *moment)
    return [*values_on(branch, moment[0], layers).contradictions(), *_no_hours(layers)]


def _no_hours(layers: Sequence[Layer]) -> Iterator[Contradiction]:
    """Hours that the regimes themselves leave empty, whatever the branch's are."""
    opens = [layer.values.opens for layer in layers if layer.values.opens]
    closes = [layer.values.closes for layer in layers if layer.values.closes]
    if opens and closes and min(closes) <= max(opens):
        sentence = Sentence("write hours that leave time between opening and closing")
        yield Contradiction("closes", "opens", sentence)
