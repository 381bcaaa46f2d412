"""The kinds of invoice-like documents, and where their ways part."""

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import HOURLY
from ...xero_core.resources import credit_notes as resource

_lt = LazyTranslate(__name__)


class XeroHandlerInvoice(models.AbstractModel):
    """Customer invoices and sales receipts: sales invoices of Xero, under Odoo's own number."""

    _name = "xero.handler.invoice"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Customer Invoices"

    _kind = "invoice"
    _moves = ("out_invoice", "out_receipt")
    _label = _lt("Customer Invoice")
    _sequence = 40
    _setting = "sync_invoice"
    _takes = "takes_invoice"
    _paid_online = ("SUBMITTED", "AUTHORISED", "PAID")


class XeroHandlerBill(models.AbstractModel):
    """Vendor bills and purchase receipts, expense reports among them: bills of Xero, under the vendor's number."""

    _name = "xero.handler.bill"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Vendor Bills"

    _kind = "bill"
    _moves = ("in_invoice", "in_receipt")
    _label = _lt("Vendor Bill")
    _sequence = 41
    _setting = "sync_bill"
    _takes = "takes_bill"


class XeroHandlerCreditNote(models.AbstractModel):
    """Credit notes given to customers, under Odoo's own number, and received from vendors, under theirs."""

    _name = "xero.handler.credit_note"
    _inherit = "xero.handler.document"
    _description = "Xero Handler: Credit Notes"

    _kind = "credit_note"
    _moves = ("out_refund", "in_refund")
    _label = _lt("Credit Note")
    _sequence = 42
    _setting = "sync_credit_note"
    _takes = "takes_credit_note"
    _is_credit = True
    _files_at = "CreditNotes"
    _list = "CreditNotes"
    _interval = HOURLY
    _rings = ("CREDITNOTE",)
    _is_asked_by_id = False  # Xero's list of them takes no ids
    _resource = resource

    def _is_taken_here(self, remote):
        return True

    def _fetch(self, client, ids=(), numbers=()):
        return client.credit_notes(ids=ids, numbers=numbers)

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_credit_notes(payloads, idempotency_key)
        return client.update_credit_notes(payloads)
