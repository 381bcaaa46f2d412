from odoo import models

from ..xero_core.mapping import credit_note as mapping


class XeroHandlerCreditNote(models.AbstractModel):
    """Credit notes given to customers, under Odoo's own number, and received from vendors, under theirs."""

    _name = "xero.handler.credit_note"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Credit Notes"

    _kind = "credit_note"
    _mapping = mapping

    def _find(self, client, ids=(), numbers=()):
        return client.credit_notes(ids=ids, numbers=numbers)

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_credit_notes(payloads, idempotency_key)
        return client.update_credit_notes(payloads)
