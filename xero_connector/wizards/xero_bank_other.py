from odoo import Command, api, fields, models

from ..const import DEBTS
from ..refusal import Refusal

MOST = 40  # of what else the partner has open


class XeroBankOther(models.TransientModel):
    """A person says what a bank line was for: several open items, each whole or in part, and the rest to an account."""

    _name = "xero.bank.other"
    _description = "Match with Something Else"

    match_id = fields.Many2one("xero.bank.match", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="match_id.company_id")
    currency_id = fields.Many2one(related="match_id.currency_id")
    date = fields.Date(related="match_id.date")
    text = fields.Char(related="match_id.text")
    amount = fields.Monetary(related="match_id.amount")
    line_ids = fields.One2many("xero.bank.other.line", "other_id", "What It May Be")
    account_id = fields.Many2one(
        "account.account", "The Rest To", domain="[('company_ids', 'parent_of', company_id), ('account_type', '!=', 'asset_cash')]"
    )
    tax_ids = fields.Many2many("account.tax", string="Taxes", domain="[('company_id', 'parent_of', company_id)]")
    label = fields.Char()
    rest = fields.Monetary("Rest", compute="_compute_left", help="What goes to the account.")
    left = fields.Monetary("Left", compute="_compute_left")
    is_left = fields.Boolean(compute="_compute_left")

    @api.depends("line_ids.chosen", "line_ids.amount", "account_id", "amount")
    def _compute_left(self):
        for other in self:
            currency = other.currency_id
            open_rest = currency.round(other.amount - sum(other.line_ids.filtered("chosen").mapped("amount"))) if currency else 0
            other.rest = open_rest if other.account_id else 0
            other.left = 0 if other.account_id else open_rest
            other.is_left = bool(other.left) or not (other.account_id or other.line_ids.filtered("chosen"))

    def _open(self, match):
        """The dialog about a line, with what was found for it and what else its partner has open."""
        lines, known = [], set()
        for candidate in match.candidates or ():
            why = self.env["xero.bank.match.words"]._why(candidate, match.amount, match.currency_id)
            for item in self._open_items(candidate.get("items", ()), match):
                if item.id not in known:
                    lines.append(Command.create({"item_id": item.id, "amount": item.amount_residual_currency, "reason": why}))
                    known.add(item.id)
        whose = [("partner_id", "child_of", match.partner_id.commercial_partner_id.id), ("account_id.account_type", "in", DEBTS)]
        open_ = [("parent_state", "=", "posted"), ("reconciled", "=", False), ("company_id", "child_of", match.company_id.id)]
        more = self.env["account.move.line"].search([*whose, *open_], order="date_maturity, id", limit=MOST) if match.partner_id else ()
        lines += [
            Command.create({"item_id": item.id, "amount": self._share(item, match)})
            for item in more
            if item.id not in known and self._share(item, match)
        ]
        other = self.create({"match_id": match.id, "line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match with Something Else"),
            "res_model": self._name,
            "res_id": other.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _open_items(self, ids, match):
        """Those that are still open; another bank's line waits on no account that is reconciled."""
        items = self.env["account.move.line"].browse(ids).exists()
        return items.filtered(lambda item: not item.reconciled and item.currency_id == match.currency_id)

    def _share(self, item, match):
        """All that is open of an item; 0 if it is in another currency."""
        return item.amount_residual_currency if item.currency_id == match.currency_id else 0

    def action_match(self):
        """Match with what is chosen; the rest goes to the account.

        :raise UserError: something is left, or cannot be matched, in words
        """
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        self.match_id.check_access("read")
        chosen = self.line_ids.filtered("chosen")
        if self.is_left:
            raise Refusal(self.env._("Left: %s. A bank line is matched when nothing is left.", self.currency_id.format(self.left)))
        chosen.item_id.check_access("read")
        (self.account_id | self.tax_ids.invoice_repartition_line_ids.account_id).check_access("read")
        self.env["xero.bank.settling"].sudo()._settle_chosen(
            self.match_id.line_id.with_company(self.company_id).sudo(),
            [(line.item_id.sudo(), line.amount) for line in chosen],
            self._rest_values(),
        )
        self.match_id._keep_matched()
        self.match_id._announce()
        notice = self.env["xero.connection"]._notify(self.env._("Matched with what you chose."))
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice

    def _rest_values(self):
        """What goes to the account, as values of a part; empty if nothing is left."""
        if not self.account_id or self.currency_id.is_zero(self.rest):
            return {}
        return {"account": self.account_id.sudo(), "amount": self.rest, "taxes": self.tax_ids.sudo(), "label": self.label or ""}


class XeroBankOtherLine(models.TransientModel):
    """Something open that the line may be for."""

    _name = "xero.bank.other.line"
    _description = "Open Item of a Bank Line"

    other_id = fields.Many2one("xero.bank.other", required=True, ondelete="cascade")
    chosen = fields.Boolean("Match")
    item_id = fields.Many2one(
        "account.move.line",
        "Open Item",
        required=True,
        ondelete="cascade",
        domain="[('parent_state', '=', 'posted'), ('reconciled', '=', False), ('account_id.reconcile', '=', True),"
        " ('company_id', 'child_of', parent.company_id), ('currency_id', '=', parent.currency_id)]",
    )
    name = fields.Char(related="item_id.move_id.name")
    partner_id = fields.Many2one(related="item_id.partner_id")
    due = fields.Date(related="item_id.date_maturity", string="Due")
    currency_id = fields.Many2one(related="item_id.currency_id")
    open_amount = fields.Monetary("Still Open", compute="_compute_open_amount")
    amount = fields.Monetary("Of It", help="How much of the bank line this is, signed as the bank line.")
    reason = fields.Char("Why", readonly=True)

    @api.depends("item_id")
    def _compute_open_amount(self):
        for line in self:
            line.open_amount = line.item_id.amount_residual_currency

    @api.onchange("item_id")
    def _onchange_item_id(self):
        if self.item_id and not self.amount:
            self.amount = self.item_id.amount_residual_currency
