from dataclasses import replace
from decimal import Decimal

from odoo import models

from ..xero_core import rounding
from ..xero_core.documents import Invoice, Line
from .base import Behind, Held, Later

# A change of one of these fields of a posted invoice that is in Xero is sent there.
SYNCED_FIELDS = frozenset(["ref", "payment_reference", "invoice_date_due", "partner_id", "name"])
# What people write between the lines; whatever else has no amount of its own is Odoo's bookkeeping and nobody's business.
TEXT_LINES = ("line_section", "line_subsection", "line_note")
# What an ordinary invoice is made of; anything else takes part in Odoo's computation of the totals in its own way.
PLAIN_LINES = {"product", "tax", "payment_term", *TEXT_LINES}


class XeroHandlerInvoiceSnapshot(models.AbstractModel):
    """The first half of an invoice's way: may it go, and the frozen copy of what Odoo's books say."""

    _name = "xero.handler.invoice.snapshot"
    _inherit = "xero.handler"
    _description = "Xero Handler: Invoice Snapshot"

    # === CHECKS BEFORE SENDING === #

    def _check_ready(self, move, context):
        """Causes known beforehand that hold the invoice back.

        :raise Held, Behind, Later: naming the cause
        """
        connection = context["connection"]
        if not connection.mapping_confirmed_at:
            raise Held(
                "not_confirmed",
                self.env._("The mapping of accounts, taxes and banks has not been confirmed yet."),
                help=self.env._("Check the proposed mapping and press Confirm."),
            )
        self._check_lock_date(move, connection)
        if move.currency_id.name not in context["table"].currencies:
            raise Held(
                "currency_missing",
                self.env._("The Xero organisation does not use the currency %s.", move.currency_id.name),
                key=move.currency_id.name,
                help=self.env._("Add the currency in Xero (Settings, Currencies), then read again from Xero."),
            )
        self._check_contact(move, context)

    def _check_lock_date(self, move, connection):
        locks = [day for day in (connection.period_lock_date, connection.end_of_year_lock_date) if day]
        if locks and move.invoice_date <= max(locks):
            raise Held(
                "lock_date",
                self.env._("Xero is locked up to %s; earlier documents cannot be added.", max(locks)),
                key=str(max(locks)),
                help=self.env._(
                    "Ask your accountant to move the lock date in Xero, then read again from Xero; or change the invoice date."
                ),
            )

    def _check_contact(self, move, context):
        partner = move.commercial_partner_id
        if partner.id in context["contacts"]:
            return
        waiting = context["contact_jobs"].get(partner.id)
        if waiting and waiting.state in ("blocked", "failed") and waiting.problem_id:
            raise Behind(waiting.problem_id, self.env._("Waits for the customer “%s”.", partner.display_name))
        if waiting and waiting.state == "ignored":
            raise Held(
                "not_ready",
                self.env._("The customer “%s” was left out of Xero.", partner.display_name),
                key=f"res.partner,{partner.id}",
                help=self.env._("Open the customer and press Sync to Xero, then retry."),
                record=("res.partner", partner.id),
            )
        raise Later(self.env._("Waits for the customer “%s”.", partner.display_name))

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

    def _lines(self, move, table):
        amounts = self._amounts(move)
        shown = move.line_ids.filtered(lambda line: line in amounts or (line.display_type in TEXT_LINES and line.name)).sorted("sequence")
        return [self._amount_line(line, *amounts[line], table) if line in amounts else Line(line.name, None, None) for line in shown]

    def _amounts(self, move):
        """``{line: (net amount, tax, whether the price includes tax)}`` of the lines with an amount of their own.

        As they stand on the lines, if these add up to the totals; Odoo's tax engine, which also knows of taxes changed by hand or rounded
        over the whole document, costs ten times as much and is asked only otherwise.
        """
        amounts, kinds, net, tax = {}, set(), 0.0, 0.0
        for line in move.line_ids:
            kinds.add(line.display_type)
            if line.display_type == "product":
                amounts[line] = (line.price_subtotal, line.price_total - line.price_subtotal, _includes_tax(line.tax_ids))
                net, tax = net + amounts[line][0], tax + amounts[line][1]
        same = move.currency_id.is_zero(net - move.amount_untaxed) and move.currency_id.is_zero(tax - move.amount_tax)
        return amounts if same and kinds <= PLAIN_LINES else self._engine_amounts(move)

    def _engine_amounts(self, move):
        amounts = {}
        for base in move._get_rounded_base_and_tax_lines()[0]:
            details = base["tax_details"]
            net = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
            tax = sum(data["tax_amount_currency"] for data in details["taxes_data"])
            amounts[base["record"]] = (net, tax, any(data["price_include"] for data in details["taxes_data"]))
        return amounts

    def _amount_line(self, line, subtotal, tax_amount, included, table):
        account = self._account(line, table)
        tax = self._tax(line, account, table)
        quantity = Decimal(str(line.quantity or 1))
        net_price = (Decimal(str(subtotal)) / quantity).quantize(rounding.STEP) if included else Decimal(str(line.price_unit))
        return rounding.plain_line(
            line.name or line.product_id.display_name or "-",
            quantity,
            net_price,
            Decimal(str(line.discount)) if not included else Decimal(0),
            money(subtotal, line.currency_id),
            account_code=account.code,
            tax_type=tax.tax_type,
            tax_rate=tax.rate,
            tax_amount=money(tax_amount, line.currency_id),
        )

    def _account(self, line, table):
        account = table.account(line.account_id.id)
        if account is None:
            raise Held(
                "account_unmapped",
                self.env._("The account %s has no account in Xero.", line.account_id.display_name),
                key=str(line.account_id.id),
                help=self.env._("Choose the Xero account in the mapping."),
            )
        if account.archived:
            raise Held(
                "account_archived",
                self.env._(
                    "%(odoo)s is mapped to the Xero account %(xero)s, which is archived.",
                    odoo=line.account_id.display_name,
                    xero=account.name,
                ),
                key=str(line.account_id.id),
                help=self.env._("Choose another Xero account in the mapping, or restore it in Xero."),
            )
        return account

    def _tax(self, line, account, table):
        taxes = line.tax_ids
        tax = table.tax(taxes.ids, account.account_class)
        if tax and tax.legal:
            return tax
        names = " + ".join(taxes.mapped("name")) or self.env._("No tax")
        key = ",".join(map(str, sorted(taxes.ids)))
        if tax is None:
            raise Held(
                "tax_unmapped",
                self.env._("The tax “%s” has no tax rate in Xero.", names),
                key=key,
                help=self.env._("Choose the Xero tax rate in the mapping."),
            )
        raise Held(
            "tax_illegal",
            self.env._("Xero does not allow the tax rate “%(tax)s” on the account %(account)s.", tax=tax.name, account=account.name),
            key=f"{key}/{account.account_class}",
            help=self.env._("Choose another tax rate or another account in the mapping."),
        )

    def _settled(self, invoice, move):
        """The invoice in the form in which Xero arrives at Odoo's totals, or held."""
        try:
            return rounding.settle(invoice)
        except rounding.CannotMatch as difference:
            raise Held(
                "totals_differ",
                self.env._(
                    "%(number)s: Odoo's total is %(odoo)s, Xero would make it %(xero)s.",
                    number=move.name, odoo=difference.expected.total, xero=difference.computed.total,
                ),
                key=f"account.move,{move.id}",
                help=self.env._("Xero rounds the tax of each line. Set the company's tax rounding to “round per line”, or adjust a line."),
                record=("account.move", move.id),
            ) from difference  # fmt: skip


def _includes_tax(taxes):
    """Whether a price with these taxes is a price with tax."""
    return any(tax.price_include for tax in (taxes.flatten_taxes_hierarchy() if "group" in taxes.mapped("amount_type") else taxes))


def money(amount, currency):
    """An amount of Odoo (float) as an exact Decimal in the currency's own precision."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")
