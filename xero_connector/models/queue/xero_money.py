from datetime import timedelta

from odoo import api, fields, models

from ... import words
from ...handlers.money.taking.facts import BANK, NOTE, Told
from ...xero_core import values

OPEN = ("waiting", "asked", "proposed", "held", "twice")
NEEDS = ("asked", "proposed", "held", "twice")  # a person
AGAIN = timedelta(minutes=15)  # until what is held is looked at again by itself
LOOKED_AT = 200  # rows at a time


class XeroMoney(models.Model):
    """One payment, batch, over- or prepayment, or allocation that was made in Xero, and what became of it here.

    A row is written when Xero tells of money for documents that are ours and that nothing here remembers, or of money that was removed
    there. Entry points: ``handlers.money.taking`` (``_hear``, ``_judge``), ``_due`` (what a run looks at), the buttons.
    Invariant: one row per record of Xero; what is booked has a binding, and a row that is open has none.
    """

    _name = "xero.money"
    _inherit = ["xero.row.mixin"]
    _description = "Money from Xero"
    _order = "date desc, id desc"
    _open = OPEN
    _rec_name = "reference"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), required=True)
    xero_id = fields.Char("Xero ID", required=True)
    told = fields.Json(required=True, help="What Xero says of it.")
    # waiting --decided--> booked --removed in Xero--> waiting --> gone (taken back)
    #    |  ^ a person says, or it is looked at again
    #    v  |
    # asked, proposed, held --a person--> ignored
    # of money spent or received: seen <--> twice (beside a payment of ours)
    state = fields.Selection(words.selection(words.MONEY_IN), default="waiting", required=True, index=True)
    cause = fields.Char(help="Why it is not booked: a key of taking.WORDS.")
    message = fields.Text("Why")
    is_gone = fields.Boolean("Gone There")
    is_said = fields.Boolean(help="A person wants it booked.")
    is_another = fields.Boolean(help="A person says that it is not what looks like it.")
    told_of = fields.Boolean(help="The responsible user has been told of it, or of others that wait.")
    looked_at = fields.Datetime("Last Looked")
    date = fields.Date()
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    journal_id = fields.Many2one("account.journal", "Bank", ondelete="set null")
    move_id = fields.Many2one("account.move", "Document", ondelete="set null", help="The first that it is for.")
    partner_id = fields.Many2one("res.partner", ondelete="set null")
    payment_id = fields.Many2one("account.payment", "Payment", ondelete="set null", help="As what it is booked; or what looks like it.")
    alike_model = fields.Char(help="With alike_id: what is here and looks like it.")
    alike_id = fields.Many2oneReference(model_field="alike_model")
    reference = fields.Char()

    _xero_unique = models.UniqueIndex("(connection_id, kind, xero_id)", "Xero has told of this money already.")
    _open_index = models.Index("(connection_id, looked_at) WHERE state IN ('waiting', 'held')")

    @api.depends("reference", "move_id")
    def _compute_display_name(self):
        for money in self:
            money.display_name = money.reference or money.move_id.name or money.partner_id.display_name or self.env._("Money from Xero")

    def _told(self):
        """:rtype: Told"""
        return Told.from_json(self.told)

    @api.model
    def _due(self, connection):
        """What a run decides about, money that is gone first: else what came in its place would find no room."""
        old = fields.Datetime.now() - AGAIN
        again = ["&", ("state", "in", ("asked", "held")), "&", "|", ("state", "=", "held"), ("is_gone", "=", True), ("looked_at", "<", old)]
        due = ["|", ("state", "=", "waiting"), *again]
        return self.sudo().search(
            [("connection_id", "=", connection.id), *due], order="is_gone DESC, looked_at NULLS FIRST, id", limit=LOOKED_AT
        )

    @api.model
    def _decide_anew(self, connections, journals=None):
        """A setting that it depends on was changed: what waits for a person is decided about once more."""
        waiting = [("connection_id", "in", connections.ids), ("state", "in", ("asked", "held"))]
        about = [] if journals is None else [("journal_id", "in", [*journals.ids, False])]
        rows_sudo = self.sudo().search([*waiting, *about])
        rows_sudo.state = "waiting"
        rows_sudo.connection_id._wake()

    @api.model
    def _like(self, connection, keys):
        """``{(model, id): what Xero has that looks like it}`` of those of these records about which nobody has said yet; one query."""
        about = [("connection_id", "=", connection.id), ("state", "=", "proposed"), ("alike_id", "in", [res_id for _model, res_id in keys])]
        return {(money_sudo.alike_model, money_sudo.alike_id): money_sudo.display_name for money_sudo in self.sudo().search(about)}

    @api.autovacuum
    def _gc_settled(self):
        """Delete what was booked, or taken back, when its connection forgets what was sent and answered, too.

        The pair remembers it (``xero.binding``), and so do the documents' chatters. What a person has answered stays: it would be asked
        again. What was spent or received in Xero stays: the daily reading would only tell of it once more.
        """
        for connection in self.env["xero.connection"].with_context(active_test=False).search([]):
            limit = fields.Datetime.now() - timedelta(days=connection.version_days)
            settled = [("connection_id", "=", connection.id), ("state", "in", ("booked", "gone")), ("is_another", "=", False)]
            self.search([*settled, ("kind", "!=", BANK), ("looked_at", "<", limit)], limit=10000).unlink()

    def write(self, vals):
        """What is held for looking like it may go, or is known, once that is answered."""
        answered = self.filtered(lambda money: money.state == "proposed" and vals.get("state", "proposed") != "proposed")
        res = super().write(vals)
        for money in answered:
            keys = [f"{money.alike_model},{money.alike_id}"]
            self.env["xero.problem"].sudo()._release(money.connection_id, codes=["maybe_twice"], keys=keys)
        return res

    # === BUTTONS === #

    def action_book(self):
        """Book it, whoever records the payments of that bank."""
        return self._answer({"is_said": True}, self.env._("It is being booked."))

    def action_another(self):
        """It is not what looks like it: two different payments."""
        twice_sudo = self._answerable().filtered(lambda money: money.state == "twice")
        if twice_sudo:
            twice_sudo.write({"is_another": True, "state": "seen", "message": False, "payment_id": False})
            return self._said(twice_sudo, self.env._("Two different ones. This is not asked again."))
        return self._answer({"is_another": True, "is_said": True}, self.env._("It is being booked."))

    def action_same(self):
        """It is what looks like it: the two are one from now on, and nothing is booked or sent."""
        rows_sudo = self._answerable().filtered(lambda money: money.state == "proposed")
        for money_sudo in rows_sudo:
            if reason := self.env["xero.taking"]._try_to_make_one(money_sudo):
                return self.env["xero.connection"]._notify(reason, "warning")
        return self._said(rows_sudo, self.env._("They are one payment from now on."))

    def action_send_again(self):
        """It was removed in Xero and is right: what Odoo has goes there once more."""
        rows_sudo = self._answerable().filtered(lambda money: money.is_gone or money.kind == NOTE)
        for money_sudo in rows_sudo:
            self.env["xero.taking"]._send_again(money_sudo)
        return self._said(rows_sudo, self.env._("Odoo's is on its way to Xero once more."))

    def action_choose_recorder(self):
        """The line of the mapping on which it is chosen who records payments of that bank."""
        self.ensure_one()
        self.check_access("read")
        lines = self.connection_id.journal_mapping_ids.filtered(lambda line: line.journal_id == self.journal_id)
        if not lines:
            return self.connection_id.action_open_banks()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Records the Payments of This Bank?"),
            "res_model": lines._name,
            "res_id": lines[0].id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_in_xero(self):
        """The page of the money that was booked there beside a payment of ours."""
        self.ensure_one()
        self.check_access("read")
        code = self.connection_id.sudo().short_code or ""
        return {"type": "ir.actions.act_url", "url": values.bank_transaction_url(code, self.xero_id), "target": "new"}
