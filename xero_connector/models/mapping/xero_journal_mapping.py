from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ... import words

_lt = LazyTranslate(__name__)

# what is different from now on, for who is about to choose; each names the bank
CHANGES = {
    "odoo": _lt(
        "%(bank)s: its lines come from Odoo's statements. What is spent and received in Xero stays there, and lines that are booked "
        "straight to an account stay in Odoo, since Xero has them from its own bank feed. What was taken in or sent by now stays as it is."
    ),
    "xero": _lt(
        "%(bank)s: what is spent, received and transferred in Xero from %(day)s on becomes bank lines here, with accounts, taxes and "
        "tracking. Bring in no statements of this bank in Odoo any more, or each line is there twice."
    ),
    "none": _lt(
        "%(bank)s: bank lines from %(day)s on that are booked straight to an account go to Xero as money spent or received, cash "
        "differences among them. If this account has a bank feed in Xero, each of them is there twice."
    ),
}


class XeroJournalMapping(models.Model):
    """Which Xero account the payments of a bank, cash or credit card journal go to."""

    _name = "xero.journal.mapping"
    _description = "Xero Journal Mapping"
    _inherit = "xero.mapping.line"
    _check_company_auto = True

    _target_field = "xero_account_id"
    _audited = ("recorded_in", "bank_lines", "bank_lines_since")
    _odoo_field = "journal_id"
    _problem_codes = ("journal_unmapped", "account_archived", "account_refused", "account_no_payments")

    journal_id = fields.Many2one("account.journal", "Odoo Journal", required=True, index=True, ondelete="cascade", check_company=True)
    xero_account_id = fields.Many2one("xero.account", "Xero Account", index=True, ondelete="cascade")
    recorded_in = fields.Selection(
        [("odoo", "Odoo"), ("xero", "Xero"), ("both", "Both")],
        "Payments Are Recorded In",
        help="Odoo: its payments go to Xero; what somebody makes in Xero is listed, and booked when you say so. Xero: what is made or "
        "removed there is booked here, and Odoo's payments of this bank are not sent. Both: payments go both ways; what both have is one. "
        "Empty: as Odoo, until you choose.",
    )
    bank_lines = fields.Selection(
        [("odoo", "Odoo's statements"), ("xero", "Xero's bank transactions"), ("none", "No feed: Odoo's lines are sent")],
        "Bank Lines Come From",
        help="Odoo's statements: each side has its own bank lines; only what they pay goes over. Xero's bank transactions: money that is "
        "spent, received and transferred in Xero becomes bank lines here, with account, tax and tracking; for banks whose feed is in Xero "
        "only. No feed: bank lines that are booked straight to an account here go to Xero; for tills, cash and banks that Xero has no "
        "feed of. Empty: as Odoo's statements, until you choose.",
    )
    bank_lines_since = fields.Date(
        "Bank Lines From", help="Bank lines of an earlier day stay where they are. Empty: from the day on which it was chosen."
    )
    bank_account_number = fields.Char("Number in Odoo", related="journal_id.bank_acc_number", related_sudo=True)
    xero_bank_account_number = fields.Char("Number in Xero", related="xero_account_id.bank_account_number")

    _journal_unique = models.Constraint("UNIQUE (connection_id, journal_id)", "This journal is already in the mapping.")

    @api.depends("journal_id.name", "journal_id.code")
    def _compute_label(self):
        for line in self:
            journal_sudo = line.journal_id.sudo()  # a branch's, which need not be selected
            label = f"{journal_sudo.code} {journal_sudo.name}"
            line.label = label if journal_sudo.company_id == line.company_id else f"{label} ({journal_sudo.company_id.name})"

    def _used(self, connection_sudo):
        domain = [("journal_id", "in", self.journal_id.ids), ("state", "in", ("in_process", "paid")), *self._since(connection_sudo)]
        groups = self.env["account.payment"].sudo()._read_group(domain, ["journal_id"], ["__count", "amount_company_currency_signed:sum"])
        return {journal.id: (count, abs(amount)) for journal, count, amount in groups}

    def _used_key(self):
        return self.journal_id.id

    def _can_create_in_xero(self):
        return True

    def write(self, vals):
        res = super().write(vals)
        self._follow_bank_lines(vals)
        if not {"recorded_in", "xero_account_id", "confirmed"}.isdisjoint(vals):
            self.env["xero.money"]._decide_anew(self.connection_id, self.journal_id)
        elif not {"bank_lines", "bank_lines_since"}.isdisjoint(vals):
            self.env["xero.money"]._decide_anew(self.connection_id)  # a transfer is of two banks
        return res

    # === WHERE BANK LINES COME FROM === #

    def _what_bank_lines_change(self, source):
        """What is different when the lines of this bank come from there, in a sentence."""
        day = self.bank_lines_since or fields.Date.context_today(self)
        sentence = self.env._(CHANGES[source or "odoo"])
        return sentence % {"bank": self.label, "day": words.day(self.env, day)}

    @api.onchange("bank_lines")
    def _onchange_bank_lines(self):
        """What it changes is said before it is saved."""
        if self.bank_lines == self._origin.bank_lines:
            return None
        title = self.env._("Bank lines come from somewhere else")
        return {"warning": {"title": title, "message": self._what_bank_lines_change(self.bank_lines)}}

    def _follow_bank_lines(self, vals):
        """It was chosen: it counts from a day on, and what there is since then is brought over."""
        if not {"bank_lines", "bank_lines_since"}.isdisjoint(vals):
            chosen = self.filtered(lambda line: line.bank_lines in ("xero", "none"))
            if undated := chosen.filtered(lambda line: not line.bank_lines_since):
                undated.bank_lines_since = fields.Date.context_today(self)
            elif chosen:
                self.connection_id._bring_bank_lines(chosen)

    @api.constrains("xero_account_id", "connection_id")
    def _check_target(self):
        super()._check_target()
        for line in self.filtered("xero_account_id"):
            if not line.xero_account_id.can_receive_payments:
                raise ValidationError(self.env._("%s does not accept payments in Xero.", line.xero_account_id.display_name))

    def _what_is_created(self):
        create = self.env["xero.handler.create"]
        return create._account_in_words(create._wanted_bank_account(self.connection_id, self.journal_id))

    def action_ask_create(self):
        """Say what would be created in Xero, and ask."""
        return self._ask_create(self.env._("Create the Bank Account in Xero"))

    def action_create_in_xero(self):
        """Create exactly this bank account in Xero and use it."""
        self._check_can_create()
        account = self.env["xero.handler.create"]._create_bank_account(self.connection_id, self.journal_id)
        self.write({"xero_account_id": account.id, "reason": "created"})
        self._adopt_choice()
        return True
