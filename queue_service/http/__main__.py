"""`python -m queue_service.http` writes schemas/openapi.yaml anew from the route table."""

from __future__ import annotations

from queue_service.http.openapi import FILE, as_yaml, document
from queue_service.http.routes import ROUTES

FILE.write_text(as_yaml(document(ROUTES)), encoding="utf-8")
