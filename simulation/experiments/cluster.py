"""Replications on a Dask cluster: the same numbers come out, whoever runs them.

A task costs the scheduler some milliseconds, so it carries as many replications as take about a
second. The tasks of a worker that dies are run by another one. Scheduler and workers run in the
product's own environment, the same version of it everywhere.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from distributed import Client, Future, KilledWorker
from distributed.client import FutureCancelledError

from schemas.catalogue import Catalogue
from simulation.experiments.bundles import Bundle, Task, in_order, run_bundle
from simulation.experiments.crews import SETTING, CrewError
from simulation.experiments.engine import Replication

_CONNECT_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
"""Without a single worker, before it is given up."""
_ROOT = Path(__file__).resolve().parents[2]


class OtherVersionError(Exception):
    """A worker would run other code than the one who asks."""


def run_there(asker: str, catalogue: Catalogue, tasks: tuple[Task, ...]) -> bytes:
    """Runs on a worker; raises OtherVersionError where its code is not that of who asks."""
    if asker != version():
        raise OtherVersionError
    return run_bundle(tasks, catalogue).packed()


@cache
def version() -> str:
    """Names the sources that numbers depend on."""
    mark = blake2b(digest_size=16)
    for package in ("schemas", "queue_service/policy", "queue_service/timing", "simulation"):
        for source in sorted((_ROOT / package).rglob("*.py")):
            mark.update(source.relative_to(_ROOT).as_posix().encode() + source.read_bytes())
    return mark.hexdigest()


class Cluster:
    """Runs tasks on the workers of one scheduler; raises CrewError where the cluster fails."""

    seconds = 1.0

    def __init__(self, client: Client, catalogue: Catalogue) -> None:
        self._client = client
        self._catalogue = catalogue

    def run(self, tasks: Iterable[Task]) -> Iterator[Replication]:
        yield from in_order(tasks, self)

    @property
    def width(self) -> int:
        with _told():
            return self._threads()

    def take(self, tasks: tuple[Task, ...]) -> Future[bytes]:
        with _told():
            arguments = (version(), self._catalogue, tasks)
            return self._client.submit(run_there, *arguments, pure=False)

    def give(self, handed: Future[bytes]) -> Bundle:
        with _told():
            while True:
                try:
                    return Bundle.unpacked(handed.result(timeout=PATIENCE_SECONDS))
                except TimeoutError:
                    if not self._threads():
                        raise

    def drop(self, handed: Sequence[Future[bytes]]) -> None:
        if handed and self._client.status == "running":
            self._client.cancel(list(handed))  # type: ignore[no-untyped-call]

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())  # type: ignore[no-untyped-call]


@contextmanager
def cluster(address: str, catalogue: Catalogue) -> Iterator[Cluster]:
    """The cluster of the scheduler at `address`; raises CrewError, with the way out."""
    # What it would log of losses is told here in sentences.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with closing(_connected(address)) as client:
        with _told():
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        yield Cluster(client, catalogue)


def _connected(address: str) -> Client:
    place = _place(address)
    try:
        # A client that finds nobody leaves threads behind: first it is tried without one.
        socket.create_connection(place, _CONNECT_SECONDS).close()
        return Client(  # type: ignore[no-untyped-call]
            address, timeout=_CONNECT_SECONDS, set_as_default=False, name="kezek"
        )
    except OSError as problem:
        raise CrewError(_NOBODY.format(address, problem)) from None


def _place(address: str) -> tuple[str, int]:
    with suppress(ValueError):
        found = urlsplit(address)
        if found.scheme in ("tcp", "tls") and found.hostname and found.port:
            return found.hostname, found.port
    raise CrewError(f"{SETTING} is {address!r}: write the scheduler's address as tcp://HOST:PORT.")


_NOBODY = (
    f"{SETTING}: nobody answers at {{}} ({{}}). Start a scheduler there, or unset it to use the "
    "processors of this machine."
)
_NO_WORKERS = f"{SETTING}: the scheduler has no workers. Start some: .venv/bin/dask worker ADDRESS"
_DIED = (
    f"{SETTING}: workers die over it again and again, out of memory perhaps: look at their logs."
)
_GONE = f"{SETTING}: the scheduler has gone. Start it again, and then this command."
_OTHER_CODE = (
    f"{SETTING}: a worker has another version of kezek or none. Start scheduler and workers in the "
    "same version's own environment: .venv/bin/dask worker ADDRESS"
)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong with a cluster, in a sentence."""
    try:
        yield
    except KilledWorker:
        raise CrewError(_DIED) from None
    except (OtherVersionError, ImportError):
        raise CrewError(_OTHER_CODE) from None
    except TimeoutError:
        raise CrewError(_NO_WORKERS) from None
    except (FutureCancelledError, OSError):
        raise CrewError(_GONE) from None
