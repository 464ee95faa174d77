"""The command line. Every command imports what it runs only when it runs."""

from __future__ import annotations

import asyncio
import math
import os
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from queue_service.elsewhere import BENCHES, COMMANDS, PASS_THROUGH, become
from queue_service.settings import VARIABLES, Settings, SettingsError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterator

    from queue_service.store import Pool

T = TypeVar("T")


class Kezek(click.Group):
    """The group of all commands; its help ends with every setting of the environment."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the settings with their defaults."""
        rows = [(variable.name, variable.describe()) for variable in VARIABLES.values()]
        with formatter.section("Settings (environment)"):
            formatter.write_dl(rows)
        super().format_epilog(ctx, formatter)


class _Folder(click.Path):
    """A folder's name; an empty one would be the working directory, which nobody asked for."""

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401
        """The folder; a click error for an empty name."""
        if not value:
            self.fail("the name is empty: name a folder, or leave the option out", param, ctx)
        return super().convert(value, param, ctx)


class _Speed(click.FloatRange):
    """How many times as fast; what is no number lies in every range."""

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """The speed; a click error for one that is no number."""
        found: float = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{value} is no number", param, ctx)
        return found


@click.group(cls=Kezek, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Kezek runs the queue and the capacity of government service centres.

    To see it work: kezek demo
    """


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8080 or the next free one.")
@click.option("--state-dir", type=_Folder(path_type=Path), help="Where the data live.")
@click.option("--no-traffic", is_flag=True, help="No simulated visitors; the clock runs at 1.")
@click.option(
    "--speed",
    type=_Speed(0.1, 1000),
    help="How many times faster than real time. Default: 30 with visitors, 1 without.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line when ready.")
@click.option("--pg-bin", type=click.Path(path_type=Path), help="Programs of another PostgreSQL.")
def demo(
    *,
    port: int | None,
    state_dir: Path | None,
    no_traffic: bool,
    speed: float | None,
    as_json: bool,
    pg_bin: Path | None,
) -> None:
    """Start everything on this machine: database, service, demo data, simulated visitors."""
    from queue_service.demo.supervisor import DemoOptions, run_demo

    options = DemoOptions(
        port=port,
        state_dir=state_dir,
        traffic=not no_traffic,
        speed=speed,
        as_json=as_json,
        pg_bin=pg_bin,
    )
    settings = _settings()
    with _plain_database_errors():
        run_demo(options, settings)


@main.command()
def serve() -> None:
    """Run one replica of the service in production; settings come from the environment."""
    settings = _settings()
    try:
        settings.require_production()
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None
    from queue_service.app import serve as serve_forever

    serve_forever(settings)


@main.command()
def gateway() -> None:
    """Run one process of the gateway in production: it tells boards and pages what is new."""
    _require_database()
    become("displays", ())


@main.command()
def worker() -> None:
    """Run one worker in production: it takes the simulations that planners ask for, one by one."""
    _require_database()
    become("simulation.worker", ())


@main.command(context_settings=PASS_THROUGH, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def replay(arguments: tuple[str, ...]) -> NoReturn:
    """Drive the service through the days of a published story and print what happened."""
    if {"--api", "--help"} & {word.partition("=")[0] for word in arguments}:
        become("simulation.live.replay", arguments)
    from queue_service.machine.replay import run_replay

    sys.exit(run_replay(arguments))


@main.command()
@click.argument("scenario")
@click.option("--speed", type=_Speed(0.1, 10_000), default=60.0, show_default=True)
@click.option("--day", help="The date; else the first on which the branch opens.")
@click.option("--from", "begins", metavar="HH:MM", help="Where to begin; else the opening.")
@click.option("--replication", default="0", show_default=True, help="Number of the replication.")
@click.option("--seed", help="In place of the scenario's own.")
@click.option("--set", "changes", multiple=True, metavar="FIELD=VALUE", help="As of simulate.")
@click.option("--catalogue", metavar="DIR", help="As of simulate.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8080 or the next free one.")
@click.option("--until-end", is_flag=True, help="Stop when the day is over.")
@click.option("--json", "as_json", is_flag=True, help="A JSON line when ready, one at the end.")
@click.option("--pg-bin", type=click.Path(path_type=Path), help="Programs of another PostgreSQL.")
def watch(  # noqa: PLR0913 - an option each
    *,
    scenario: str,
    speed: float,
    day: str | None,
    begins: str | None,
    replication: str,
    seed: str | None,
    changes: tuple[str, ...],
    catalogue: str | None,
    port: int | None,
    until_end: bool,
    as_json: bool,
    pg_bin: Path | None,
) -> None:
    """Play a simulated day of a SCENARIO on the real boards; nothing is kept."""
    from queue_service.machine.watch import WatchOptions, run_watch

    named = {"--day": day, "--from": begins, "--seed": seed, "--replication": replication}
    named |= {"--catalogue": catalogue}
    chosen = [f"{name}={value}" for name, value in named.items() if value is not None]
    chosen += [f"--set={change}" for change in changes]
    options = WatchOptions((scenario, *chosen), speed, port, until_end, as_json, pg_bin)
    sys.exit(run_watch(options, _settings()))


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
def load(directory: Path) -> None:
    """Load a DIRECTORY with the catalogue: services, branches, regimes. A bad file changes nothing.

    Every fault is printed with its file and line. Loading the same files again changes nothing.
    """
    from queue_service.catalogue import content
    from schemas.catalogue import CatalogueError

    try:
        click.echo(_with_pool(lambda pool: content.load(pool, directory)))
    except CatalogueError as problem:
        raise click.ClickException(str(problem)) from None


@main.group()
def journal() -> None:
    """Look after the journal."""


@journal.command()
@click.option("--branch", help="Only this branch.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Only this business date.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Journals in files, as simulate --out writes them, in place of the database.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(
    branch: str | None, date: dt.datetime | None, folder: Path | None, *, as_json: bool
) -> None:
    """Check that every stream is gapless, replays and obeys the laws; exit with 1 if not."""
    from queue_service.audit.folder import examine_folder
    from queue_service.audit.report import NothingToExamineError, examine
    from queue_service.catalogue.content import UnknownBranchError

    day = date.date() if date else None
    try:
        if folder:
            lines, sound = examine_folder(folder, branch, day, as_json=as_json)
        else:
            work = partial(examine, branch=branch, day=day, as_json=as_json)
            lines, sound = _with_pool(work, migrates=False)
    except (NothingToExamineError, UnknownBranchError) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("\n".join(lines))
    sys.exit(0 if sound else 1)


@main.group()
def token() -> None:
    """Make, revoke and list bearer tokens."""


@token.command()
@click.argument("role")
@click.option("--branch", default="", help="The only branch that it is for.")
@click.option("--name", default="", help="What stands in the journal; never a person's name.")
def mint(role: str, branch: str, name: str) -> None:
    """Print a new token of a ROLE; only its hash is kept, so it cannot be shown again."""
    from queue_service.access import tokens

    click.echo(_with_access(lambda pool: tokens.mint_for_known(pool, role, branch, name)))


@token.command()
@click.argument("subject")
def revoke(subject: str) -> None:
    """End the token of a SUBJECT such as kiosk:hall-1."""
    from queue_service.access import tokens

    _with_access(lambda pool: tokens.revoke(pool, subject))


@token.command("list")
def list_tokens() -> None:
    """List every token ever made, without the tokens themselves."""
    from queue_service.access import tokens

    for record in _with_access(tokens.listed):
        ended = f"revoked {record.revoked_at:%Y-%m-%d %H:%M}" if record.revoked_at else ""
        made = f"{record.created_at:%Y-%m-%d %H:%M}"
        click.echo(f"{record.subject:<30} {record.branch or 'all':<20} {made} {ended}".rstrip())


@main.group()
def staff() -> None:
    """Say who may sign in."""


@staff.command("add")
@click.argument("login")
@click.option("--role", required=True, help="attendant, operator, manager, planner or admin.")
@click.option("--branch", default="", help="The branch; planners and admins have none.")
@click.option("--name", default="", help="As colleagues say it; else the login.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, hidden=True)
def add_staff(login: str, role: str, branch: str, name: str, password: str) -> None:
    """Let LOGIN sign in; the password is asked for, twice, and only its hash is kept."""
    from queue_service.access import staff

    _with_access(lambda pool: staff.add(pool, login, password, role, branch, name))


@staff.command("remove")
@click.argument("login")
def remove_staff(login: str) -> None:
    """End the sessions of LOGIN, who can sign in no more."""
    from queue_service.access import staff

    _with_access(lambda pool: staff.remove(pool, login))


@staff.command("list")
def list_staff() -> None:
    """List everybody who may or might sign in."""
    from queue_service.access import staff

    for one in _with_access(staff.listed):
        left = f"left {one.removed_at:%Y-%m-%d}" if one.removed_at else ""
        line = f"{one.login:<24} {one.role:<10} {one.branch or 'all':<20} {one.name} {left}"
        click.echo(line.rstrip())


@main.group()
def bench() -> None:
    """Measure the service and the simulation."""


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...]) -> NoReturn:
    """Check the repository: lint, format, types, import contracts, tests.

    PYTEST_ARGUMENTS choose tests in place of all of them, such as: tests/policy -k door
    """
    from queue_service.checks import run_checks

    sys.exit(run_checks(pytest_arguments))


for _command in COMMANDS:
    main.add_command(_command)
for _command in BENCHES:
    bench.add_command(_command)


def _settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None


def _require_database() -> None:
    try:
        _settings().require_database()
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None


def _with_access(work: Callable[[Pool], Awaitable[T]]) -> T:
    from queue_service.access.staff import StaffError
    from queue_service.access.tokens import TokenError
    from queue_service.catalogue.content import UnknownBranchError

    try:
        return _with_pool(work)
    except (StaffError, TokenError, UnknownBranchError) as problem:
        raise click.ClickException(str(problem)) from None


def _with_pool(work: Callable[[Pool], Awaitable[T]], *, migrates: bool = True) -> T:
    """Runs the work on the database of KEZEK_DATABASE_URL, brought up to date if it `migrates`."""
    url = _settings().database_url
    if url is None:
        raise click.ClickException(
            "KEZEK_DATABASE_URL is not set: give the database's address "
            "(a running demo prints its own)."
        )
    with _plain_database_errors():
        return asyncio.run(_on_database(url, work, migrates=migrates))


@contextmanager
def _plain_database_errors() -> Iterator[None]:
    from asyncpg import PostgresError

    from queue_service.migrations import MigrationError
    from queue_service.store import AWAY, in_words

    try:
        yield
    except (PostgresError, MigrationError, *AWAY) as problem:
        raise click.ClickException(f"The database cannot be used: {in_words(problem)}") from None


async def _on_database(url: str, work: Callable[[Pool], Awaitable[T]], *, migrates: bool) -> T:
    from queue_service.migrations import migrate_at
    from queue_service.store import open_pool

    if migrates:
        await migrate_at(url)
    # One command prepares no statement twice, and may so come through any pgbouncer.
    async with await open_pool(url, most=2, statement_cache=0) as pool:
        return await work(pool)
