"""RFC 9457 problems: a stable type, a title and what to do next in the asker's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from queue_service.faults import Fault
from queue_service.http.languages import spoken, texts, translated
from queue_service.timing.localtime import LocalTime, in_zone
from schemas.wire_plan import FieldProblem, Problem

TYPE = "urn:kezek:problem:"
CONTENT_TYPE: Final = "application/problem+json"
CONTACT_CENTRE = "1414"
RETRY_AFTER_SECONDS = 2

_UNPROCESSABLE = (
    "unknown_service not_offered unknown_priority reason_not_accepted party_too_large invalid_field"
    " invalid_iin group_too_large lacks_skill plan_contradicts key_reused regime_over past_date"
    " regime_bound"
)
_NOT_FOUND = (
    "not_found unknown_ticket unknown_counter unknown_branch unknown_regime unknown_version"
    " unknown_pairing"
)
_CONFLICT = (
    "no_plan day_closed not_yet_open door_closed door_not_open paused already_carried wrong_state"
    " not_inside too_late_to_enter too_soon hall_full nobody_waiting counter_open counter_closed"
    " counter_busy counter_out_of_use already_returned already_missed hall_not_empty not_cleaning"
    " cleaning_too_short sanitation_under_way groups_not_in_force ticket_exists online_only"
    " cannot_be_served_today done_too_long_ago regime_exists carry_over_lapsed name_taken"
)
STATUS: dict[str, int] = {
    **dict.fromkeys(_UNPROCESSABLE.split(), 422),
    **dict.fromkeys(_NOT_FOUND.split(), 404),
    **dict.fromkeys(_CONFLICT.split(), 409),
    "bad_request": 400,
    "bad_json": 400,
    "invalid_parameter": 400,
    "invalid_header": 400,
    "unauthorized": 401,
    "wrong_sign_in": 401,
    "forbidden": 403,
    "other_branch": 403,
    "method_not_allowed": 405,
    "stale_version": 412,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "plan_needs_version": 428,
    "too_many_requests": 429,
    "headers_too_large": 431,
    "unexpected": 500,
    "database_away": 503,
}
_CALLS_FOR_HELP = frozenset({"online_only", "cannot_be_served_today", "day_closed", "not_offered"})

_MAY_BE_TRIED_AFTER = frozenset({"cleaning_too_short"})
_NEXT_AT = frozenset({"next_at", "opens_at", "clean_until", "tickets_from"})
_UNTIL = frozenset({"until", "closes_at", "arrive_by", "last_admission_at"})
_LIMIT = frozenset({"limit", "party_limit", "hall_limit", "group_size"})
_OWN_MEMBERS = frozenset(
    {"field", "fields", "state", "links", "accepted_reasons", "instance", "phone"}
)


_FIELDS: Final = {
    "unknown_service": "service",
    "not_offered": "service",
    "unknown_priority": "priority",
    "reason_not_accepted": "assisted_reason",
    "party_too_large": "party_size",
    "already_carried": "carried_from",
    "group_too_large": "size",
}
"""The field of the body that a refusal of the policy is about."""
_OR_ELSE: Final = {"service": "services", "carried_from": "carried_number"}
"""The field that may be written in place of another."""


def named_field(kind: str, body: object) -> dict[str, str]:
    """The member `field` of a refusal, where a field of the body is to be corrected."""
    field = _FIELDS.get(kind, "")
    other = _OR_ELSE.get(field, "")
    if getattr(body, other, None) is not None:
        field = other
    return {"field": field} if field else {}


def problem(fault: Fault, language: str, zone: LocalTime | None) -> Problem:
    """The fault as the asker sees it; instants in `zone`, the branch's, UTC without a branch."""
    zone = zone or in_zone("UTC")
    detail = fault.detail
    if fault.kind in _MAY_BE_TRIED_AFTER and "until" in detail:
        detail = detail | {"next_at": detail["until"], "until": None}
    text = texts(language).problems[fault.kind]
    members = _members(detail, zone.text)
    if "extra" in members:
        members["extra"] = {
            name: _plain(value, language) for name, value in members["extra"].items()
        }
    if "fields" in members:
        members["fields"] = tuple(
            FieldProblem(field=one["field"], detail=translated(one["detail"], language))
            for one in members["fields"]
        )
    if fault.kind in _CALLS_FOR_HELP:
        members.setdefault("phone", CONTACT_CENTRE)
    return Problem(
        type=TYPE + fault.kind.replace("_", "-"),
        title=text.title,
        status=STATUS[fault.kind],
        detail=text.next.format_map(_Spoken(detail, zone, language)),
        **members,
    )


def _plain(value: Any, language: str) -> int | str:  # noqa: ANN401 - any value of a plan
    """A value as a program reads it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, int) else spoken(value, language)


class _Spoken(dict[str, str]):
    """Values as a sentence says them, instants as times of day; an unknown one is left open.

    `services` are those that the links are for.
    """

    def __init__(self, detail: dict[str, Any], zone: LocalTime, language: str) -> None:
        members = _members(detail, zone.clock)
        self._values = members | members.get("extra", {})
        self._values["services"] = tuple(link.name for link in members.get("links", ()))
        self._language = language

    def __missing__(self, name: str) -> str:
        return spoken(self._values.get(name, "…"), self._language)


def _members(detail: dict[str, Any], instant: Callable[[int], str]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    extra: dict[str, int | str] = {}
    for name, value in detail.items():
        if value is None:
            continue
        known = _member(name)
        if known is None:
            extra[name] = instant(value) if name.endswith(("_at", "_by")) else value
        elif known in {"next_at", "until"}:
            members[known] = instant(value)
        else:
            members[known] = value
    if extra:
        members["extra"] = extra
    return members


def _member(name: str) -> str | None:
    if name in _NEXT_AT:
        return "next_at"
    if name in _UNTIL:
        return "until"
    if name in _LIMIT:
        return "limit"
    return name if name in _OWN_MEMBERS else None
