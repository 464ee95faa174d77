"""What cannot be done for the asker: one exception, its kind a word of the problem catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemas.fields import Sentence


class Fault(Exception):  # noqa: N818 - it is an answer to the asker, not a failure of ours
    """Stops a request; `kind` names a problem type, `detail` what the asker needs to know.

    In `detail` a name that ends in `_at` or `_by`, or is `until`, holds an instant in epoch ms.
    """

    def __init__(self, kind: str, **detail: Any) -> None:  # noqa: ANN401
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


def wrong(kind: str, field: str, sentence: Sentence) -> Fault:
    """The fault of one field, parameter or header, with what to write instead."""
    return Fault(kind, field=field, fields=[{"field": field, "detail": sentence}])
