"""What a visitor comes for, and the channels it can be had through."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.fields import Code, Text, Texts, Url

Letter = Annotated[
    str, Meta(pattern="^[A-Z]$", max_length=1, description="one capital Latin letter, such as P")
]
Phone = Annotated[
    str,
    Meta(
        pattern=r"^\+?[0-9][0-9 ]{2,18}$", description="a telephone number in digits, such as 1414"
    ),
]
ServiceMinutes = Annotated[
    int, Meta(ge=1, le=240, description="minutes, a whole number from 1 to 240")
]
Mark = Literal["R", "A"]


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value comes from: R published by the press or the authorities, A assumed by us."""

    mark: Mark
    note: Text


class Channels(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The ways to have a service."""

    in_person: bool = True
    portal: Url | None = None
    mobile_app: bool = False
    bot: bool = False
    phone: Phone | None = None

    @property
    def online(self) -> bool:
        """Whether an open online channel exists: the portal, the mobile app or the bot."""
        return self.portal is not None or self.mobile_app or self.bot


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Services that share a ticket letter."""

    code: Code
    letter: Letter
    name: Texts


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service; `usual_minutes` at the counter; `letter` begins its ticket numbers (P-017)."""

    code: Code
    letter: Letter
    category: Code
    name: Texts
    channels: Channels
    usual_minutes: ServiceMinutes
    in_person_only_march_2020: bool
    source: Source

    @property
    def online(self) -> bool:
        """Whether an open online channel exists now."""
        return self.channels.online
