"""The model, stripped to the case, gives what is known of it; a table that is wrong is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from simulation.validity import budget
from simulation.validity.families import APPROXIMATE
from simulation.validity.table import Known, TableError, read
from simulation.validity.validate import ENGINES, SHIPPED, Line, main, markdown, validate

if TYPE_CHECKING:
    from simulation.model import DayRun

KNOWN = {entry.id: entry for entry in read(SHIPPED)}
SLOW = {
    *("mg1_lognormal", "mg1_noshow_mixture", "mtmc_sinusoid", "mgc_allen_cunneen"),
    "bulk_mmK1_K10",
}
"""Too heavily loaded for a short run, or only an approximation; the command runs them longer."""
SHORT = 2_500
FEW = 300
LIGHTER = [
    Known(
        "bulk_light",
        {"lam": 1.0, "mu": 0.25, "K": 10},
        {"r0": 0.8236794, "p0": 0.1763206, "L": 4.6714859, "Lq": 0.6714859, "W": 4.6714859},
    ),
    Known("mg1_light", {"lam": 0.08, "mean": 6.2, "cv": 0.8}, {"Wq": 5.0039, "rho": 0.496}),
    Known(
        "noshow_light",
        {"lam": 0.1, "mean": 6.2, "cv": 0.8, "p_noshow": 0.3, "callout": 1.0},
        {"ES": 4.64, "Wq": 0.1 * 44.42928 / (2 * (1 - 0.464))},
    ),
    Known(
        "bailey_often_empty",
        {"m": 0.5, "K": 1, "T": 3.0},
        {"left_after": 0.25, "just_before": 0.75, "time_avg": 0.5, "door_wait": 3.0},
    ),
    Known(
        "bailey_sometimes_empty",
        {"m": 1.0, "K": 2, "T": 1.0},
        {"left_after": 0.176741, "just_before": 1.176741, "door_wait": 0.676741},
    ),
]


def off(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.verdict != "ok"]


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - SLOW))
def test_the_model_gives_what_is_known(name: str) -> None:
    assert off(validate(KNOWN[name], SHORT, 1)) == []


@pytest.mark.parametrize(
    "entry",
    [
        *(KNOWN[name] for name in ("bulk_mmK1_K10", "cobham_c1", "erlang_b_c10_a5")),
        KNOWN["mm1_vacations_E1"],
        *(entry for entry in LIGHTER if entry.id.startswith("bailey")),
    ],
    ids=lambda entry: entry.id,
)
def test_the_compiled_engine_finds_the_same(entry: Known) -> None:
    theirs, ours = (validate(entry, FEW, 1, engine) for engine in ("simpy", "compiled"))
    assert [replace(line, engine="simpy") for line in ours] == theirs
    assert {line.engine for line in ours} == {"compiled"}


@pytest.mark.parametrize(("name", "same"), [("drain_after_close", True), ("md1", False)])
def test_only_what_is_one_long_run_is_made_in_parts(
    monkeypatch: pytest.MonkeyPatch, name: str, *, same: bool
) -> None:
    whole = validate(KNOWN[name], SHORT, 1)
    monkeypatch.setattr(budget, "MOST_IN_A_RUN", SHORT // 2)
    parts = validate(KNOWN[name], SHORT, 1)
    assert off(parts) == []
    assert (parts == whole) is same


def test_what_is_too_large_for_the_compiled_engine_is_said() -> None:
    entry = Known("many", {"c": 300, "a": 50.0}, {"B": 0.0})
    with pytest.raises(TableError, match=r"many: .*room for 256 counters.*--engine simpy"):
        validate(entry, SHORT, 1, "compiled")


@pytest.mark.parametrize(
    ("like", "changed", "sentence"),
    [
        ("cobham_c1", {"lam_high": 1e-4}, "Wq_high: there are too few of whom it is told"),
        ("mmck_c16_K60", {"lam": 1e3}, "W: there are too few of whom it is told"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_where_too_few_are_told_of_it_is_said(
    like: str, changed: dict[str, float], sentence: str, engine: str
) -> None:
    known = KNOWN[like]
    entry = replace(known, inputs=known.inputs | changed)
    with pytest.raises(TableError, match=f"{like}: {sentence}"):
        validate(entry, FEW, 1, engine)


def table_of(path: Path, *entries: Known) -> str:
    """A file with the entries; its path."""
    told = [{"id": one.id, "inputs": one.inputs, "expected": one.expected} for one in entries]
    table = path / "table.json"
    table.write_text(json.dumps({"entries": told}))
    return str(table)


@pytest.mark.parametrize(
    ("like", "changed", "sentence"),
    [
        ("little_mmc", {"lam": 3.0}, "lam: the queue would grow without end, write lam < c*mu"),
        ("mmc_c1_lam0.8", {"lam": 1.0}, "lam: the queue would grow without end, write lam < c*mu"),
        ("mmc_c1_lam0.8", {"t": [2.0, 3.0]}, "t: several are no instant, write one number"),
        ("mg1_lognormal", {"lam": 0.2}, "lam: the queue would grow without end, write lam < 1/m"),
        ("me21", {"lam": 1}, "lam: the queue would grow without end, write lam < 1/mean"),
        ("md1", {"D": 2.0}, "lam: the queue would grow without end, write lam < 1/D"),
        ("mg1_noshow_mixture", {"callout": 20.0}, "lam: the queue would grow without end"),
        ("mg1_vacations_det15", {"lam": 0.2}, "lam: the queue would grow without end"),
        ("mm1_vacations_E1", {"lam": 1.0}, "lam: the queue would grow without end, write lam < mu"),
        ("mgc_allen_cunneen", {"lam": 3.0}, "lam: the queue would grow without end, write lam < c"),
        ("batch_arrivals_mx_m1", {"X": 20}, "lam: the queue would grow without end, write lam < m"),
        ("cobham_c1", {"lam_low": 0.8}, "lam_low: the queue would grow without end"),
        ("bulk_mmK1_K10", {"lam": 2.5}, "lam: the queue would grow without end, write lam < K*mu"),
        ("bailey_group_m8_K10", {"K": 4}, "m: the queue would grow without end, write m < K"),
        ("bailey_group_m8_K10", {"m": 1e-3}, "m: waiting for somebody to come would take years"),
        ("mg1_vacations_det15", {"V": 0.01}, "V: waiting for somebody to come would take years"),
        ("mm1_vacations_E1", {"EV": 0.01}, "EV: waiting for somebody to come would take years"),
        ("bulk_mmK1_K10", {"mu": 1e3}, "lam: waiting for somebody to come would take years"),
        ("bailey_group_m8_K10", {"T": 1e4}, "m: 1000 visits at this rate take years"),
        ("erlang_b_c10_a5", {"a": 1e-4}, "a: 1000 visits at this rate take years, write a greater"),
        ("mtminf_offered_load", {"mean": 1e4}, "mean: too many counters would be needed, write"),
        ("drain_after_close", {"mu": 1e-4, "n0": 5000}, "mu: serving them would take years, write"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_runs(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    like: str,
    changed: dict[str, object],
    sentence: str,
) -> None:
    monkeypatch.setitem(ENGINES, "simpy", lambda: pytest.fail("something runs"))
    wrong = replace(KNOWN[like], inputs=KNOWN[like].inputs | changed)
    table = table_of(tmp_path, KNOWN["erlang_b_c16_a12.4"], wrong)
    assert main([table, "--visits", "1000"]) == 1
    assert f"{like}: inputs.{sentence}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("like", "name"),
    [
        ("warm_start_mmc", "EN_1000000"),
        ("mtmc_sinusoid", "EN_1000000"),
        ("mtminf_offered_load", "m_1000000"),
        ("pause_nonpreemptive_c4", "EW_9999999"),
    ],
)
def test_what_is_looked_at_too_late_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], like: str, name: str
) -> None:
    late = replace(KNOWN[like], expected={name: 1.0})
    assert main([table_of(tmp_path, late), "--visits", "1000"]) == 1
    sentence = f"{like}: expected.{name}: what happens until then would take years"
    assert sentence in capsys.readouterr().err


def test_how_many_visits_make_years_depends_on_how_many_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seldom = Known("seldom", {"c": 2, "lam": 0.01, "mu": 0.008, "t": 60}, {"C": 0.4807692})
    table = table_of(tmp_path, seldom)
    assert main([table, "--visits", "120000"]) == 1
    sentence = "seldom: inputs.lam: 60000 visits at this rate take years, write a greater one"
    assert sentence in capsys.readouterr().err
    assert main([table, "--visits", "2000"]) == 0


def test_nobody_comes_in_a_short_time_and_nobody_is_there() -> None:
    inputs = {"lam_bar": 1e-4, "A": 0.6, "omega": 0.5, "mean": 0.1, "t": [5]}
    (line,) = validate(Known("nobody", inputs, {"m_5": 0.0}), FEW, 1)
    assert (line.found, line.deviation, line.verdict) == (0.0, 0.0, "ok")


def test_a_share_above_1_is_off() -> None:
    known = KNOWN["erlang_a_c50"]
    entry = Known("x", known.inputs | {"lam": 1.0}, {"P_wait": 1.3})
    (line,) = validate(entry, FEW, 1)
    assert (line.found, line.verdict) == (0.0, "off")


def test_what_never_varies_is_right_or_off() -> None:
    inputs = KNOWN["pause_nonpreemptive_c4"].inputs | {"lam": 5.0}
    (busy,) = validate(Known("x", inputs, {"EB_120": 4.0}), FEW, 1)
    assert (busy.found, busy.deviation, busy.verdict) == (4.0, 0.0, "ok")
    (wrong,) = validate(Known("x", inputs, {"EB_120": 3.9}), FEW, 1)
    assert (wrong.deviation, wrong.verdict) == (inf, "off")


def test_a_table_may_expect_in_any_order() -> None:
    known = KNOWN["mtminf_offered_load"]
    turned = replace(known, expected=dict(reversed(known.expected.items())))
    by_name = {line.quantity: line for line in validate(turned, FEW, 1)}
    assert by_name == {line.quantity: line for line in validate(known, FEW, 1)}


def test_only_a_day_that_is_too_large_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> DayRun:
        raise ValueError("something else is the matter")

    monkeypatch.setitem(ENGINES, "compiled", lambda: breaks)
    with pytest.raises(ValueError, match=r"^something else is the matter$"):
        validate(KNOWN["erlang_b_c10_a5"], FEW, 1, "compiled")


def test_a_quantity_that_a_family_does_not_know_is_not_covered() -> None:
    entry = Known("warm", {"c": 1, "lam": 0.5, "mu": 1.0, "n0": 1}, {"W": 1.0})
    assert [line.verdict for line in validate(entry, FEW, 1)] == ["not covered"]


@pytest.mark.parametrize("entry", LIGHTER, ids=lambda entry: entry.id)
def test_the_model_gives_what_formulas_say_of_other_parameters(entry: Known) -> None:
    assert off(validate(entry, SHORT, 1)) == []


@pytest.mark.parametrize(
    ("name", "changes", "visits"),
    [
        ("bailey_group_m20_K30", {"T": 10.3, "m": 20.6}, 8_000),
        ("drain_after_close", {"c": 10}, 3_000),
        ("mmck_c16_K60", {"K": 50}, SHORT),
        ("pause_nonpreemptive_c4", {"pause": [120, 128]}, SHORT),
        ("bulk_mmK1_K10", {"K": 9}, 12_000),
        ("cobham_c1", {"lam_high": 0.3, "lam_low": 0.3}, SHORT),
    ],
)
def test_a_changed_rate_or_rule_is_noticed(
    name: str, changes: dict[str, object], visits: int
) -> None:
    known = KNOWN[name]
    changed = replace(known, inputs=known.inputs | changes)
    assert [line.verdict for line in validate(changed, visits, 1) if line.verdict == "off"]


def test_what_the_rules_cannot_be_stripped_to_is_said() -> None:
    entry = Known("polling", {"queues": 3, "lam": 1.0, "switch": 0.5}, {"W": 4.0})
    assert {line.verdict for line in validate(entry, SHORT, 1)} == {"not covered"}


def test_more_visits_tell_smaller_deviations() -> None:
    few, many = (
        validate(KNOWN["erlang_b_c10_a5"], visits, 1)[0].off_from for visits in (1_000, 16_000)
    )
    assert few is not None
    assert many is not None
    assert many < few / 2


def test_the_command_tells_deviations_and_fails_where_one_is_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "table.json"
    entry = {"id": "wrong", "inputs": {"c": 2, "a": 1.0}, "expected": {"B": 0.5}}
    wrong.write_text(json.dumps({"entries": [entry]}))
    assert main([str(wrong), "--visits", "1000", "--json"]) == 1
    (line,) = json.loads(capsys.readouterr().out)
    assert line["verdict"] == "off"
    assert line["deviation"] < -5
    assert abs(line["found"] / 0.5 - 1) > line["off_from"]
    assert main([str(SHIPPED), "--visits", "1000", "--only", "erlang_b_c10_a5"]) == 0
    assert "erlang_b_c10_a5" in capsys.readouterr().out


def test_the_command_says_how_many_would_be_noticed_a_little_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = KNOWN["mg1_noshow_mixture"]
    entry = replace(known, expected={name: known.expected[name] for name in ("ES", "Wq")})
    mean, wait = validate(entry, 10_000, 1)
    assert mean.off_from is not None
    assert wait.off_from is not None
    assert mean.off_from < 0.03 < wait.off_from
    assert main([table_of(tmp_path, entry), "--visits", "10000"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    sentence = "0 of 2 quantities are off. With 10000 visits for an entry, a result 3 % off would"
    assert f"{sentence} be noticed for 1 of them; more --visits make it finer." in told
    both = [mean, replace(mean, engine="compiled"), wait, replace(wait, engine="compiled")]
    assert sentence in " ".join(markdown(both, 10_000, 1, "both").split())


def test_an_entry_that_fails_as_it_runs_leaves_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seldom = replace(KNOWN["cobham_c1"], inputs=KNOWN["cobham_c1"].inputs | {"lam_high": 1e-4})
    table = table_of(tmp_path, seldom, KNOWN["erlang_b_c10_a5"])
    assert main([table, "--visits", "1000", "--json"]) == 1
    told = capsys.readouterr()
    assert [line["id"] for line in json.loads(told.out)] == ["erlang_b_c10_a5"]
    assert "cobham_c1: Wq_high: there are too few of whom it is told" in told.err


def test_ctrl_c_keeps_what_is_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked_to_stop(*_: object) -> DayRun:
        raise KeyboardInterrupt

    ways = iter([ENGINES["simpy"](), asked_to_stop])
    monkeypatch.setitem(ENGINES, "simpy", lambda: next(ways))
    table = table_of(tmp_path, KNOWN["erlang_b_c10_a5"], KNOWN["md1"], KNOWN["me21"])
    assert main([table, "--visits", "1000", "--json"]) == 130
    told = capsys.readouterr()
    assert {line["id"] for line in json.loads(told.out)} == {"erlang_b_c10_a5"}
    assert "Stopped: what is finished is kept." in told.err


@pytest.mark.parametrize(
    ("table", "options", "sentence"),
    [
        ('{"entries": []}', [], "table.json: entries: are none"),
        ('{"entries": [{"id": "x", "inputs": {"c": 2, "a": 1.0}, "expected": {}}]}', [],
         "x: expected: is empty"),
        ('{"entries": [{"id": "x", "inputs": {"zeta": 2}, "expected": {"B": 0.2}}]}', [],
         "Nothing of it is covered"),
        ('{"entries": [{"id": "x", "inputs": {"c": 2, "a": 1.0}, "expected": {"B": 0.2}}]}',
         ["--only", "y"], "--only: y is not in the table, write one of x"),
    ],
)  # fmt: skip
def test_a_table_of_which_nothing_is_checked_does_not_pass(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    table: str,
    options: list[str],
    sentence: str,
) -> None:
    path = tmp_path / "table.json"
    path.write_text(table)
    assert main([str(path), "--visits", "1000", *options]) == 1
    assert sentence in capsys.readouterr().err


def test_the_page_has_a_row_for_each_engine(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--visits", "1000", "--engine", "both", "--markdown"]
    assert main([str(SHIPPED), *options, "--only", "erlang_b_c10_a5"]) == 0
    page = capsys.readouterr().out
    assert "`./kezek validate --engine both --visits 1000 --seed 1 --markdown`" in page
    model, twin = (line for line in page.splitlines() if line.startswith("| erlang_b_c10_a5"))
    assert model == twin.replace("compiled", "simpy")


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ('{"c": -2, "a": 1.0}', "x: inputs.c: -2 is below 0"),
        ('{"c": 2.5, "a": 1.0}', "x: inputs.c: 2.5 is not accepted, write a whole number"),
        ('{"c": 2, "a": 0}', "x: inputs.a: is 0"),
        ('{"c": 2, "a": [1.0]}', r"x: inputs.a: \[1.0\] is not accepted, write a number"),
        ('{"c": 100000000, "a": 1.0}', "from 1 to 5000"),
        ('{"c": "two", "a": 1.0}', "x: inputs.c: 'two' is not accepted"),
        ('{"c": 2, "a": NaN}', "x: inputs.a: nan is not accepted, write a finite number"),
        ('{"c": 2, "a": -Infinity}', "x: inputs.a: -inf is not accepted"),
        ('{"c": 2, "a": 1e999}', "x: inputs.a: inf is not accepted"),
        ('{"c": 2, "a": }', "table.json is no table of known results: Expecting value: line 1"),
        ('{"start": "full"}', "x: inputs.start: 'full' is not known, write empty"),
        (
            '{"vacation": "fixed"}',
            "vacation: 'fixed' is not known, write one of Erlang-1, Erlang-2",
        ),
        ('{"lam": 0.1, "mean": 1e300, "cv": 1}', "x: inputs.mean: 1e.300 is out of range"),
        ('{"A": 1.5}', "x: inputs.A: 1.5 is above 1, write a share from 0 to 1"),
        ('{"lam_high": 0}', "x: inputs.lam_high: is 0, write a number above 0"),
        ('{"pause": [30]}', r"x: inputs.pause: \[30\] is no pause, write when it begins"),
        ('{"pause": [45, 30]}', r"x: inputs.pause: \[45, 30\] is no pause"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path: Path, inputs: str, sentence: str) -> None:
    path = tmp_path / "table.json"
    path.write_text(f'{{"entries": [{{"id": "x", "inputs": {inputs}, "expected": {{"B": 0.1}}}}]}}')
    with pytest.raises(TableError, match=sentence):
        read(path)


def test_what_is_expected_is_a_number(tmp_path: Path) -> None:
    table = table_of(tmp_path, Known("x", {"c": 2, "a": 1.0}, {"B": inf}))
    with pytest.raises(TableError, match=r"x: expected\.B: inf is not accepted"):
        read(Path(table))


RATES = ("a", "lam", "lam_high", "lam_low", "lam_bar", "m", "mu", "mean", "mean_service", "D")
"""Of arrivals and of services, however a family calls them."""
COMPILED = (sys.executable, "-m", "queue_service", "validate", "--engine", "compiled")


@pytest.mark.long
@pytest.mark.parametrize("rate", RATES)
def test_every_rate_that_is_3_per_cent_off_is_noticed(tmp_path: Path, rate: str) -> None:
    """The command runs in a process of its own, where the twin is compiled."""
    changed = [
        {
            "id": one.id,
            "inputs": one.inputs | {rate: one.inputs[rate] * 1.03},
            "expected": one.expected,
        }
        for one in KNOWN.values()
        if rate in one.inputs and frozenset(one.inputs) not in APPROXIMATE
    ]
    table = tmp_path / "table.json"
    table.write_text(json.dumps({"entries": changed}))
    done = subprocess.run(
        [*COMPILED, "--visits", "600000", "--json", str(table)],
        env={name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"},
        capture_output=True,
        check=False,
    )
    noticed = {line["id"] for line in json.loads(done.stdout) if line["verdict"] == "off"}
    assert noticed == {one["id"] for one in changed}
