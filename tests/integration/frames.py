"""Whether frames are as schemas/asyncapi.yaml says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from schemas.yaml_file import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


@cache
def contract() -> dict[str, Any]:
    """The checked in document."""
    document: dict[str, Any] = read_yaml(SCHEMAS / "asyncapi.yaml")
    return document


@cache
def _documents() -> Registry[Any]:
    documents = {"asyncapi.yaml": contract(), "openapi.yaml": read_yaml(SCHEMAS / "openapi.yaml")}
    return Registry().with_resources(
        (name, DRAFT202012.create_resource(document)) for name, document in documents.items()
    )


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference}, registry=_documents())


def faults(frames: Iterable[dict[str, Any]]) -> list[str]:
    """What is wrong with frames, each judged by the schema of its type."""
    found = []
    for frame in frames:
        name = str(frame["type"]).title()
        judge = _validator(f"asyncapi.yaml#/components/schemas/{name}")
        found += [
            f"{name}: {error.json_path} {error.message}" for error in judge.iter_errors(frame)
        ]
    return found


def board_faults(board: dict[str, Any]) -> list[str]:
    """What is wrong with a board that was put together from frames."""
    judge = _validator("openapi.yaml#/components/schemas/Board")
    return [f"{error.json_path} {error.message}" for error in judge.iter_errors(board)]
