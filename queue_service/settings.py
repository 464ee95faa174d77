"""What the environment tells the service: every `KEZEK_*` variable, its default and its check."""

from __future__ import annotations

import difflib
import errno
import math
import os
import re
import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec

LOG_LEVELS = ("debug", "info", "warning", "error")
SHORTEST_SECRET = 16
LARGEST_PORT = 65535
LARGEST_POOL = 1000
MOST_CONNECTIONS = 1_000_000
MOST_STATEMENTS = 10_000
MOST_PROCESSES = 256
HIGHEST_RATE = 100_000
LONGEST_CONTACT = 8760
LONGEST_SESSION = 168
FASTEST_CLOCK = 10_000.0
MISSPELT_FROM = 0.8
DATABASE_OPTIONS = {
    "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
    "target_session_attrs": [
        "any",
        "primary",
        "standby",
        "prefer-standby",
        "read-write",
        "read-only",
    ],
}
"""Options of the database's address that have names for values."""


class SettingsError(Exception):
    """A variable of the environment is missing or wrong; the message names it and the way out."""


class ClockSetting(msgspec.Struct, frozen=True):
    """Where the service takes the time from.

    `real`: the machine's clock. `scaled`: virtual_ms + (real - real_ms) * speed, both origins in
    milliseconds since 1970. `driven`: the time moves only by the request header `Kezek-Now`.
    `watched`: as `scaled`, standing before real_ms and from until_ms on; what happens is written
    by somebody else, and nothing may be asked for that would change it.
    """

    kind: Literal["real", "scaled", "driven", "watched"] = "real"
    virtual_ms: int = 0
    real_ms: int = 0
    speed: float = 1.0
    until_ms: int = 0

    def __str__(self) -> str:
        origins = f"{self.virtual_ms}:{self.real_ms}:{self.speed:g}"
        if self.kind == "watched":
            return f"watched:{self.until_ms}:{origins}"
        return f"scaled:{origins}" if self.kind == "scaled" else self.kind


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The checked settings of one process."""

    database_url: str | None
    host: str
    port: int
    clock: ClockSetting
    log_level: str
    secret: str | None
    replica: str
    state_dir: Path
    database_connections: int
    rate_limit: int
    contact_hours: int
    session_hours: int
    gateway_port: int
    database_statement_cache: int
    gateway_url: str
    gateway_connections_per_address: int
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    dask_scheduler: str | None
    demo_sign_ins: Path | None
    worker_processes: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Reads every variable; raises SettingsError for one that is wrong or misspelt."""
        _refuse_misspelt(environ)
        values = {name: _read(variable, environ) for name, variable in VARIABLES.items()}
        values["replica"] = values["replica"] or f"{socket.gethostname()}-{os.getpid()}"
        values["state_dir"] = values["state_dir"] or default_state_dir()
        values["gateway_url"] = values["gateway_url"] or ""
        values["trusted_proxies"] = values["trusted_proxies"] or ()
        return cls(**values)

    def require_database(self) -> str:
        """The database's address, which has no default; else SettingsError."""
        if self.database_url is None:
            raise SettingsError(
                "KEZEK_DATABASE_URL is not set: give the address of a PostgreSQL 15-18, such as "
                "postgresql://user:password@host/database. To try the product, run: kezek demo."
            )
        return self.database_url

    def require_production(self) -> tuple[str, str]:
        """The database's address and the secret, which have no default; else SettingsError."""
        database_url = self.require_database()
        if self.secret is None:
            raise SettingsError(
                "KEZEK_SECRET is not set: give a random text of at least "
                f"{SHORTEST_SECRET} characters, the same for every replica."
            )
        return database_url, self.secret


class Variable(NamedTuple):
    """One variable: its name, its default as a person writes it, its meaning, its reader."""

    name: str
    default: str | None
    meaning: str
    read: Callable[[str], Any]
    is_secret: bool = False
    """Holds a password or key: no message may repeat its value."""

    def describe(self) -> str:
        """The meaning with the default, for the help and the documentation."""
        return self.meaning if self.default is None else f"{self.meaning} [default: {self.default}]"


