"""What a document's chatter says about Xero: what one would tell a colleague, without a notification; no checks, no retries."""

from datetime import date

from odoo import models
from odoo.tools.translate import LazyTranslate

from .. import words
from ..xero_core.differing import changed_fields

_lt = LazyTranslate(__name__)

CREATE, UPDATE, REMOVE = "create", "update", "remove"
# what people know fields of Xero's payloads as; what is not here, they did not change
FIELDS = {
    "InvoiceNumber": _lt("Number"),
    "CreditNoteNumber": _lt("Number"),
    "Contact": _lt("Contact"),
    "Date": _lt("Date"),
    "DueDate": _lt("Due date"),
    "Reference": _lt("Reference"),
    "Narration": _lt("Text"),
    "CurrencyCode": _lt("Currency"),
    "CurrencyRate": _lt("Exchange rate"),
    "BrandingThemeID": _lt("Branding theme"),
    "LineItems": _lt("Lines"),
    "JournalLines": _lt("Lines"),
}
DAYS = ("Date", "DueDate")


class XeroHandlerTelling(models.AbstractModel):
    _inherit = "xero.handler"

    _is_told = False  # of a kind whose documents people discuss: their chatter says what became of them

    def _tell_arrived(self, connection, operations):
        """What Xero has just taken of these documents.

        :param dict operations: by the document's id
        """
        if not self._is_told:
            return
        updated = [res_id for res_id, operation in operations.items() if operation == UPDATE]
        changes = self.env["xero.version"]._last_changes(connection, self._kind, self._res_model, updated)
        texts = {res_id: self._arrived_words(operation, *changes.get(res_id, ())) for res_id, operation in operations.items()}
        self._note({res_id: text for res_id, text in texts.items() if text})

    def _arrived_words(self, operation, before=None, after=None):
        """:param before, after: what was sent the time before, and now, where that was kept"""
        if operation == UPDATE and before and after:
            return self._changed_words(before, after)
        texts = {
            CREATE: self.env._("Sent to Xero."),
            UPDATE: self.env._("The change was sent to Xero."),
            REMOVE: self.env._("Voided in Xero."),
        }
        return texts.get(operation)

    def _changed_words(self, before, after):
        """Names what was changed, and of a day alone from what to what; no other value, as who reads the chatter may not know them all."""
        names = [name for name in changed_fields(before, after) if name in FIELDS]
        if len(names) == 1 and names[0] in DAYS and before.get(names[0]) and after[names[0]]:
            first, second = (words.day(self.env, date.fromisoformat(sent[names[0]])) for sent in (before, after))
            label = self.env._(FIELDS[names[0]])
            return self.env._("%(field)s changed in Xero: %(before)s to %(after)s.", field=label, before=first, after=second)
        if not names:
            return self._arrived_words(UPDATE)
        return self.env._("The change was sent to Xero: %s.", ", ".join(self.env._(FIELDS[name]) for name in names))

    def _note(self, texts):
        """A silent line on each of these documents that still exists (``{id: text}``); a number of queries that does not grow with them."""
        records = self.env[self._res_model].browse(texts).exists()
        if records:
            records._message_log_batch({record.id: texts[record.id] for record in records})
