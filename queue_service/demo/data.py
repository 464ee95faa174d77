"""What the demo starts from: the shipped catalogue under an emergency, sign-ins, a secret."""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from queue_service import sql
from queue_service.access import staff, tokens
from queue_service.catalogue import content
from queue_service.migrations import migrate
from queue_service.store import connect, open_pool
from schemas.branch import OpenHours, SpecialDay, WeeklyHours
from schemas.catalogue import SHIPPED, Catalogue, load_directory
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from queue_service.store import Pool
    from schemas.branch import Branch

BRANCH = "uralsk-2"
BRANCH_ROLES = ("kiosk", "attendant", "operator", "manager")
COUNTRY_ROLES = ("planner", "admin")
NAME = "demo"
ROBOT = "robot"
"""Simulated operators are called by it and by their counter."""
SIGN_INS = "sign-ins.json"
START_PAGE = "start-page.json"
YEARS_AHEAD = 2
HOURS = OpenHours(opens="09:00", closes="18:00")
REASON = Texts(
    kk="Көрсетілім күні: бөлім ашық",
    ru="День показа: отдел открыт",
    en="Demonstration day: the branch is open",
)
STRICTER = Regime(
    id="fewer-people-2020-04-01",
    name=Texts(
        kk="Залда аз адам: топта бес адам, әр сағат сайын тазалау",
        ru="Меньше людей в зале: по пять в группе, обработка каждый час",
        en="Fewer people in the hall: groups of five, cleaning every hour",
    ),
    scope=Scope(country="kz"),
    from_date=date(2020, 4, 1),
    until_date=date(2020, 4, 15),
    rules=PlanValues(
        group_admission=True,
        group_size=5,
        group_interval_minutes=15,
        hall_limit=20,
        party_limit=2,
        sanitation_every_minutes=60,
        sanitation_minutes=15,
    ),
)
"""Made up and long over: rules that whoever tries the demo may put in force over the branch."""
_SQL = sql.blocks("demo")


class SignIns(msgspec.Struct, frozen=True):
    """What the demo keeps between its starts: the service's secret and a token for each role.

    Members of staff sign in with their role as login and the one `password`. `operators` are the
    tokens of the simulated ones by counter: whoever tries the demo is none of them.
    """

    secret: str
    password: str
    tokens: dict[str, str]
    operators: dict[str, str] = {}


class StartPage(msgspec.Struct, frozen=True):
    """What the demo's start page hands to whoever opens it: the secret is not among it."""

    branch: str
    tokens: dict[str, str]
    password: str


class Demo(msgspec.Struct, frozen=True):
    """A prepared demo; `last_instant` is the journal's last one in epoch milliseconds."""

    sign_ins: SignIns
    last_instant: int | None


async def open_demo(database_url: str, state_dir: Path, catalogue: Callable[[], Catalogue]) -> Demo:
    """Brings the database up to date and gives it the catalogue where it has none."""
    connection = await connect(database_url)
    try:
        await migrate(connection)
        is_new = not await connection.fetchval(_SQL["has_branches"])
        last = await connection.fetchval(_SQL["last_instant"])
    finally:
        await connection.close()
    async with await open_pool(database_url, most=2) as pool:
        if is_new:
            await content.store(pool, catalogue())
        sign_ins = await _sign_ins(pool, state_dir / SIGN_INS)
    page = StartPage(BRANCH, sign_ins.tokens, sign_ins.password)
    _write_private(state_dir / START_PAGE, msgspec.json.encode(page))
    return Demo(sign_ins, last)


def shipped_catalogue() -> Catalogue:
    """The services, branches and regimes that come with the product."""
    return load_directory(SHIPPED)


def demo_catalogue(today: date) -> Catalogue:
    """The shipped catalogue with the demo branch open every day under the emergency's rules."""
    shipped = shipped_catalogue()
    branches = tuple(
        _always_open(branch, today) if branch.code == BRANCH else branch
        for branch in shipped.branches
    )
    emergency = tuple(_from_now_on(regime, today) for regime in shipped.regimes)
    regimes = (*shipped.regimes, *emergency, STRICTER)
    return msgspec.structs.replace(shipped, branches=branches, regimes=regimes)


def _always_open(branch: Branch, today: date) -> Branch:
    import holidays  # noqa: PLC0415 - only a first start needs it, and it is slow to import

    week = WeeklyHours(**dict.fromkeys(WeeklyHours.__struct_fields__, HOURS))
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    public = holidays.country_holidays(branch.country.upper(), years=years)
    special = tuple(SpecialDay(date=day, hours=HOURS, reason=REASON) for day in sorted(public))
    return msgspec.structs.replace(branch, weekly_hours=week, special_days=special)


def _from_now_on(regime: Regime, today: date) -> Regime:
    """The regime of 2020 over the demo branch alone, from today and without an end."""
    return msgspec.structs.replace(
        regime,
        id="demo-" + regime.id.removesuffix(f"-{regime.from_date}"),
        scope=Scope(branch=BRANCH),
        from_date=today,
        until_date=None,
    )


async def _sign_ins(pool: Pool, path: Path) -> SignIns:
    """The sign-ins of an earlier start while the database still knows them, else new ones."""
    kept = _read(path)
    if kept and kept.operators and await _are_known(pool, kept):
        return kept
    made = SignIns(secrets.token_urlsafe(32), secrets.token_urlsafe(6), {}, {})
    for role, branch in _roles():
        made.tokens[role] = await _minted(pool, role, branch, NAME)
    for counter in await pool.fetch(_SQL["counters"], BRANCH):
        name = f"{ROBOT}-{counter['id'].lower()}"
        made.operators[counter["id"]] = await _minted(pool, "operator", BRANCH, name)
    await pool.execute(_SQL["forget_staff"])
    for role, branch in _roles():
        if role in staff.ROLES:
            await staff.add(pool, role, made.password, role, branch, "")
    _write_private(path, msgspec.json.encode(made))
    return made


async def _minted(pool: Pool, role: str, branch: str, name: str) -> str:
    """A new token in place of any other of that name."""
    with contextlib.suppress(tokens.TokenError):
        await tokens.revoke(pool, f"{role}:{name}")
    return await tokens.mint(pool, role, branch, name)


async def _are_known(pool: Pool, sign_ins: SignIns) -> bool:
    known = tokens.Tokens(pool)
    every = (*sign_ins.tokens.values(), *sign_ins.operators.values())
    return all([await known.identity(token) for token in every])


def _read(path: Path) -> SignIns | None:
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=SignIns)
    return None


def _roles() -> Iterator[tuple[str, str]]:
    for role in BRANCH_ROLES:
        yield role, BRANCH
    for role in COUNTRY_ROLES:
        yield role, ""


def _write_private(path: Path, content: bytes) -> None:
    """Replaces the file at one stroke; nobody but its owner can read it at any time."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    unfinished.replace(path)
