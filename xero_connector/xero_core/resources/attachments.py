"""Files (Xero's page "Attachments"): their names and kinds, how Xero lists them, and how they get there."""

from collections.abc import Iterable
from dataclasses import dataclass

from .. import errors
from ..values import clean_guid, to_decimal, to_text
from .base import Calls, key
from .remote import Remote, as_told

# Xero's pages name 3, 10 and 25 MB. No request may have more than 10 MB, so nothing larger is tried; what Xero refuses below is told.
MAX_BYTES = 10_000_000
MAX_FILES = 10  # per document
NAME_LIMIT = 255  # none is documented; this is what file systems take
FORBIDDEN = '<>:"/\\|?*+'
# Xero's help page "Attach files": anything else is refused as "not a supported file type".
TYPES = frozenset({
    "7z", "bmp", "csv", "doc", "docx", "eml", "gif", "jpeg", "jpg", "keynote", "msg", "numbers", "odf", "ods", "odt", "pages", "pdf",
    "png", "ppt", "pptx", "rar", "rtf", "tif", "tiff", "txt", "xls", "xlsx", "zip",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to attach to `parent_id`, one of the `endpoint` 'Invoices', 'CreditNotes' or 'BankTransactions'.

    One of the same `name` is replaced there.
    """

    endpoint: str
    parent_id: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAttachment(Remote[Attachment]):
    """A file as Xero holds it; `size` in bytes. Its document is the one that was asked for: Xero names it in no answer.

    Never complete: no answer about a file has what is in it.
    """

    size: int

    parent_id = as_told("parent_id")
    name = as_told("name")


def extension(name: str) -> str:
    """The part behind the last dot, in small letters; '' without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """The name without the characters that Xero takes in no file name, and never too long to end in its extension."""
    text = "".join("_" if char in FORBIDDEN or not char.isprintable() else char for char in name)
    text = " ".join(text.split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}{dot}{ending}" if dot else text[:NAME_LIMIT]


def own_name(name: str, number: str, taken: Iterable[str]) -> str:
    """The name under which a file of the document `number` is sent: one that no other file there has.

    Xero replaces a file of the same name without a word. So the name begins with the document's number, lest a file that a person has
    attached in Xero (`invoice.pdf`) is lost, and files that are `taken` (in any letter case) are left alone.
    """
    clean, mark = clean_name(name), clean_name(number)
    if mark.casefold() not in clean.casefold():
        clean = clean_name(f"{mark} {clean}")
    stem, dot, ending = clean.rpartition(".") if "." in clean else (clean, "", "")
    used, candidate, count = {other.casefold() for other in taken}, clean, 1
    while candidate.casefold() in used:
        count += 1
        room = NAME_LIMIT - len(f" ({count}){dot}{ending}")
        candidate = f"{stem[:room]} ({count}){dot}{ending}"
    return candidate


def from_xero(payload: dict, endpoint: str = "", parent_id: str = "") -> RemoteAttachment:
    """Read one file of the document `parent_id`."""
    return RemoteAttachment(
        xero_id=clean_guid(payload.get("AttachmentID")),
        told=Attachment(endpoint, parent_id, to_text(payload.get("FileName")), b""),
        complete=False,
        size=int(to_decimal(payload.get("ContentLength"))),
    )


class AttachmentCalls(Calls):
    """Files of invoices, bills, credit notes and bank transactions: listed, and sent one by one."""

    def attachments(self, endpoint: str, parent_id: str) -> list[RemoteAttachment]:
        """The files of one document; [] if the document is not there."""
        ask, names = {
            "Invoices": (self._api.get_invoice_attachments, "invoice_id"),
            "CreditNotes": (self._api.get_credit_note_attachments, "credit_note_id"),
            "BankTransactions": (self._api.get_bank_transaction_attachments, "bank_transaction_id"),
        }[endpoint]
        try:
            found = self._list(ask, "Attachments", **{names: parent_id})
        except errors.NotFound:
            return []
        return [from_xero(row, endpoint, parent_id) for row in found]

    def content(self, file: RemoteAttachment) -> bytes | None:
        """What is in a file that `attachments` listed; None if it is not there any more."""
        ask, names = {
            "Invoices": (self._api.get_invoice_attachment_by_id, "invoice_id"),
            "CreditNotes": (self._api.get_credit_note_attachment_by_id, "credit_note_id"),
            "BankTransactions": (self._api.get_bank_transaction_attachment_by_id, "bank_transaction_id"),
        }[file.told.endpoint]
        given = {names: file.parent_id, "attachment_id": file.xero_id, "content_type": ""}
        try:
            return ask(self._tenant_id, **given).content
        except errors.NotFound:
            return None

    def attach(self, file: Attachment, idempotency_key: str) -> RemoteAttachment:
        """Attach a file; one of the same name is replaced and keeps its id. Customers do not see it with their invoice in Xero.

        :raise ValidationRefused: with Xero's reasons: its kind, its name, too many of them
        :raise TooLarge: it has more bytes than Xero takes
        """
        send, names = {
            "Invoices": (self._api.create_invoice_attachment_by_file_name, "invoice_id"),
            "CreditNotes": (self._api.create_credit_note_attachment_by_file_name, "credit_note_id"),
            "BankTransactions": (self._api.create_bank_transaction_attachment_by_file_name, "bank_transaction_id"),
        }[file.endpoint]
        given = {names: file.parent_id, "file_name": file.name, "body": file.content}
        made = self._one(send, "Attachments", **given, idempotency_key=key(idempotency_key))
        return from_xero(made, file.endpoint, file.parent_id)
