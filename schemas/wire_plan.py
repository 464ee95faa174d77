"""Requests and answers of the HTTP contract around plans, regimes, the journal and problems."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from schemas.fields import Code, FieldsError, Sentence, Texts, TimeOfDay, Url
from schemas.plan_values import PlanValues
from schemas.regime import Moment, Regime
from schemas.wire import Answer, BusinessDate, Instant, Reason, Request

# --- the day plan ------------------------------------------------------------------------------


class PlanChange(PlanValues, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A manager's change: the plan values that it sets, and why. Values not named stay."""

    reason: Reason
    redirect_issued: bool = False
    """Cancels tickets still outside of whose services the plan gives each one only online, whether
    by this change or already before it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.values == PlanValues():
            sentence = Sentence("name at least one plan value to change, such as closes")
            raise FieldsError([("", sentence)])

    @property
    def values(self) -> PlanValues:
        """The change without its reason."""
        names = PlanValues.__struct_fields__
        return PlanValues(**{name: getattr(self, name) for name in names})


class PlanRevert(Request, frozen=True, kw_only=True):
    """Puts the manager's changes back to what they were at an earlier version of the plan."""

    version: Annotated[int, Meta(ge=1, description="a version of the plan, from 1")]
    reason: Reason


class PlanSource(Answer, frozen=True, kw_only=True):
    """Where a value comes from; `text` says it in one sentence."""

    layer: Literal["default", "branch", "week", "special_day", "regime", "manager"]
    effect: Literal["sets", "narrows", "yields"]
    """`yields`: what it states is looser than a bound and does not count."""
    stated: Any
    text: str
    id: str = ""
    by: str = ""
    at: Instant | None = None
    reason: str = ""


class Choice(Answer, frozen=True, kw_only=True):
    """Something that can be chosen, and what it is called in the asked language."""

    value: str
    text: str


class PlanValue(Answer, frozen=True, kw_only=True):
    """One value of the plan with the layers that spoke of it, the last one last."""

    name: str
    label: str
    """What the value is called in the asked language."""
    value: Any
    worded: str
    """The value in words."""
    text: str
    """The value in words and where it comes from."""
    kind: Literal["yes_no", "people", "minutes", "time", "choice", "several", "texts"]
    """What may be entered: `choice` one and `several` any of the choices."""
    least: int | None = None
    most: int | None = None
    choices: tuple[Choice, ...] = ()
    sources: tuple[PlanSource, ...]


class PlannedPause(Answer, frozen=True, kw_only=True):
    """A sanitation that is still to come; those that were held are in the sanitation log."""

    drain_at: Instant
    starts_at: Instant
    minutes: int


class Plan(Answer, frozen=True, kw_only=True):
    """The rules of one branch on one business date and the explanation of each value."""

    branch: Code
    date: BusinessDate
    version: int
    opens_at: Instant
    closes_at: Instant
    last_admission_at: Instant
    tickets_from: Instant
    ends_at: Instant
    closed_reason: str = ""
    """Empty on a working day."""
    closed_text: str = ""
    """The same in the asked language."""
    values: tuple[PlanValue, ...]
    pauses: tuple[PlannedPause, ...] = ()
    priorities: tuple[str, ...]
    regimes: tuple[str, ...] = ()
    may_change: bool
    """Whether the asker may change it: no day that is over, and not everybody who may read it."""


class PlanDifference(Answer, frozen=True, kw_only=True):
    """A value that two plans have differently; `text` says it in the asked language."""

    name: str
    label: str = ""
    before: Any
    after: Any
    text: str = ""


class PlanPreview(Answer, frozen=True, kw_only=True):
    """What a change would do; nothing is changed by asking."""

    plan: Plan
    differences: tuple[PlanDifference, ...]
    waiting: int
    """Tickets that wait now, outside and inside."""
    redirected: int
    """Tickets outside, each of their services one that would be given only online."""
    not_served_by_closing: int
    """Tickets outside that, as far as is known, would not be let in or finished in time."""
    too_large: int
    """Tickets outside whose party would no longer fit a group or the hall."""
    hall_above_limit: int
    """People by whom the hall is already fuller than the limit would be."""


