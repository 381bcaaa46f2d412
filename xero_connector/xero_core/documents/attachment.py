"""Files attached to a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to attach to `parent_id`, one of the `endpoint` 'Invoices' or 'CreditNotes'; one of the same `name` is replaced there."""

    endpoint: str
    parent_id: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RemoteAttachment:
    """A file as Xero holds it; `size` in bytes. `parent_id` is what was asked for: Xero names it in no answer."""

    xero_id: str
    parent_id: str
    name: str
    size: int
