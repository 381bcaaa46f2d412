"""What a document's chatter says about Xero: what one would tell a colleague, without a notification; no checks, no retries."""

from odoo import models

CREATE, UPDATE, REMOVE = "create", "update", "remove"


class XeroHandlerTelling(models.AbstractModel):
    _inherit = "xero.handler"

    _is_told = False  # of a kind whose documents people discuss: their chatter says what became of them

    def _tell_arrived(self, operations):
        """What Xero has just taken of these documents.

        :param dict operations: by the document's id
        """
        if self._is_told:
            self._note({res_id: words for res_id, operation in operations.items() if (words := self._arrived_words(operation))})

    def _arrived_words(self, operation):
        words = {
            CREATE: self.env._("Sent to Xero."),
            UPDATE: self.env._("The change was sent to Xero."),
            REMOVE: self.env._("Voided in Xero."),
        }
        return words.get(operation)

    def _note(self, texts):
        """A silent line on each of these documents that still exists (``{id: text}``); a number of queries that does not grow with them."""
        records = self.env[self._res_model].browse(texts).exists()
        if records:
            records._message_log_batch({record.id: texts[record.id] for record in records})
