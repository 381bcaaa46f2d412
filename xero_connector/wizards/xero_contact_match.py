from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroContactMatch(models.TransientModel):
    """The answer to "Xero has a contact that may be the same: is it?".

    "No" is remembered as the partner's name in Xero: one that has such a name is not looked for again.
    """

    _name = "xero.contact.match"
    _description = "Choose the Contact in Xero"

    problem_id = fields.Many2one("xero.problem", required=True)
    partner_id = fields.Many2one("res.partner", compute="_compute_partner_id", string="Contact in Odoo")
    partner_email = fields.Char(related="partner_id.email", string="E-mail")
    partner_vat = fields.Char(related="partner_id.vat", string="Tax ID")
    choice = fields.Selection(
        [("link", "It is the same: use the contact in Xero"), ("create", "It is another one: create a new contact in Xero")],
        default="link",
        required=True,
    )
    line_ids = fields.One2many("xero.contact.match.line", "match_id", "Contacts in Xero")
    new_name = fields.Char("Name in Xero")

    @api.depends("problem_id")
    def _compute_partner_id(self):
        for match in self:
            match.partner_id = match.problem_id.res_id if match.problem_id.res_model == "res.partner" else False

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        problem = self.env["xero.problem"].browse(values.get("problem_id"))
        if problem:
            names = ("xero_id", "name", "email", "tax_number")
            candidates = problem.candidates or []
            lines = [{name: found.get(name) for name in names} | {"chosen": len(candidates) == 1} for found in candidates]
            values["line_ids"] = [fields.Command.create(line) for line in lines]
            partner = self.env["res.partner"].browse(problem.res_id)
            is_free = self.env["xero.handler.contact"]._is_free_name(partner.name, partner, candidates)
            values["new_name"] = partner.name if is_free else f"{partner.name} ({partner.ref or partner.id})"
            values["choice"] = "link" if problem.candidates else "create"
        return values

    def action_apply(self):
        """Link or rename, and send what waited.

        :raise UserError: without a choice of contact, or without a new name
        """
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        if self.choice == "link":
            self._link()
        else:
            self._rename()
        return self.problem_id.action_retry()

    def _link(self):
        line = self.line_ids.filtered("chosen") or (self.line_ids if len(self.line_ids) == 1 else self.line_ids.browse())
        if len(line) != 1:
            raise UserError(self.env._("Choose one contact."))
        if line.xero_id not in {found.get("xero_id") for found in self.problem_id.candidates or []}:
            raise UserError(self.env._("This contact was not among those found in Xero. Press “Retry” on the problem to look again."))
        self.env["xero.handler.contact"].sudo()._adopt(self.problem_id.connection_id.sudo(), self.partner_id, line.xero_id)

    def _rename(self):
        name = (self.new_name or "").strip()
        candidates = self.problem_id.candidates or []
        if not name or not self.env["xero.handler.contact"]._is_free_name(name, self.partner_id, candidates):
            raise UserError(self.env._("Give the contact a name that Xero does not have yet."))
        self.partner_id.sudo().xero_contact_name = name


class XeroContactMatchLine(models.TransientModel):
    """A contact in Xero that may be meant."""

    _name = "xero.contact.match.line"
    _description = "Contact in Xero"

    match_id = fields.Many2one("xero.contact.match", required=True, ondelete="cascade")
    chosen = fields.Boolean("This one")
    xero_id = fields.Char("Xero ID", required=True)
    name = fields.Char(readonly=True)
    email = fields.Char("E-mail", readonly=True)
    tax_number = fields.Char("Tax ID", readonly=True)