def default_state_dir() -> Path:
    """Where the demo keeps its database: the machine's folder for root, the user's for others."""
    if os.geteuid() == 0:
        return Path("/var/lib/kezek")
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "kezek"


def cannot_listen(host: str, port: int, problem: OSError) -> str:
    """Why nothing can listen there and what to do, as sentences."""
    if is_no_address_here(problem):
        way_out = "Set KEZEK_HOST to an address of this machine, such as 127.0.0.1."
    else:
        way_out = "Stop what uses it, or set KEZEK_PORT to another one."
    return f"Nothing can listen on {host} port {port}: {problem.strerror}. {way_out}"


def is_no_address_here(problem: OSError) -> bool:
    """Whether it is the address, and not the port, that cannot be had."""
    return isinstance(problem, socket.gaierror) or problem.errno == errno.EADDRNOTAVAIL


def _read(variable: Variable, environ: Mapping[str, str]) -> Any:  # noqa: ANN401
    given = environ.get(variable.name)
    text = given or variable.default
    if text is None:
        return None
    try:
        return variable.read(text)
    except ValueError as problem:
        given_as = "not usable" if variable.is_secret else repr(text)
        raise SettingsError(f"{variable.name} is {given_as}: {problem}.") from None


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """A name of ours with a slip is refused; names that others add (such as Kubernetes) pass."""
    known = {variable.name for variable in VARIABLES.values()}
    for name in environ:
        nearest = difflib.get_close_matches(name, known, 1, MISSPELT_FROM)
        if name.startswith("KEZEK_") and name not in known and nearest:
            raise SettingsError(f"{name} is no setting of kezek: did you mean {nearest[0]}?")


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high} is needed")
        return int(text)

    return read


def _database_url(text: str) -> str:
    """What can be checked without connecting; no message repeats a password."""
    try:
        address = urlsplit(text)
    except ValueError:
        address = urlsplit("")
    if address.scheme not in ("postgres", "postgresql"):
        raise ValueError("an address such as postgresql://user:password@host/database is needed")
    options = _options(address.query)
    hosts = address.netloc.rpartition("@")[2].split(",")
    ports = (f":{port}" for port in options.get("port", "1").split(","))
    if any(map(_has_wrong_port, (*hosts, *ports))):
        raise ValueError(f"a port from 1 to {LARGEST_PORT} is needed")
    for name, values in DATABASE_OPTIONS.items():
        if options.get(name, values[0]) not in values:
            raise ValueError(f"as {name} one of {', '.join(values)} is needed")
    return text


def _options(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, strict_parsing=bool(query)))
    except ValueError:
        raise ValueError("options such as sslmode=require are needed after the ?") from None


def _has_wrong_port(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").port == 0
    except ValueError:
        return True


def _gateway_url(text: str) -> str:
    if not re.fullmatch(r"wss?://[^\s/?#]+", text):
        raise ValueError("an address such as wss://boards.example.kz is needed")
    return text


def _dask_scheduler(text: str) -> str:
    if not re.fullmatch(r"(tcp|tls)://[^\s/?#@]+:\d+", text) or _has_wrong_port(text[6:]):
        raise ValueError("an address such as tcp://10.0.0.1:8786 is needed")
    return text


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise ValueError("addresses or networks such as 10.0.0.5,10.1.0.0/16 are needed") from None


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"at least {SHORTEST_SECRET} characters are needed")
    return text


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)} is needed")
    return text.lower()


