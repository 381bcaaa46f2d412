from odoo import api, fields, models


class AccountBankStatementLine(models.Model):
    """A bank line that is matched directly is money that moved, as a payment is."""

    _inherit = "account.bank.statement.line"

    # what undoing a match takes back beside the entry
    xero_partner_found = fields.Boolean("Partner by the Match", readonly=True, copy=False)
    xero_transfer_of_id = fields.Many2one(
        "account.bank.statement.line", "Other Bank's Line", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    xero_as_transaction = fields.Boolean(
        copy=False,
        readonly=True,
        help="It stands, or stood, in Xero as money spent or received. It goes on as that, wherever lines of its bank come from later.",
    )
    xero_booked_by = fields.Selection(
        [("rule", "A Rule"), ("person", "A Person")],
        "Booked By",
        readonly=True,
        copy=False,
        help="A rule: booked without anybody being asked. A person: somebody took back what was said of it, so no rule books it unseen.",
    )
    xero_rule_id = fields.Many2one(
        "xero.rule", "Booked by the Rule", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    xero_rule_message = fields.Char("Why No Rule Booked It", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["xero.rule"]._expect(lines)
        return lines

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()

    # === BUTTONS === #

    def action_xero_book(self):
        """Say what a line was for that nothing is open for."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        return self.env["xero.bank.book"]._open(self)

    def action_xero_rule(self):
        """A rule made from this line: as it is booked, or as somebody is about to book it."""
        self.ensure_one()
        self.env["xero.rule"].check_access("create")
        self.check_access("read")
        booked_sudo = self.env["xero.bank.booking"].sudo()._booked_as(self.sudo())
        if not booked_sudo:
            return self.env["xero.connection"]._notify(self.env._("Book it first: a rule books lines like it in the same way."), "warning")
        account_sudo, taxes_sudo, partner_sudo = booked_sudo
        found = partner_sudo if partner_sudo != self.partner_id or self.xero_partner_found else partner_sudo.browse()
        question = self.env["xero.rule.make"]._like(self, account_sudo.sudo(False), taxes_sudo.sudo(False), found.sudo(False))
        return question or self.env["xero.connection"]._notify(self.env._("Nothing of this line is likely to come again."), "warning")
