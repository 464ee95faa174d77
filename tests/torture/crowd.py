"""Many clients that do the work of a few branches, all at once and without agreeing on anything.

    python -m tests.torture.crowd TOWN_FILE TOLD_FILE

Reads a `Town` and writes one `Told` a line. Ends when the run is over and every client knows the
fate of its last command.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from tests.torture.asking import Asking, Request, clock
from tests.torture.knowledge import CROWD_OUTSIDE, Knowledge
from tests.torture.town import COUNTERS, LIMITS, SERVICES, Town, TownBranch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.torture.history import Action, Attempt, Told

WEIGHTS: dict[Action, float] = {
    "take": 8,
    "release": 3,
    "enter": 8,
    "call": 8,
    "start": 8,
    "finish": 8,
    "leave": 8,
    "cancel": 1,
    "no-show": 1,
    "recall": 0.5,
    "return": 2,
    "hold": 1.5,
    "resume": 6,
    "transfer": 1.5,
    "close": 0.3,
    "drain": 0.2,
    "confirm": 0.2,
    "recount": 0.4,
    "plan": 1,
    "read": 4,
}
IN_A_PAUSE: dict[Action, float] = {**WEIGHTS, "take": 2, "drain": 2, "confirm": 4, "recount": 1}
"""What is done when the hall is being emptied or cleaned."""
AT_ONCE, AGAIN = 0.05, 0.05
"""Shares of the commands that both replicas get at once, and of repetitions of old ones."""
FOUND_AT_MOST = 4
"""People that a recount finds."""
REMEMBERED = 1000
"""Old commands that may be repeated."""
ACTIONS: dict[Action, tuple[str, str]] = {
    "enter": ("attendant", "entered"),
    "leave": ("attendant", "left"),
    "start": ("operator", "start"),
    "finish": ("operator", "finish"),
    "no-show": ("operator", "no-show"),
    "recall": ("operator", "recall"),
    "return": ("operator", "return"),
    "hold": ("operator", "hold"),
    "resume": ("operator", "resume"),
    "transfer": ("operator", "transfer"),
}
"""Role and last word of the path."""


class Crowd:
    """What the clients share: the knowledge of each branch and the old commands."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.began = clock()
        self.known = {branch.code: Knowledge(branch.door) for branch in town.branches}
        self.old: deque[Request] = deque(maxlen=REMEMBERED)

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return clock() - self.began


