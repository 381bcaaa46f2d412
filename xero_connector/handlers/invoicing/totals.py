from dataclasses import replace
from decimal import Decimal

from odoo import models

from ...xero_core.arithmetic import settling
from ..amounts import exact_amount
from ..reasons import Held

# rates without tax, in the words of Xero's countries
NO_TAX_TYPES = ("BASEXCLUDED", "NONE")


class XeroHandlerInvoiceTotals(models.AbstractModel):
    """How a document is written for Xero to arrive at Odoo's totals, and what is done about cents by the connection's policy."""

    _name = "xero.handler.invoice.totals"
    _inherit = "xero.handler.invoice.lines"
    _description = "Xero Handler: Invoice Totals"

    def _cents(self, connection, table):
        """What the connection's administrator decided about cents.

        :rtype: settling.Cents
        """
        account = self.env["xero.account"]
        if connection.rounding_policy == settling.ROUNDING_LINE:
            account = account.search([("connection_id", "=", connection.id), ("system_account", "=", "ROUNDING")], limit=1)
        return settling.Cents(
            policy=connection.rounding_policy,
            tolerance=Decimal(str(round(connection.rounding_tolerance, 3))),
            ties=connection.tie_rounding,
            account_code=account.code or "",
            tax_type=self._no_tax_type(connection, account, table) if account else "",
            description=self.env._("Rounding"),
        )

    def _no_tax_type(self, connection, account, table):
        """The mapped rate for lines without tax if the rounding account takes it, else Xero's own."""
        mapped = table.tax((), account.account_class)
        if mapped and mapped.legal and not mapped.rate:
            return mapped.tax_type
        rates = self.env["xero.tax.rate"].search([("connection_id", "=", connection.id), ("tax_type", "in", NO_TAX_TYPES)])
        return rates[:1].tax_type or account.tax_type or ""

    def _settled(self, move, reading):
        """The document in the form in which Xero arrives at Odoo's totals.

        :rtype: settling.Settled
        :raise Held: if there is none within the connection's policy
        """
        try:
            return self._come_to(move, reading)
        except (settling.CannotMatch, Held) as difference:
            if not self._may_be_apart(difference) or not self._has_doubtful_taxes(move, reading):
                raise self._held_total(move, difference, reading) from difference
        try:
            return self.with_context(xero_taxes_apart=True)._come_to(move, reading)
        except settling.CannotMatch as difference:
            raise self._held_total(move, difference, reading) from difference

    def _come_to(self, move, reading):
        invoice = self._snapshot(move, reading)
        # where taxes became lines, Xero's tax is what is left of Odoo's
        tax = invoice.total - sum((line.amount for line in invoice.lines if line.amount is not None), Decimal(0))
        if tax != invoice.total_tax:
            invoice = replace(invoice, total_tax=tax)
        return settling.settle(invoice, reading.cents, self._cash_rounding(move))

    def _cash_rounding(self, move):
        """Cash rounding that Odoo put into the tax, on purpose."""
        lines = (line for line in move.line_ids if line.display_type == "rounding" and line.tax_repartition_line_id)
        return exact_amount(sum(line.amount_currency for line in lines), move.currency_id)

    def _may_be_apart(self, difference):
        """Whether taxes as lines of their own may help: there is no rate for them, or it comes to something else."""
        return difference.code == "tax_unmapped" if isinstance(difference, Held) else difference.reason == "tolerance"

    def _has_doubtful_taxes(self, move, reading):
        return any(self._tax_set(line.tax_ids, reading.table).doubtful for line in move.line_ids if line.display_type == "product")

    def _held_total(self, move, difference, reading):
        """Why the document does not go: Odoo's and Xero's figures, and what can be done about this very difference."""
        if isinstance(difference, Held):
            return difference
        if difference.reason == "tolerance" and (rate := self._other_rate(self._taxes_of(move), reading.connection)):
            return self._held_rate(rate)
        expected, computed = difference.expected, difference.computed
        if expected.total == computed.total:
            expected, computed = f"{expected.total} (tax {expected.total_tax})", f"{computed.total} (tax {computed.total_tax})"
        else:
            expected, computed = expected.total, computed.total
        return Held(
            "totals_differ",
            self.env._(
                "%(number)s: Odoo's total is %(odoo)s, Xero would make it %(xero)s.", number=move.name, odoo=expected, xero=computed
            ),
            key=f"account.move,{move.id}",
            help=self._help_with_private_part(move) or self._help_with_total(difference.reason, move),
            record=("account.move", move.id),
        )

    def _taxes_of(self, move):
        return [line.tax_ids for line in move.line_ids if line.display_type == "product"]

    def _help_with_private_part(self, move):
        """Of a reverse charge Odoo takes back what is private on one side only; no tax rate of Xero does that."""
        private = "non_deductible_tax" in move.line_ids.mapped("display_type")
        if private and any(move.line_ids.tax_ids.flatten_taxes_hierarchy().mapped("has_negative_factor")):
            return self.env._("Xero has no reverse charge with a private part. Enter the private part as a journal entry instead.")
        return ""

    def _help_with_total(self, reason, move):
        return {
            "decimals": self.env._("Xero keeps two decimals; this document has amounts in %s with three.", move.currency_id.name),
            "policy": self.env._("By the settings, such a document is held. Allow a correction there, or adjust a line."),
            "account": self.env._("Xero has no rounding account to put the difference on. Choose to give the tax of each line instead."),
            "tolerance": self.env._(
                "That is more than the largest correction. Check the tax rates in the mapping, or allow more in the settings."
            ),
            "amounts": self.env._("The tax of the lines does not add up to the document's. Compute its taxes anew, or adjust a line."),
        }[reason]
