"""Simulated visitors beside people who hold a screen in their own hands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.wire import Board, Group
from simulation.live.branch_day import known_branch
from simulation.live.scenario import load_traffic
from simulation.live.scene import Hall, Hours, Scene
from simulation.live.service import Service
from simulation.live.streams import Streams
from simulation.live.timeline import DrivenPace, Timeline
from simulation.live.visits import Visits
from tests.contract.http_client import BRANCH, HERE, THURSDAY, client_of

if TYPE_CHECKING:
    from datetime import datetime

    from tests.contract.http_client import Client


def epoch_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def scene_of(client: Client, timeline: Timeline) -> tuple[Scene, Service]:
    """The branch on Thursday as simulated people see it."""
    service = Service(
        client.session, client.api, client.tokens, patience=10, now=lambda: timeline.now
    )
    usual = (await known_branch(service, BRANCH)).usual_times
    day_ends = epoch_ms(THURSDAY + timedelta(hours=10))
    hours = Hours(opens_at=timeline.now, closes_at=day_ends, ends_at=day_ends)
    streams = Streams(BRANCH, THURSDAY.date(), "test")
    return Scene(BRANCH, service, timeline, load_traffic(), streams, hours, usual), service


async def test_whose_ticket_was_taken_at_a_screen_has_time_to_be_late(database_url: str) -> None:
    """Ten minutes to come: the simulated door waits for the first eight."""
    async with client_of(database_url) as client:
        client.clock(THURSDAY)
        ticket = await client.take()
        timeline = Timeline(DrivenPace(), epoch_ms(THURSDAY))
        scene, service = await scene_of(client, timeline)
        scene.look_at(await service.get("attendant", f"{HERE}/board", Board))
        visits = Visits(scene, Hall())
        group = await scene.ask("attendant", "POST", "groups", Group)
        assert isinstance(group, Group)
        await visits.released(group)
        for minutes, state in ((7, "released"), (9, "entered")):
            now = THURSDAY + timedelta(minutes=minutes)
            await timeline.run(epoch_ms(now))
            client.clock(now)
            seen = await client.get(f"{HERE}/tickets/{ticket['id']}")
            assert (minutes, seen.body["state"]) == (minutes, state)
