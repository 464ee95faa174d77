"""Requests about a ticket at a counter."""

from schemas.fields import Code, CounterId, FieldsError, Sentence
from schemas.wire import Reason, Request


class HoldTicket(Request, frozen=True, kw_only=True):
    """The operator waits for a document; the counter is free for others."""

    reason: Reason | None = None


class ResumeTicket(Request, frozen=True, kw_only=True):
    """Takes the ticket off hold at a free counter."""

    counter: CounterId


class TransferTicket(Request, frozen=True, kw_only=True):
    """Sends the visitor to another service or to one counter; the place in the order is kept."""

    service: Code | None = None
    counter: CounterId | None = None

    def __post_init__(self) -> None:
        if (self.service is None) == (self.counter is None):
            raise FieldsError([("service", Sentence("write either service or counter"))])
