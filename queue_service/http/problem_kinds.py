"""Every kind of problem: its status, the field that is to be corrected, whether to call for help.

Their words stand in `messages/`, one file a language; a test holds the three against this table.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Kind(Struct, frozen=True):
    """`field` is one of the request's body; `help`: the number of the contact centre is told."""

    status: int
    field: str = ""
    help: bool = False


KINDS: Final = {
    # The request cannot be read, or nobody known asks.
    "bad_request": Kind(400),
    "bad_json": Kind(400),
    "invalid_parameter": Kind(400),
    "invalid_header": Kind(400),
    "unauthorized": Kind(401),
    "wrong_sign_in": Kind(401),
    "forbidden": Kind(403),
    "other_branch": Kind(403),
    "method_not_allowed": Kind(405),
    "body_too_large": Kind(413),
    "unsupported_media_type": Kind(415),
    "too_many_requests": Kind(429),
    "too_many_guesses": Kind(429),
    "headers_too_large": Kind(431),
    # There is no such thing, or it is not the asker's.
    "not_found": Kind(404),
    "unknown_branch": Kind(404),
    "unknown_counter": Kind(404),
    "unknown_device": Kind(404),
    "unknown_pairing": Kind(404),
    "unknown_regime": Kind(404),
    "unknown_scenario": Kind(404),
    "unknown_simulation": Kind(404),
    "unknown_course": Kind(404),
    "unknown_policy": Kind(404),
    "unknown_draft": Kind(404),
    "unknown_ticket": Kind(404),
    "unknown_version": Kind(404),
    # The state of the day, of the ticket or of the counter does not allow it now.
    "no_plan": Kind(409),
    "day_closed": Kind(409, help=True),
    "not_yet_open": Kind(409),
    "door_closed": Kind(409),
    "door_not_open": Kind(409),
    "paused": Kind(409),
    "online_only": Kind(409, help=True),
    "cannot_be_served_today": Kind(409, help=True),
    "already_carried": Kind(409, "carried_from"),
    "carry_over_lapsed": Kind(409),
    "not_expired": Kind(409),
    "carry_over_not_yet": Kind(409),
    "ticket_exists": Kind(409),
    "wrong_state": Kind(409),
    "not_inside": Kind(409),
    "too_late_to_enter": Kind(409),
    "too_soon": Kind(409),
    "hall_full": Kind(409),
    "groups_not_in_force": Kind(409),
    "nobody_waiting": Kind(409),
    "nobody_fits": Kind(409),
    "counter_open": Kind(409),
    "counter_closed": Kind(409),
    "counter_busy": Kind(409),
    "counter_out_of_use": Kind(409),
    "already_returned": Kind(409),
    "already_missed": Kind(409),
    "hall_not_empty": Kind(409),
    "not_cleaning": Kind(409),
    "cleaning_too_short": Kind(409),
    "sanitation_under_way": Kind(409),
    "done_too_long_ago": Kind(409),
    "regime_exists": Kind(409),
    "simulation_over": Kind(409),
    "draft_settled": Kind(409),
    "name_taken": Kind(409),
    # The plan has changed meanwhile, or nobody said which one is meant.
    "stale_version": Kind(412),
    "plan_needs_version": Kind(428),
    # A field is wrong, or the plan does not allow its value.
    "invalid_field": Kind(422),
    "invalid_iin": Kind(422),
    "unknown_service": Kind(422, "service"),
    "not_offered": Kind(422, "service", help=True),
    "unknown_priority": Kind(422, "priority"),
    "reason_not_accepted": Kind(422, "assisted_reason"),
    "party_too_large": Kind(422, "party_size"),
    "group_too_large": Kind(422, "size"),
    "lacks_skill": Kind(422),
    "plan_contradicts": Kind(422),
    "regime_bound": Kind(422),
    "regime_over": Kind(422),
    "no_rules": Kind(422),
    "past_date": Kind(422),
    "key_reused": Kind(422),
    # It is not the asker's fault.
    "unexpected": Kind(500),
    "database_away": Kind(503),
}
OR_ELSE: Final = {"service": "services", "carried_from": "carried_number"}
"""The field that may be written in place of another."""
