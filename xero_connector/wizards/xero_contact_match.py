from odoo import api, fields, models
from odoo.tools import format_date

from ..refusal import Refusal
from ..xero_core.values import contact_url


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
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    partner_ref = fields.Char(related="partner_id.ref", string="Reference")
    partner_address = fields.Char(compute="_compute_partner_facts", string="Address")
    partner_last_invoice = fields.Char(compute="_compute_partner_facts", string="Last Document")
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

    @api.depends("partner_id")
    def _compute_partner_facts(self):
        for match in self:
            partner = match.partner_id
            town = " ".join(filter(None, (partner.city, partner.state_id.code, partner.zip)))
            match.partner_address = ", ".join(filter(None, (partner.street, partner.street2, town, partner.country_id.name)))
            match.partner_last_invoice = match._last_document()

    def _last_document(self):
        """The newest document of the contact, with its day and amount."""
        domain = [("commercial_partner_id", "=", self.partner_id.id), ("move_type", "!=", "entry"), ("state", "=", "posted")]
        domain += [("company_id", "in", self.problem_id.connection_id._companies().ids)]
        move = self.env["account.move"].search(domain, order="invoice_date desc, id desc", limit=1)
        if not move:
            return False
        amount = move.currency_id.format(move.amount_total)
        return ", ".join((move.name, format_date(self.env, move.invoice_date), amount))

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        problem = self.env["xero.problem"].browse(values.get("problem_id"))
        if problem:
            names = ("xero_id", "name", "email", "tax_number", "account_number", "phone", "address")
            candidates = problem.candidates or []
            code = problem.connection_id.short_code or ""
            lines = [
                {**{name: found.get(name) for name in names}, "url": contact_url(code, found["xero_id"]), "chosen": len(candidates) == 1}
                for found in candidates
            ]
            values["line_ids"] = [fields.Command.create(line) for line in lines]
            partner = self.env["res.partner"].browse(problem.res_id)
            values["new_name"] = self._free_name(partner, candidates)
            values["choice"] = "link" if problem.candidates else "create"
        return values

    @api.model
    def _free_name(self, partner, candidates):
        """A name that Xero does not have: with the town or a number that people know the contact by, else counted."""
        signs = filter(None, (partner.city, partner.ref, partner.vat, *map(str, range(2, 100))))
        names = [partner.name, *(f"{partner.name} ({sign})" for sign in signs)]
        is_free = self.env["xero.handler.contact"]._is_free_name
        return next((name for name in names if is_free(name, partner, candidates)), partner.name)

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
            raise Refusal(self.env._("Choose one contact."))
        if line.xero_id not in {found.get("xero_id") for found in self.problem_id.candidates or []}:
            raise Refusal(self.env._("This contact was not among those found in Xero. Press “Retry” on the problem to look again."))
        self.env["xero.handler.contact"].sudo()._adopt(self.problem_id.connection_id.sudo(), self.partner_id, line.xero_id)

    def _rename(self):
        name = (self.new_name or "").strip()
        candidates = self.problem_id.candidates or []
        if not name or not self.env["xero.handler.contact"]._is_free_name(name, self.partner_id, candidates):
            raise Refusal(self.env._("Give the contact a name that Xero does not have yet."))
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
    phone = fields.Char(readonly=True)
    address = fields.Char(readonly=True)
    account_number = fields.Char("Reference", readonly=True)
    url = fields.Char("Xero Link", readonly=True)
