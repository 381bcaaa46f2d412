"""Files attached to documents."""

from .. import errors
from ..documents import Attachment, RemoteAttachment
from ..mapping import attachment
from .base import Calls, key


class AttachmentCalls(Calls):
    """Files of invoices, bills and credit notes: listed, and sent one by one."""

    def attachments(self, endpoint: str, parent_id: str) -> list[RemoteAttachment]:
        """The files of one document; [] if the document is not there."""
        ask, names = {
            "Invoices": (self._api.get_invoice_attachments, "invoice_id"),
            "CreditNotes": (self._api.get_credit_note_attachments, "credit_note_id"),
        }[endpoint]
        try:
            found = self._list(ask, "Attachments", **{names: parent_id})
        except errors.NotFound:
            return []
        return [attachment.from_xero(row, parent_id) for row in found]

    def attach(self, file: Attachment, idempotency_key: str) -> RemoteAttachment:
        """Attach a file; one of the same name is replaced and keeps its id. Customers do not see it with their invoice in Xero.

        :raise ValidationRefused: with Xero's reasons: its kind, its name, too many of them
        :raise TooLarge: it has more bytes than Xero takes
        """
        send, names = {
            "Invoices": (self._api.create_invoice_attachment_by_file_name, "invoice_id"),
            "CreditNotes": (self._api.create_credit_note_attachment_by_file_name, "credit_note_id"),
        }[file.endpoint]
        given = {names: file.parent_id, "file_name": file.name, "body": file.content}
        return attachment.from_xero(self._one(send, "Attachments", **given, idempotency_key=key(idempotency_key)), file.parent_id)
