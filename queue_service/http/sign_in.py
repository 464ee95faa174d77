"""Routes about signing in and out, and about letting devices in."""

from __future__ import annotations

import datetime as dt
from typing import Final

from queue_service.access import guesses, pairing, staff
from queue_service.faults import Fault
from queue_service.http.askers import EVERYBODY, MANAGERS, PUBLIC
from queue_service.http.call import Call, Reply, Route
from schemas import wire_access


async def sign_in(call: Call) -> Reply:
    """POST sign-in."""
    asked: wire_access.SignIn = call.body
    pool = call.parts.pool
    guessers = guesses.address(call.origin), guesses.account(f"login:{asked.login}")
    await guesses.count(pool, *guessers)
    found = await staff.sign_in(pool, asked.login, asked.password, call.parts.session_hours)
    if found is None:
        raise Fault("wrong_sign_in")
    await guesses.take_back(pool, *guessers)
    session = wire_access.Session(
        token=found.token,
        subject=found.subject,
        role=found.role,
        branch=found.branch,
        name=found.name,
        expires_at=utc(found.expires_at),
    )
    return Reply(201, session)


async def sign_out(call: Call) -> Reply:
    """POST sign-out."""
    await staff.sign_out(call.parts.pool, call.token)
    return Reply(204)


async def begin_pairing(call: Call) -> Reply:
    """POST pairings."""
    begun = await pairing.begin(call.parts.pool, call.origin)
    answer = wire_access.Pairing(
        pairing=begun.pairing,
        code=begun.code,
        token=begun.token,
        expires_at=utc(begun.expires_at),
    )
    return Reply(201, answer)


async def see_pairing(call: Call) -> Reply:
    """GET a pairing."""
    found = await pairing.outcome(call.parts.pool, call.params["pairing"])
    answer = wire_access.PairingOutcome(
        state=found.state, role=found.role or None, branch=found.branch or None
    )
    return Reply(200, answer)


async def approve_pairing(call: Call) -> Reply:
    """POST approval of a pairing."""
    asked: wire_access.ApprovePairing = call.body
    branch = asked.branch or call.who.branch
    if call.who.branch and branch != call.who.branch:
        raise Fault("other_branch")
    call.service.directory.branch(branch)
    pool, code = call.parts.pool, call.params["pairing"]
    guessers = guesses.address(call.origin), guesses.account(f"pairing:{call.who.subject}")
    await guesses.count(pool, *guessers)
    subject = await pairing.approve(pool, code, asked.role, branch, asked.name)
    await guesses.take_back(pool, *guessers)
    return Reply(200, wire_access.Device(subject=subject, role=asked.role, branch=branch))


def utc(moment: dt.datetime) -> str:
    """An instant as the contract writes it where it is no instant of the queue."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


ACCESS: Final = (
    Route(
        method="POST",
        path="/v1/sign-in",
        handler=sign_in,
        name="sign_in",
        summary="Sign in as a member of staff",
        roles=PUBLIC,
        body=wire_access.SignIn,
        answers={201: wire_access.Session},
        problems=("wrong_sign_in", "too_many_guesses"),
        repeatable=False,
        tag="access",
    ),
    Route(
        method="POST",
        path="/v1/sign-out",
        handler=sign_out,
        name="sign_out",
        summary="End the token that asks",
        roles=EVERYBODY,
        answers={204: None},
        repeatable=False,
        tag="access",
    ),
    Route(
        method="POST",
        path="/v1/pairings",
        handler=begin_pairing,
        name="begin_pairing",
        summary="A device asks to be let in and gets the code that it shows",
        roles=PUBLIC,
        answers={201: wire_access.Pairing},
        problems=("too_many_requests",),
        repeatable=False,
        tag="access",
    ),
    Route(
        method="GET",
        path="/v1/pairings/{pairing}",
        handler=see_pairing,
        name="see_pairing",
        summary="What became of a device's question",
        roles=PUBLIC,
        answers={200: wire_access.PairingOutcome},
        problems=("unknown_pairing",),
        tag="access",
    ),
    Route(
        method="POST",
        path="/v1/pairings/{pairing}/approve",
        handler=approve_pairing,
        name="approve_pairing",
        summary="Let the device in that shows the code",
        roles=MANAGERS,
        body=wire_access.ApprovePairing,
        answers={200: wire_access.Device},
        problems=(
            "unknown_pairing",
            "name_taken",
            "too_many_guesses",
            "unknown_branch",
            "other_branch",
        ),
        repeatable=False,
        tag="access",
    ),
)
