from odoo import fields, models

from ... import words
from ..queue.xero_made import NEEDS

MADE = "made_in_xero"  # what to-dos about such documents are called
MODES = [("no", "No"), ("draft", "As drafts"), ("posted", "Posted")]
TAKES = ("takes_invoice", "takes_bill", "takes_credit_note", "takes_journal")
# any number that people type in Xero: none is taken for a date or a sequence with years (`odoo-inbound` of numbers)
ANY_NUMBER = r"^(?P<prefix1>.*?)(?P<seq>\d*)(?P<suffix>\D*?)$"


class XeroConnection(models.Model):
    """Documents that are made in Xero: which come in, how, where they stand, and what of them needs a person."""

    _inherit = "xero.connection"

    takes_invoice = fields.Selection(
        MODES,
        "Customer Invoices Made in Xero",
        help="Posted: they are in the books at once; what has no place in Odoo is held and says why.",
    )
    takes_bill = fields.Selection(MODES, "Vendor Bills Made in Xero")
    takes_credit_note = fields.Selection(MODES, "Credit Notes Made in Xero")
    takes_journal = fields.Selection(MODES[:2], "Manual Journals Made in Xero", help="As drafts: your accountant looks at each.")
    takes_since = fields.Date(
        "Dated From", help="Documents of an earlier day stay in Xero. Empty: from the day on which it was first chosen that they come in."
    )
    taken_sale_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Invoices Made in Xero",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        check_company=True,
        help="A journal of their own: they keep Xero's numbers, which would otherwise go on in Odoo's own. Empty: one is made.",
    )
    taken_purchase_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Bills Made in Xero",
        domain="[('type', '=', 'purchase'), ('company_id', '=', company_id)]",
        check_company=True,
        help="Bills have Xero's number as the vendor's reference, and Odoo's own number. Empty: the first purchase journal.",
    )

    taken_entry_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Entries Made in Xero",
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
        check_company=True,
        help="Empty: one is made.",
    )

    def _follow_takes(self, vals):
        """It was chosen what comes in: journals and the first day are there, and what Xero has since then is read."""
        journals = {"taken_sale_journal_id", "taken_purchase_journal_id", "taken_entry_journal_id"}
        if not vals.keys() & {*TAKES, "takes_since", *journals}:
            return
        for connection_sudo in self.sudo().filtered(lambda each: any(each[name] in ("draft", "posted") for name in TAKES)):
            connection_sudo._complete_takes()
            if connection_sudo.tenant_id and vals.keys() & {*TAKES, "takes_since"}:
                connection_sudo._read_whole({handler._list for handler in self.env["xero.handler"]._all() if handler._takes})
        self.env["xero.made"]._decide_anew(self)

    def _complete_takes(self):
        missing = {}
        if not self.takes_since:
            missing["takes_since"] = fields.Date.context_today(self)
        if not self.taken_sale_journal_id:
            missing["taken_sale_journal_id"] = self._journal_for_made("sale", "XERO").id
        if not self.taken_purchase_journal_id:
            own = [("type", "=", "purchase"), ("company_id", "=", self.company_id.id)]
            missing["taken_purchase_journal_id"] = self.env["account.journal"].search(own, limit=1).id
        if self.takes_journal == "draft" and not self.taken_entry_journal_id:
            missing["taken_entry_journal_id"] = self._journal_for_made("general", "XEROJ").id
        if missing:
            self.write(missing)

    def _journal_for_made(self, kind, code):
        """The journal of this type for what is made in Xero, made where there is none; a sales journal takes whatever number Xero has."""
        journals = self.env["account.journal"].with_company(self.company_id).with_context(active_test=False)
        own = [("type", "=", kind), ("company_id", "=", self.company_id.id)]
        if known := journals.search([*own, ("code", "=", code)], limit=1):
            return known
        sale = {"default_account_id": journals.search(own, limit=1).default_account_id.id, "sequence_override_regex": ANY_NUMBER}
        values = {"name": self.env._("Made in Xero"), "code": code, "type": kind, "company_id": self.company_id.id}
        return journals.create({**values, **(sale if kind == "sale" else {}), "show_on_dashboard": False})

    def _read_whole(self, names):
        """Have these lists read from the beginning, in a run that begins at once."""
        cursors_sudo = self.env["xero.cursor"].sudo()._of(self, names)
        cursors_sudo.write({"since": False, "started_at": False, "place": False, "page": 0})
        cursors_sudo._ask("person")
        self._wake()

    # === WHAT NEEDS A PERSON === #

    def _made_needs(self):
        """What to do about documents that were made in Xero, as the Overview shows it; a list of one or none."""
        counts = dict(self.env["xero.made"]._read_group([("connection_id", "=", self.id), ("state", "in", NEEDS)], ["state"], ["__count"]))
        if not counts:
            return []
        drafts, rest = counts.pop("draft", 0), sum(counts.values())
        said = [self.env._("To confirm: %s", drafts) if drafts else "", self.env._("To decide: %s", rest) if rest else ""]
        need = {"model": self._name, "id": self.id, "name": self.env._("Made in Xero"), "count": drafts + rest}
        return [{**need, "counted": " · ".join(filter(None, said)), "fix_label": self.env._("Show"), "method": "action_open_made"}]

    def _tell_of_made(self):
        """One to-do for documents made in Xero that need a person, while any does."""
        rows_sudo = self.env["xero.made"].sudo().search([("connection_id", "=", self.id), ("state", "in", NEEDS)])
        if rows_sudo and not any(rows_sudo.mapped("told_of")):
            first = rows_sudo[0]
            reason = first.message or self.env._(words.MADE[first.state].label)
            self._schedule(MADE, self.env._("Made in Xero"), f"{first.display_name}: {reason}")
        rows_sudo.filtered(lambda row: not row.told_of).told_of = True

    def action_open_made(self):
        """What of the documents made in Xero needs a person."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_made_action")
        return {**action, "domain": [("connection_id", "=", self.id)], "context": {"search_default_open": 1}}
