from odoo import fields, models

from ..refusal import Refusal


class XeroOrganisationWizard(models.TransientModel):
    """Asks which organisation to connect to, or whether another one than before is meant.

    Holds names and ids only; the tokens stay in ``xero.token``, and what is chosen is checked against the offer there.
    """

    _name = "xero.organisation.wizard"
    _description = "Choose Xero Organisation"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    old_name = fields.Char("Organisation Until Now", related="connection_id.organisation_name", related_sudo=False)
    step = fields.Selection([("choose", "Choose"), ("confirm", "Confirm"), ("done", "Done")], required=True, readonly=True)
    choice_ids = fields.One2many("xero.organisation.choice", "wizard_id")
    choice_id = fields.Many2one("xero.organisation.choice", "Organisation", domain="[('wizard_id', '=', id)]")
    known_before = fields.Boolean(compute="_compute_known_before")

    def _compute_known_before(self):
        for wizard in self:
            wizard.known_before = bool(wizard.choice_id) and bool(
                self.env["xero.connection"]
                .with_context(active_test=False)
                .search_count([("company_id", "=", wizard.company_id.id), ("tenant_id", "=", wizard.choice_id.tenant_id)], limit=1)
            )

    def _close_open(self, connection):
        """A new consent makes the questions of earlier ones pointless."""
        self.sudo().search([("connection_id", "=", connection.id), ("step", "!=", "done")]).step = "done"

    def action_choose(self):
        """Go on with the organisation that was picked."""
        return self._go_on(confirmed=False)

    def action_confirm(self):
        """Yes, the other organisation is meant."""
        return self._go_on(confirmed=True)

    def action_cancel(self):
        """Leave everything as it was."""
        self.step = "done"
        return self.connection_id._open_form()

    def _go_on(self, confirmed):
        self.ensure_one()
        if not self.choice_id:
            raise Refusal(self.env._("Choose an organisation first."))
        self.connection_id.check_access("write")
        self.step = "done"
        connection = self.connection_id.with_company(self.company_id)
        with connection._key_in_words():
            return connection._choose_organisation(self.choice_id.tenant_id, confirmed=confirmed)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect to Xero"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class XeroOrganisationChoice(models.TransientModel):
    """One organisation that can be picked."""

    _name = "xero.organisation.choice"
    _description = "Xero Organisation to Choose"

    wizard_id = fields.Many2one("xero.organisation.wizard", required=True, ondelete="cascade")
    tenant_id = fields.Char(required=True)
    name = fields.Char()
