from odoo import api, fields, models


class XeroBankSure(models.TransientModel):
    """Before all sure matches are made at once: which they are, and how much comes in and goes out."""

    _name = "xero.bank.sure"
    _description = "Match the Sure Ones"

    match_ids = fields.Many2many("xero.bank.match", string="Lines", readonly=True)
    effect = fields.Char(compute="_compute_effect")

    @api.depends("match_ids")
    def _compute_effect(self):
        for wizard in self:
            parts = [self.env._("Lines: %s", len(wizard.match_ids))]
            for currency, matches in wizard.match_ids.grouped("currency_id").items():
                come = sum(match.amount for match in matches if match.amount > 0)
                gone = -sum(match.amount for match in matches if match.amount < 0)
                parts += [
                    self.env._("In %s", currency.format(come)),
                    self.env._("Out %s", currency.format(gone)),
                ]
            wizard.effect = " · ".join(parts)

    def _ask(self, matches):
        """The dialog about these, or about all of the bank that the page is of."""
        bank = self.env["xero.journal.mapping"].search([("id", "=", self.env.context.get("xero_bank"))])
        sure = [("state", "=", "open"), ("sureness", "=", "sure"), ("company_id", "in", self.env.companies.ids)]
        own = [("id", "in", matches.ids)] if matches else [("journal_id", "in", bank.journal_id.ids)] if bank else []
        found = self.env["xero.bank.match"].search([*sure, *own])
        if not found:
            return self.env["xero.connection"]._notify(self.env._("None of them is sure."), "warning")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match the Sure Ones"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_match_ids": found.ids},
        }

    def action_match(self):
        """Match what is still sure; what is no longer, or is taken, stays with its reason."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        matches = self.match_ids.filtered(lambda match: match.state == "open" and match.sureness == "sure")
        return matches.action_match()
