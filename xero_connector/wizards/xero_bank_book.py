from odoo import fields, models

from ..refusal import Refusal

NO_COUNTERPART = ("asset_cash", "liability_credit_card", "off_balance")


class XeroBankBook(models.TransientModel):
    """A person says what a bank line was for that nothing is open for: account, taxes, partner. Then: the same for lines like this?"""

    _name = "xero.bank.book"
    _description = "Book a Bank Line"

    line_id = fields.Many2one("account.bank.statement.line", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    date = fields.Date(related="line_id.date")
    text = fields.Char("Text of the Bank", related="line_id.payment_ref")
    amount = fields.Monetary(related="line_id.amount")
    account_id = fields.Many2one(
        "account.account",
        required=True,
        domain=f"[('company_ids', 'parent_of', company_id), ('account_type', 'not in', {NO_COUNTERPART!r})]",
    )
    tax_ids = fields.Many2many("account.tax", string="Taxes", domain="[('company_id', 'parent_of', company_id)]")
    partner_id = fields.Many2one("res.partner", domain="[('company_id', 'in', (False, company_id))]")
    label = fields.Char(help="The text of the entry. Empty: the bank's text.")
    proposed_id = fields.Many2one("account.account", readonly=True)
    why = fields.Char(readonly=True, help="Why this account is proposed.")

    def _open(self, line):
        """The dialog about a bank line, filled in with what a rule says or people always do."""
        line.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book a Bank Line"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_id": line.id, **self._proposed(line)},
        }

    def _proposed(self, line):
        rule = self.env["xero.rule"]._first(line).get(line.id)
        if rule:
            account, taxes, partner, why = rule.account_id, rule.tax_ids, rule.partner_id, rule._why()
        elif learnt := self.env["xero.bank.booking"]._learnt(line).get(line.id):
            account, taxes, partner, why = learnt
        else:
            return {"default_partner_id": line.partner_id.id}
        return {
            "default_account_id": account.id,
            "default_proposed_id": account.id,
            "default_tax_ids": taxes.ids,
            "default_partner_id": (partner or line.partner_id).id,
            "default_why": why,
        }

    def action_book(self):
        """Book it, and ask whether lines like it are to be booked in the same way."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        self.line_id.check_access("read")
        self._check_companies()
        question = self.env["xero.rule.make"]._ask(self)  # before it is known whose money it was: the bank will not say so next time
        line_sudo = self.line_id.with_company(self.company_id).sudo()
        self.env["xero.bank.booking"].sudo()._book(line_sudo, self.account_id, self.tax_ids, self.partner_id, self.label)
        self.env["xero.bank.match"]._keep_booked(self.line_id, self.account_id)
        notice = self.env["xero.connection"]._notify(self.env._("Booked to %s.", self.account_id.display_name))
        notice["params"]["next"] = question or {"type": "ir.actions.act_window_close"}
        return notice

    def _check_companies(self):
        """:raise UserError: something of another company was chosen"""
        for records in (self.account_id, self.tax_ids, self.partner_id):
            strange = records - records.filtered_domain(records._check_company_domain(self.company_id))
            if strange:
                raise Refusal(self.env._("“%s” belongs to another company. Choose another one.", strange[0].display_name))