class Client:
    """Does one thing after another, whatever somebody has to do in a branch."""

    def __init__(self, number: int, crowd: Crowd, asking: Asking) -> None:
        self._crowd = crowd
        self._asking = asking
        self._number = number
        self._made = 0
        self._random = Random(f"{crowd.town.seed} client {number}")

    async def work(self) -> None:
        """Goes on until the run is over."""
        while self._crowd.elapsed < self._crowd.town.seconds:
            branch = self._random.choice(self._crowd.town.at(self._crowd.elapsed))
            if self._crowd.old and self._random.random() < AGAIN:
                await self._asking.once_more(self._random.choice(self._crowd.old))
            else:
                await self._do_something(branch)

    async def _do_something(self, branch: TownBranch) -> None:
        known = self._crowd.known[branch.code]
        if known.closed_counters:
            request: Request | None = self._open(branch, known)
        else:
            weights = WEIGHTS if known.phase == "none" else IN_A_PAUSE
            (action,) = self._random.choices([*weights], [*weights.values()])
            request = await self._request(action, branch, known)
        if request is None:
            # Others must get their turn when there is nothing to do.
            await asyncio.sleep(0)
        elif request.action not in ("read", "plan") and self._random.random() < AT_ONCE:
            self._learn(known, request, await self._asking.of_all_at_once(request))
        else:
            self._learn(known, request, await self._asking.until_decided(request))

    def _learn(self, known: Knowledge, request: Request, answer: Attempt) -> None:
        if request.action == "open" and answer.decided:
            known.open_counters.add(request.target)
        elif request.action == "close" and answer.acknowledged:
            known.open_counters.discard(request.target)
        if not answer.acknowledged:
            known.correct(request.target, answer.body)
            return
        known.hear(answer.body)
        if request.action == "leave":
            known.left(request.target)
        if request.action not in ("read", "plan"):
            self._crowd.old.append(request)

    async def _request(
        self, action: Action, branch: TownBranch, known: Knowledge
    ) -> Request | None:
        make: dict[str, Callable[[TownBranch, Knowledge], Request | None]] = {
            "take": self._take,
            "release": self._release,
            "call": self._call,
            "read": self._read,
            "close": self._close,
            "drain": self._drain,
            "confirm": self._confirm,
            "recount": self._recount,
        }
        if action in make:
            return make[action](branch, known)
        if action == "plan":
            return await self._plan(branch)
        return self._of_ticket(action, branch, known)

    # --- requests -------------------------------------------------------------------------------

    def _open(self, branch: TownBranch, known: Knowledge) -> Request:
        counter = self._random.choice(known.closed_counters)
        return self._ask(branch, "open", "operator", f"/counters/{counter}/open", counter)

    def _take(self, branch: TownBranch, known: Knowledge) -> Request | None:
        if known.outside >= CROWD_OUTSIDE:
            return None
        (party,) = self._random.choices((1, 2, 3), (6, 3, 1))
        (count,) = self._random.choices((1, 2, 3), (6, 2, 1))
        body = {
            "services": self._random.sample([*SERVICES], count),
            "party_size": party,
            "despite_closing": True,
        }
        return self._ask(branch, "take", "kiosk", "/tickets", body=body)

    def _release(self, branch: TownBranch, _known: Knowledge) -> Request | None:
        if branch.door == "walk-in":
            return None
        return self._ask(branch, "release", "attendant", "/groups")

    def _call(self, branch: TownBranch, _known: Knowledge) -> Request:
        counter = self._random.choice([*COUNTERS])
        return self._ask(branch, "call", "operator", f"/counters/{counter}/call-next", counter)

    def _close(self, branch: TownBranch, _known: Knowledge) -> Request:
        counter = self._random.choice([*COUNTERS])
        return self._ask(branch, "close", "operator", f"/counters/{counter}/close", counter)

    def _drain(self, branch: TownBranch, _known: Knowledge) -> Request:
        return self._ask(branch, "drain", "attendant", "/sanitation/start")

    def _confirm(self, branch: TownBranch, _known: Knowledge) -> Request:
        return self._ask(branch, "confirm", "attendant", "/sanitation/confirm")

    def _recount(self, branch: TownBranch, known: Knowledge) -> Request:
        """Mostly fewer than there should be: some have left unseen."""
        most = 0 if known.phase == "draining" else FOUND_AT_MOST
        people = self._random.randint(0, most)
        body: dict[str, object] = {"occupancy": people, "reason": "torture"}
        return self._ask(branch, "recount", "attendant", "/hall/recount", str(people), body=body)

    def _read(self, branch: TownBranch, known: Knowledge) -> Request:
        ticket = known.choose("read", self._random)
        if ticket is None or self._random.random() < 0.5:
            return self._ask(branch, "read", "kiosk", "/board", method="GET")
        return self._ask(branch, "read", "kiosk", f"/tickets/{ticket}", ticket, method="GET")

    def _of_ticket(self, action: Action, branch: TownBranch, known: Knowledge) -> Request | None:
        ticket = known.choose(action, self._random)
        if ticket is None:
            return None
        if action == "cancel":
            path = f"/tickets/{ticket}"
            return self._ask(branch, action, "kiosk", path, ticket, method="DELETE")
        role, word = ACTIONS[action]
        path = f"/tickets/{ticket}/{word}"
        return self._ask(branch, action, role, path, ticket, body=self._where_to(action))

    def _where_to(self, action: Action) -> dict[str, object] | None:
        if action == "resume":
            return {"counter": self._random.choice([*COUNTERS])}
        if action != "transfer":
            return None
        if self._random.random() < 0.5:
            return {"counter": self._random.choice([*COUNTERS])}
        return {"service": self._random.choice([*SERVICES])}

    async def _plan(self, branch: TownBranch) -> Request | None:
        """The manager changes the hall limit of what was seen just before."""
        if branch.door != "changing":
            return None
        see = self._ask(branch, "read", "manager", "/plan", "plan", method="GET")
        plan = await self._asking.until_decided(see)
        if not plan.acknowledged:
            return None
        return self._ask(
            branch,
            "plan",
            "manager",
            "/plan",
            method="PATCH",
            body={"hall_limit": self._random.choice(LIMITS), "reason": "torture"},
            headers={"If-Match": plan.body["etag"]},
        )

    def _ask(  # noqa: PLR0913 - the parts of a request
        self,
        branch: TownBranch,
        action: Action,
        role: str,
        path: str,
        target: str = "",
        *,
        method: str = "POST",
        body: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Request:
        self._made += 1
        manager = role == "manager"
        return Request(
            action=action,
            branch=branch.code,
            role=role,
            subject=f"{role}:{branch.code if manager else 'torture'}",
            token=branch.manager if manager else self._crowd.town.tokens[role],
            key=f"{self._number}-{self._made}",
            path=path,
            method=method,
            target=target,
            body=body,
            headers=headers or {},
        )


async def torture(town: Town, told_file: Path) -> None:
    """Lets all clients work and writes down what they are told."""
    crowd = Crowd(town)
    encode = msgspec.json.Encoder().encode
    with told_file.open("wb") as file:

        def report(told: Told) -> None:
            file.write(encode(told) + b"\n")

        connector = aiohttp.TCPConnector(limit=0)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            asyncio.TaskGroup() as clients,
        ):
            for number in range(town.clients):
                random = Random(f"{town.seed} asking {number}")
                asking = Asking(number, town, random, session, report)
                clients.create_task(Client(number, crowd, asking).work())


def main() -> None:
    """Reads the two arguments and works."""
    town_file, told_file = map(Path, sys.argv[1:])
    asyncio.run(torture(msgspec.json.decode(town_file.read_bytes(), type=Town), told_file))


if __name__ == "__main__":
    main()
