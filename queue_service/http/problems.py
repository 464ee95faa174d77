"""RFC 9457 problems: a stable type, a title and what to do next in the asker's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from queue_service.faults import Fault
from queue_service.http.languages import spoken, texts, translated
from queue_service.http.problem_kinds import KINDS, OR_ELSE
from queue_service.timing.localtime import LocalTime, in_zone
from schemas.fields import Sentence
from schemas.wire_plan import FieldProblem, Problem

TYPE = "urn:kezek:problem:"
CONTENT_TYPE: Final = "application/problem+json"
CONTACT_CENTRE = "1414"
RETRY_AFTER_SECONDS = 2

_MEMBERS: Final = {
    **dict.fromkeys(("next_at", "opens_at"), "next_at"),
    **dict.fromkeys(("until", "closes_at", "arrive_by", "last_admission_at"), "until"),
    **dict.fromkeys(("limit", "party_limit", "hall_limit", "group_size"), "limit"),
    **{name: name for name in ("field", "fields", "state", "links", "accepted_reasons")},
    **{name: name for name in ("instance", "phone")},
}
"""Name in a fault's detail -> the member of the problem that holds it; others are `extra`."""


def named_field(kind: str, body: object) -> dict[str, str]:
    """The member `field` of a refusal, where a field of the body is to be corrected."""
    field = KINDS[kind].field
    other = OR_ELSE.get(field, "")
    if getattr(body, other, None) is not None:
        field = other
    return {"field": field} if field else {}


def problem(fault: Fault, language: str, zone: LocalTime | None) -> Problem:
    """The fault as the asker sees it; instants in `zone`, the branch's, UTC without a branch."""
    zone = zone or in_zone("UTC")
    detail = fault.detail
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
    if KINDS[fault.kind].help:
        members.setdefault("phone", CONTACT_CENTRE)
    return Problem(
        type=TYPE + fault.kind.replace("_", "-"),
        title=text.title,
        status=KINDS[fault.kind].status,
        detail=text.way_out(members).format_map(_Spoken(detail, zone, language)),
        **members,
    )


def _plain(value: Any, language: str) -> int | str:  # noqa: ANN401 - any value of a plan
    """A value as a program reads it; the sentence of the problem has it in words."""
    if isinstance(value, bool):
        return str(value).lower()
    is_code = isinstance(value, str) and not isinstance(value, Sentence)
    return value if is_code or isinstance(value, int) else spoken(value, language)


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
        known = _MEMBERS.get(name)
        if known is None:
            extra[name] = instant(value) if name.endswith(("_at", "_by")) else value
        elif known in {"next_at", "until"}:
            members[known] = instant(value)
        else:
            members[known] = value
    if extra:
        members["extra"] = extra
    return members
