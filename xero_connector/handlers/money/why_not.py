from odoo import models

from ..reasons import Held
from .parts import written_off
from .write_off_parts import CREDIT


class XeroHandlerMoney(models.AbstractModel):
    """What keeps money from standing on account in Xero, in words for people."""

    _inherit = "xero.handler.money"

    def _why_not_on_account(self, source, reading):
        """Why money that is not wholly matched cannot stand on account in Xero, in a sentence; '' if it can."""
        return self._why_not_sides(source) or self._why_not_documents(source, reading) or self._why_not_bank(source, reading.table)

    def _why_not_sides(self, source):
        if not source.lines.partner_id:
            return self.env._("It names nobody, and what stands on account in Xero is always somebody's.")
        types = set(source.lines.account_id.mapped("account_type"))
        if len(types) > 1 or len(source.lines.partner_id.commercial_partner_id) != 1 or len(source.lines.currency_id) != 1:
            return self.env._("It concerns several partners or accounts at once.")
        received = sum(source.lines.mapped("balance")) < 0
        if received != (types == {"asset_receivable"}):
            return self.env._("Xero knows money on account only from customers and to vendors, not money paid back.")
        if len(source.entry.line_ids) > len(source.lines) + 1 and written_off(source.entry) and not source.write_off:
            return self.env._("Part of it was written off, in a way that Xero does not know.")
        return ""

    def _why_not_documents(self, source, reading):
        """Xero allocates only between records of one contact and one currency."""
        documents = [parts.invoice for parts in source.parts.values() if self._counts(parts, reading)]
        partners = {document.commercial_partner_id for document in documents} - {source.partner}
        currencies = {document.currency_id for document in documents} - {source.currency}
        return self.env._("It also pays documents of another partner or in another currency.") if partners or currencies else ""

    def _counts(self, parts, reading):
        document = reading.documents.get(parts.invoice.id)
        return bool(document) and document.standing.counts

    def _why_not_bank(self, source, table):
        account = table.journal(source.journal.id)
        if account and account.type != "BANK":
            return self.env._("%s is not a bank account in Xero, and only there money can stand on account.", account.label)
        return ""

    def _held_alike(self, source, reading):
        return Held(
            "maybe_twice",
            self.env._("%(payment)s may be in Xero already: %(other)s there looks like it.",
                       payment=source.entry.name, other=reading.alike[source.key]),
            key=f"{source.key[0]},{source.key[1]}",
            help=self.env._("Say whether the two are the same payment."),
            record=source.key,
        )  # fmt: skip

    # === WRITE-OFFS === #

    def _why_no_write_off(self, write_off):
        """Why Xero cannot be told of this write-off, in a sentence; '' if it can."""
        debts = write_off.debts
        if debts and (len(debts.partner_id.commercial_partner_id) != 1 or len(debts.account_id) != 1):
            return self.env._("It concerns several partners or accounts at once.")
        if (write_off.debts + write_off.lines + write_off.taxes).currency_id != write_off.currency:
            return self.env._("It is in several currencies.")
        if write_off.kind == CREDIT and (reason := self._why_not_allocated(write_off)):
            return reason
        if write_off.taxes and not write_off.lines.tax_ids:
            return self.env._("It has tax without the amount that is taxed.")
        return ""

    def _why_not_allocated(self, write_off):
        """Why a write-off cannot be a credit note that is allocated to what was paid that much less; '' if it can."""
        documents = write_off.documents
        if any(document.currency_id != write_off.currency for document in documents):
            return self.env._("The document is in another currency.")
        if any(document.commercial_partner_id != write_off.partner for document in documents):
            return self.env._("The document is of another partner.")
        if any(self._is_credit_note(document) for document in documents):
            return self.env._("It refunds a credit note.")
        return ""
