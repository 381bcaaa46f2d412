from odoo import models


class XeroHandlerMoney(models.AbstractModel):
    """What keeps money from standing on account in Xero, in words for people."""

    _inherit = "xero.handler.money"

    def _why_not_on_account(self, source, reading):
        """Why money that is not wholly matched cannot stand on account in Xero, in a sentence; '' if it can."""
        return self._why_not_sides(source) or self._why_not_documents(source, reading) or self._why_not_bank(source, reading.table)

    def _why_not_sides(self, source):
        types = set(source.lines.account_id.mapped("account_type"))
        if len(types) > 1 or len(source.lines.partner_id.commercial_partner_id) != 1 or len(source.lines.currency_id) != 1:
            return self.env._("It concerns several partners or accounts at once.")
        received = sum(source.lines.mapped("balance")) < 0
        if received != (types == {"asset_receivable"}):
            return self.env._("Xero knows money on account only from customers and to vendors, not money paid back.")
        if len(source.entry.line_ids) > len(source.lines) + 1 and source.entry._xero_written_off() and not source.write_off:
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
