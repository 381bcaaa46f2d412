from dataclasses import replace
from decimal import Decimal

from odoo import models

from ..xero_core.documents import Invoice
from .invoice_lines import money

# A change of one of these fields of a posted invoice that is in Xero is sent there.
SYNCED_FIELDS = frozenset(["ref", "payment_reference", "invoice_date_due", "partner_id", "name"])


class XeroHandlerInvoiceSnapshot(models.AbstractModel):
    """The first half of an invoice's way: may it go, and the frozen copy of what Odoo's books say."""

    _name = "xero.handler.invoice.snapshot"
    _inherit = "xero.handler.invoice.totals"
    _description = "Xero Handler: Invoice Snapshot"

    # === CHECKS BEFORE SENDING === #

    def _check_ready(self, move, context):
        """Causes known beforehand that hold the invoice back.

        :raise Held, Behind, Later: naming the cause
        """
        connection = context["connection"]
        self._check_confirmed(connection)
        self._check_lock_date(move.invoice_date, connection)
        self._check_currency(move.currency_id, context["table"])
        self._check_contact(move.commercial_partner_id, context)

    # === SNAPSHOT === #

    def _snapshot(self, move, context):
        """The invoice as Odoo's books have it, without Odoo.

        :rtype: Invoice
        """
        return Invoice(
            kind="ACCREC",
            number=move.name,
            contact_id=context["contacts"][move.commercial_partner_id.id].xero_id,
            date=move.invoice_date,
            due_date=move.invoice_date_due or move.invoice_date,
            currency=move.currency_id.name,
            currency_rate=self._currency_rate(move),
            lines=tuple(self._lines(move, context["table"])),
            total=money(move.amount_total, move.currency_id),
            total_tax=money(move.amount_tax, move.currency_id),
            reference=(move.ref or move.payment_reference or "")[:255],
            url=self._back_link(move, context["base_url"]),
        )

    def _with_xero_ids(self, invoice, binding):
        """The same invoice with its own and its lines' ids in Xero, so that lines are changed and not replaced."""
        if not binding:
            return invoice
        ids = binding.line_ids or []
        lines = invoice.lines
        if len(ids) == len(lines):
            lines = tuple(replace(line, line_item_id=line_id) for line, line_id in zip(lines, ids, strict=True))
        return replace(invoice, xero_id=binding.xero_id, lines=lines)

    def _currency_rate(self, move):
        """Units of the invoice's currency per unit of the company's, as Odoo used it; None in the company's own currency."""
        if move.currency_id == move.company_currency_id:
            return None
        return Decimal(str(round(move.invoice_currency_rate, 6)))

    def _back_link(self, move, base_url):
        """The address of the invoice in Odoo; Xero refuses links that contain its own name."""
        link = f"{base_url}/odoo/account.move/{move.id}"
        return "" if not base_url or "xero" in link.lower() else link