def _replica(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        raise ValueError("1-64 Latin letters, digits, dots, dashes and underscores are needed")
    return text


_ORIGINS = re.compile(
    r"(?:scaled|watched:(?P<until>\d{1,15})):(\d{1,15}):(\d{1,15}):(\d+(?:\.\d+)?)", re.ASCII
)


def _clock(text: str) -> ClockSetting:
    if text in {"real", "driven"}:
        return ClockSetting(kind="driven" if text == "driven" else "real")
    found = _ORIGINS.fullmatch(text)
    if found is None:
        raise ValueError("real, driven or scaled:<virtual ms>:<real ms>:<speed> is needed")
    speed = float(found[4])
    if not math.isfinite(speed) or not 0 < speed <= FASTEST_CLOCK:
        raise ValueError(f"the speed must be above 0 and at most {FASTEST_CLOCK:g}")
    origins = int(found[2]), int(found[3]), speed
    if found["until"] is None:
        return ClockSetting("scaled", *origins)
    return ClockSetting("watched", *origins, int(found["until"]))


VARIABLES: dict[str, Variable] = {
    "database_url": Variable(
        "KEZEK_DATABASE_URL",
        None,
        "address of a PostgreSQL 15-18; serve needs it, the demo never uses it",
        _database_url,
        is_secret=True,
    ),
    "host": Variable("KEZEK_HOST", "127.0.0.1", "address to listen on", str),
    "port": Variable("KEZEK_PORT", "8080", "port to listen on", _whole_number(1, LARGEST_PORT)),
    "clock": Variable(
        "KEZEK_CLOCK",
        "real",
        "real, scaled:<virtual ms>:<real ms>:<speed>, or driven (by the header Kezek-Now)",
        _clock,
    ),
    "log_level": Variable("KEZEK_LOG_LEVEL", "info", ", ".join(LOG_LEVELS), _log_level),
    "secret": Variable(
        "KEZEK_SECRET",
        None,
        "key under which an IIN is hashed, the same for every replica; serve needs it",
        _secret,
        is_secret=True,
    ),
    "replica": Variable(
        "KEZEK_REPLICA", None, "this process's name in logs; else host and process id", _replica
    ),
    "state_dir": Variable(
        "KEZEK_STATE_DIR",
        None,
        "the demo's folder; else /var/lib/kezek for root, ~/.local/share/kezek for others",
        Path,
    ),
    "database_connections": Variable(
        "KEZEK_DATABASE_CONNECTIONS",
        "10",
        "largest number of database connections of one process",
        _whole_number(2, LARGEST_POOL),
    ),
    "database_statement_cache": Variable(
        "KEZEK_DATABASE_STATEMENT_CACHE",
        "100",
        "prepared statements that a database connection keeps; 0 behind a pgbouncer that pools"
        " transactions",
        _whole_number(0, MOST_STATEMENTS),
    ),
    "rate_limit": Variable(
        "KEZEK_RATE_LIMIT",
        "0",
        "requests per second for each token, with bursts of five seconds; 0 for no limit",
        _whole_number(0, HIGHEST_RATE),
    ),
    "contact_hours": Variable(
        "KEZEK_CONTACT_HOURS",
        "24",
        "hours after the day of the visit in which a visitor's contact is erased",
        _whole_number(1, LONGEST_CONTACT),
    ),
    "session_hours": Variable(
        "KEZEK_SESSION_HOURS",
        "12",
        "hours after which a member of staff signs in again",
        _whole_number(1, LONGEST_SESSION),
    ),
    "gateway_port": Variable(
        "KEZEK_GATEWAY_PORT",
        "8081",
        "port on which the gateway listens",
        _whole_number(1, LARGEST_PORT),
    ),
    "gateway_url": Variable(
        "KEZEK_GATEWAY_URL",
        None,
        "the gateway's address as browsers reach it; else that of the pages themselves",
        _gateway_url,
    ),
    "gateway_connections_per_address": Variable(
        "KEZEK_GATEWAY_CONNECTIONS_PER_ADDRESS",
        "2000",
        "WebSockets that one address may have open at a process of the gateway; 0 for no limit",
        _whole_number(0, MOST_CONNECTIONS),
    ),
    "trusted_proxies": Variable(
        "KEZEK_TRUSTED_PROXIES",
        None,
        "addresses or networks of the proxies whose X-Forwarded-For is believed, with commas",
        _networks,
    ),
    "worker_processes": Variable(
        "KEZEK_WORKER_PROCESSES",
        "0",
        "processes in which a worker simulates; 0 for one a processor",
        _whole_number(0, MOST_PROCESSES),
    ),
    "dask_scheduler": Variable(
        "KEZEK_DASK_SCHEDULER",
        None,
        "tcp://HOST:PORT of a Dask scheduler on whose workers simulations run; else this machine",
        _dask_scheduler,
    ),
    "demo_sign_ins": Variable(
        "KEZEK_DEMO_SIGN_INS",
        None,
        "set by the demo alone: file of the sign-ins that its start page hands out",
        Path,
    ),
}
