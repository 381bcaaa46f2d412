from odoo import api, fields, models

from ..refusal import Refusal


class XeroMadeContact(models.TransientModel):
    """The answer to "a document was made in Xero for a contact that may be one of these: is it?"."""

    _name = "xero.made.contact"
    _description = "Choose the Contact in Odoo"

    made_id = fields.Many2one("xero.made", required=True, ondelete="cascade")
    candidate_ids = fields.Many2many(related="made_id.candidate_ids")
    contact_name = fields.Char(related="made_id.contact_name")
    contact_email = fields.Char("E-mail", compute="_compute_contact")
    contact_vat = fields.Char("Tax ID", compute="_compute_contact")
    contact_ref = fields.Char("Reference", compute="_compute_contact")
    choice = fields.Selection(
        [("link", "It is a contact that is here"), ("create", "It is another one: make a new contact in Odoo")],
        default="link",
        required=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact in Odoo",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
    )

    @api.depends("made_id")
    def _compute_contact(self):
        for choice in self:
            told = (choice.made_id.contact_told or {}).get("told", {})
            choice.contact_email, choice.contact_vat = told.get("email"), told.get("tax_number")
            choice.contact_ref = told.get("account_number")

    @api.depends("made_id")
    def _compute_partner_id(self):
        for choice in self:
            choice.partner_id = choice.candidate_ids if len(choice.candidate_ids) == 1 else False

    def action_apply(self):
        """Take in what was made for that contact, and all else that waits for the same answer.

        :raise UserError: without a choice of contact, or if it is none of those that may be meant
        """
        self.ensure_one()
        made = self.made_id
        made.check_access("read")
        is_link = self.choice == "link"
        if is_link and (not self.partner_id or self.partner_id not in made.candidate_ids):
            raise Refusal(self.env._("Choose one contact."))
        same_sudo = made.sudo().search([("connection_id", "=", made.connection_id.id), ("state", "=", "asked"), ("cause", "=", "who")])
        contact_id = (made.contact_told or {}).get("xero_id")
        waiting = same_sudo.filtered(lambda row: (row.contact_told or {}).get("xero_id") == contact_id).sudo(False) | made
        values = {"partner_id": self.partner_id.id} if is_link else {"is_new_contact": True, "candidate_ids": [(5,)]}
        return waiting._answer(values)