class PlanVersion(Answer, frozen=True, kw_only=True):
    """A version of the plan: when it came into force, by whom and why.

    `reason` is in the asked language where the service itself follows the regimes.
    """

    version: int
    at: Instant
    by: str
    who: str
    """The same as people read it."""
    reason: str = ""
    revertible: bool = False
    """Whether going back to it would undo something: a change of a manager, not only a regime."""
    differences: tuple[PlanDifference, ...] = ()


class PlanVersions(Answer, frozen=True, kw_only=True):
    branch: Code
    date: BusinessDate
    versions: tuple[PlanVersion, ...]


# --- regimes -----------------------------------------------------------------------------------


class EndRegime(Request, frozen=True, kw_only=True):
    """Ends a regime: `until` is the last business date on which it holds.

    With `until_time` ("HH:MM") it holds on that date until then and not to the end of the day.
    """

    until: date
    until_time: TimeOfDay | None = None
    reason: Reason

    @property
    def ends(self) -> Moment:
        """The first local minute at which the regime no longer holds."""
        return (self.until, self.until_time or "24:00")


class RegimeRecord(Regime, frozen=True, kw_only=True):
    """A regime and who put it in force."""

    by: str = ""
    at: Instant | None = None


class Regimes(Answer, frozen=True, kw_only=True):
    regimes: tuple[RegimeRecord, ...]


# --- services and branches ---------------------------------------------------------------------


class ServiceOffer(Answer, frozen=True, kw_only=True):
    """A service and the ways to have it."""

    code: Code
    letter: str
    category: Code
    name: Texts
    online: bool
    in_person: bool
    portal: Url | None = None
    mobile_app: bool = False
    bot: bool = False
    phone: str | None = None
    usual_minutes: int


class Services(Answer, frozen=True, kw_only=True):
    services: tuple[ServiceOffer, ...]


class BranchSummary(Answer, frozen=True, kw_only=True):
    code: Code
    name: Texts
    country: Code
    region: Code
    city: Code
    time_zone: str
    today: BusinessDate
    """Its own: another than that of the asker, or of UTC, for hours of a day."""
    address: Texts


class Branches(Answer, frozen=True, kw_only=True):
    branches: tuple[BranchSummary, ...]


# --- the journal -------------------------------------------------------------------------------


class JournalEntry(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A line of the journal; `event` has its `kind` and what belongs to that kind."""

    seq: int
    at: Instant
    at_ms: int
    """The same instant in epoch milliseconds."""
    command: str
    """Id of the command that caused it, 32 hexadecimal digits."""
    part: int
    by: str
    event: dict[str, Any]


class JournalPage(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Events after `after`, in order of seq; ask again with `next_after` until `complete`."""

    branch: Code
    date: BusinessDate
    entries: tuple[JournalEntry, ...]
    next_after: int
    complete: bool


# --- problems and health -----------------------------------------------------------------------


class FieldProblem(Answer, frozen=True, kw_only=True):
    field: str
    """Path of the field in the body, such as services.0, or a parameter or header."""
    detail: str


class ServiceLinks(Answer, frozen=True, kw_only=True):
    """The other ways to have a service that is not given in person now."""

    service: Code
    name: Texts
    portal: Url | None = None
    mobile_app: bool = False
    bot: bool = False
    phone: str | None = None
    qr: str | None = None
    """What a QR code for the visitor should hold."""


class Problem(Answer, frozen=True, kw_only=True):
    """An RFC 9457 problem: what is wrong in the asked language and what to do next."""

    type: str
    title: str
    status: int
    detail: str
    """What to do next."""
    instance: str = ""
    field: str = ""
    fields: tuple[FieldProblem, ...] = ()
    state: str = ""
    limit: int | None = None
    next_at: Instant | None = None
    """From when the same request may succeed."""
    until: Instant | None = None
    links: tuple[ServiceLinks, ...] = ()
    phone: str = ""
    accepted_reasons: tuple[str, ...] = ()
    """Reasons with which an assisted ticket can be had."""
    extra: dict[str, int | str] = msgspec.field(default_factory=dict)


class Health(Answer, frozen=True, kw_only=True, omit_defaults=False):
    status: Literal["ok", "unavailable"]
    checks: dict[str, str]
    """By part: ok, or a sentence."""
    now_ms: int
    """The service's clock, epoch milliseconds."""
