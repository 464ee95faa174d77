"""The option `--json FILE` of the benchmarks: refused before anything is measured."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click


class _NewFile(click.Path):
    """A file that can be written, in a folder that is there."""

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """The path; a click error where no file can be put there."""
        path = Path(str(super().convert(value, param, ctx)))
        if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
            self.fail(f"no file can be put into {path.parent}: name another one", param, ctx)
        return path


json_option = click.option(
    "--json",
    "json_file",
    type=_NewFile(dir_okay=False, writable=True),
    help="File for all figures.",
)
