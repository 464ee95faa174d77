"""Replications on a real Dask cluster: a scheduler and two workers, one of which is killed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice

import pytest

from simulation import optimise, sensitivity, simulate
from simulation.experiments import cluster
from simulation.experiments.bundles import Task
from simulation.experiments.crews import SETTING, CrewError
from simulation.experiments.engine import Kept, Replication
from simulation.experiments.workers import crew
from tests.acceptance.command import kezek, refusal
from tests.dask_cluster import PATIENCE_SECONDS, Dask, until
from tests.ports import free_port
from tests.simulation.experiments.small import MONDAY
from tests.simulation.test_model import CATALOGUE, WEEK

FEW = 'days=[{"date": "2026-03-02", "visits": 60, "profile": "weekday"}]'
TASKS = [Task(MONDAY, number, kept=Kept(visits=True)) for number in range(60)]


@pytest.fixture(scope="module")
def running() -> Iterator[Dask]:
    """With one worker, which stays."""
    with ExitStack() as ends:
        dask = Dask(ends)
        dask.work("stays")
        yield dask


@pytest.fixture
def dask(running: Dask, monkeypatch: pytest.MonkeyPatch) -> Dask:
    monkeypatch.setenv(SETTING, running.address)
    return running


def here() -> list[Replication]:
    with crew(CATALOGUE, 1) as people:
        return list(people.run(TASKS))


def test_a_worker_is_killed_in_the_middle_and_the_same_numbers_come_out(dask: Dask) -> None:
    killed = dask.work("killed")
    with ThreadPoolExecutor(1) as elsewhere, crew(CATALOGUE) as people:
        answers = people.run(TASKS)
        before = list(islice(answers, 5))
        killed.send_signal(signal.SIGSTOP)
        after = elsewhere.submit(list, answers)
        until(lambda: dask.tasks_of("killed") > 0, "the stopped worker has been given something")
        killed.kill()
        found = before + after.result(PATIENCE_SECONDS)
    assert list(dask.workers()) == ["stays"]
    assert found == here()


def test_who_stops_asking_gives_up_what_is_under_way(dask: Dask) -> None:
    with crew(CATALOGUE) as people:
        answers = people.run([Task(WEEK, number) for number in range(9)])
        assert next(answers).number == 0
        with dask.stopped("stays"):
            assert dask.tasks_of("stays") > 0
            answers.close()  # type: ignore[attr-defined]
            until(lambda: dask.tasks_of("stays") == 0, "the stopped worker has nothing to do")


@pytest.mark.long
def test_a_command_prints_the_same_with_a_cluster_and_without(dask: Dask) -> None:
    command = ("simulate", "ordinary-week", "--set", FEW, "--reps", "20", "--json")
    on_the_cluster = kezek(*command)
    assert on_the_cluster.returncode == 0, on_the_cluster.stderr
    assert on_the_cluster.stdout == kezek(*command, **{SETTING: ""}).stdout


@pytest.mark.long
@pytest.mark.parametrize(
    ("main", "asked"),
    [
        (optimise.main, ("--vary", "hall_limit=8,14", "--least", "served", "--reps", "10")),
        (sensitivity.main, ("--measure", "served", "--reps", "4")),
    ],
    ids=["optimise", "sensitivity"],
)
def test_a_question_has_the_same_answer_with_a_cluster_and_without(
    main: Callable[[Sequence[str]], int],
    asked: Sequence[str],
    dask: Dask,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ("ordinary-week", "--set", FEW, "--json", *asked)
    answers, done = [], [dask.done_by("stays")]
    for elsewhere in ((), ("--workers", "1")):
        assert main((*command, *elsewhere)) == 0
        answers.append(capsys.readouterr().out)
        done.append(dask.done_by("stays"))
    assert answers[0] == answers[1]
    assert done[0] < done[1] == done[2]


def test_a_worker_with_other_code_is_told(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "version", lambda: "another")
    with pytest.raises(CrewError, match="another version of kezek"), crew(CATALOGUE) as people:
        list(people.run(TASKS))


def test_a_scheduler_without_workers_and_one_that_goes_away_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ExitStack() as ends:
        dask = Dask(ends)
        monkeypatch.setenv(SETTING, dask.address)
        with monkeypatch.context() as hurry:
            hurry.setattr(cluster, "PATIENCE_SECONDS", 0.2)
            with pytest.raises(CrewError, match="has no workers"):
                ends.enter_context(crew(CATALOGUE))
        dask.work("one")
        with crew(CATALOGUE) as people:
            answers = people.run(TASKS * 100)
            next(answers)
            dask.scheduler.kill()
            with pytest.raises(CrewError, match="the scheduler has gone"):
                list(answers)


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://127.0.0.1", "tcp://h:port", "x"])
def test_what_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, address)
    sentence = f"{SETTING} is '{address}': write the scheduler's address as tcp://HOST:PORT"
    with pytest.raises(CrewError, match=sentence), crew(CATALOGUE):
        pass


def test_an_address_that_nobody_answers_at_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = f"tcp://127.0.0.1:{free_port()}"
    monkeypatch.setenv(SETTING, nobody)
    said = refusal(simulate.main, ["ordinary-week", "--reps", "2"], capsys)
    assert said.startswith(f"{SETTING}: nobody answers at {nobody}")
    assert said.count("\n") == 1


def test_one_process_needs_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "tcp://127.0.0.1:1")
    with crew(CATALOGUE, 1) as people:
        assert next(people.run(TASKS)).number == 0
