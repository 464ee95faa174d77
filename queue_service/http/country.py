"""Routes about what all branches share: services, branches, regimes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from queue_service.directory import DeclaredRegime, offer
from queue_service.http.call import Call, Reply
from queue_service.localtime import in_zone
from schemas import wire_plan

if TYPE_CHECKING:
    from schemas.branch import Branch


async def services(call: Call) -> Reply:
    """GET services."""
    known = call.service.directory.services.values()
    return Reply(200, wire_plan.Services(services=tuple(offer(service) for service in known)))


async def branches(call: Call) -> Reply:
    """GET branches: all, or the only one that the asker's token is for."""
    known = call.service.directory.branches.values()
    mine = [one.record for one in known if call.who.branch in ("", one.code)]
    return Reply(200, wire_plan.Branches(branches=tuple(_summary(branch) for branch in mine)))


def _summary(branch: Branch) -> wire_plan.BranchSummary:
    return wire_plan.BranchSummary(
        code=branch.code,
        name=branch.name,
        country=branch.country,
        region=branch.region,
        city=branch.city,
        time_zone=branch.time_zone,
        address=branch.address,
    )


async def branch(call: Call) -> Reply:
    """GET a branch."""
    return Reply(200, call.at.record)


async def regimes(call: Call) -> Reply:
    """GET regimes."""
    known = call.service.directory.regimes
    return Reply(200, wire_plan.Regimes(regimes=tuple(_record(declared) for declared in known)))


async def declare_regime(call: Call) -> Reply:
    """POST regimes."""
    return Reply(201, _record(await call.parts.regimes.declare(call.who, call.body)))


async def end_regime(call: Call) -> Reply:
    """POST end of a regime."""
    ended = await call.parts.regimes.end(call.who, call.params["regime"], call.body)
    return Reply(200, _record(ended))


def _record(declared: DeclaredRegime) -> wire_plan.RegimeRecord:
    return wire_plan.RegimeRecord(
        **msgspec.structs.asdict(declared.regime),
        by=declared.by,
        at=in_zone("UTC").text(declared.at),
    )
