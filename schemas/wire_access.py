"""Requests and answers of the HTTP contract around signing in and pairing devices."""

from typing import Annotated, Literal

from msgspec import Meta

from schemas.fields import Code
from schemas.wire import Answer, Request

DeviceRole = Literal["kiosk", "board", "attendant"]
UtcInstant = Annotated[
    str,
    Meta(
        description="an RFC 3339 instant in UTC",
        extra_json_schema={"format": "date-time"},
    ),
]
DeviceName = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="small Latin letters, digits and hyphens, such as hall-1",
    ),
]


class SignIn(Request, frozen=True, kw_only=True):
    """A member of staff says who they are."""

    login: Annotated[str, Meta(min_length=1, max_length=60, description="1 to 60 characters")]
    password: Annotated[str, Meta(min_length=1, max_length=200, description="1 to 200 characters")]


class Session(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A session: its bearer token and whose it is; `branch` is empty for the whole country."""

    token: str
    subject: Annotated[str, Meta(description="who signed in, as the journal names them")]
    role: str
    branch: str
    name: str
    expires_at: UtcInstant


class Pairing(Answer, frozen=True, kw_only=True):
    """A device's question to be let in: it shows `code`, `token` is good once that is approved."""

    pairing: str
    code: Annotated[str, Meta(description="six letters and digits")]
    token: str
    expires_at: UtcInstant


class PairingOutcome(Answer, frozen=True, kw_only=True):
    """What became of it; role and branch once it is approved."""

    state: Literal["waiting", "approved", "expired"]
    role: str | None = None
    branch: Code | None = None


class ApprovePairing(Request, frozen=True, kw_only=True):
    """Lets the device that shows the code in, as a `role` of a branch."""

    role: DeviceRole
    name: DeviceName
    branch: Code | None = None
    """The branch of who approves, unless they have them all."""


class Device(Answer, frozen=True, kw_only=True):
    """A device that was let in; its subject stands in journals."""

    subject: str
    role: DeviceRole
    branch: Code


class PairedDevice(Answer, frozen=True, kw_only=True):
    """A device that is let in; `paired` and `seen` say how long ago, as people say it."""

    subject: str
    role: DeviceRole
    name: str
    paired_at: UtcInstant
    paired: str
    seen_at: UtcInstant | None
    """When it last asked, to the minute; null before it has."""
    seen: str | None
    actions: tuple[Literal["unpair"], ...]
    """What the asker may do with it."""


class Devices(Answer, frozen=True, kw_only=True):
    """The devices of a branch by role and name; `actions` says what the asker may do besides."""

    devices: tuple[PairedDevice, ...]
    actions: tuple[Literal["pair"], ...]
