"""JSON Schemas of the catalogue's files, for editors: `python -m schemas.catalogue.json_schema`."""

import json
from pathlib import Path

import msgspec

from schemas.catalogue.directory import FILES

FOLDER = Path(__file__).parent


def texts() -> dict[str, str]:
    """Give each schema's file name and text."""
    return {_schema_name(file): _text(file, kind) for file, kind in FILES.items()}


def write() -> None:
    """Write the schemas beside this module."""
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _schema_name(file: str) -> str:
    return f"{Path(file).stem}.schema.json"


def _text(file: str, kind: type[msgspec.Struct]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": file,
        **msgspec.json.schema(kind),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    write()
