"""Routes for those who run the service: alive, ready, metrics, the contract."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST

from queue_service import migrations
from queue_service.http.call import Call, Reply
from schemas.wire_plan import Health

HTTP_UNAVAILABLE = 503
JSON = ("Content-Type", "application/json")


async def alive(call: Call) -> Reply:
    """GET healthz: the process answers."""
    return Reply(200, Health(status="ok", checks={}, now_ms=call.service.now()))


async def ready(call: Call) -> Reply:
    """GET readyz: database, migrations and journal serve."""
    database = await migrations.unready(call.parts.pool)
    checks = {
        "database": database or "ok",
        "catalogue": "ok" if call.parts.readiness.prepared else "It has not been read yet.",
    }
    if any(check != "ok" for check in checks.values()):
        health = Health(status="unavailable", checks=checks, now_ms=call.service.now())
        return Reply(HTTP_UNAVAILABLE, health, (JSON, ("Retry-After", "1")))
    return Reply(200, Health(status="ok", checks=checks, now_ms=call.service.now()))


async def metrics(call: Call) -> Reply:
    """GET metrics in the format of Prometheus."""
    return Reply(200, call.parts.metrics.text(), (("Content-Type", CONTENT_TYPE_LATEST),))


async def contract(call: Call) -> Reply:
    """GET openapi.json."""
    return Reply(200, call.parts.contract)
