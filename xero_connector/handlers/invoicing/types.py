"""The kinds of invoice-like documents, and where their ways part."""

from odoo import models

from ...xero_core.resources import credit_notes as resource


class XeroHandlerInvoice(models.AbstractModel):
    """Customer invoices and sales receipts: sales invoices of Xero, under Odoo's own number."""

    _name = "xero.handler.invoice"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Customer Invoices"

    _kind = "invoice"


class XeroHandlerBill(models.AbstractModel):
    """Vendor bills and purchase receipts, expense reports among them: bills of Xero, under the vendor's number."""

    _name = "xero.handler.bill"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Vendor Bills"

    _kind = "bill"


class XeroHandlerCreditNote(models.AbstractModel):
    """Credit notes given to customers, under Odoo's own number, and received from vendors, under theirs."""

    _name = "xero.handler.credit_note"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Credit Notes"

    _kind = "credit_note"
    _resource = resource

    def _find(self, client, ids=(), numbers=()):
        return client.credit_notes(ids=ids, numbers=numbers)

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_credit_notes(payloads, idempotency_key)
        return client.update_credit_notes(payloads)
