from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import words

OPEN = ("waiting", "asked", "proposed", "held")
NEEDS = ("asked", "proposed", "held", "draft")  # a person
AGAIN = timedelta(minutes=15)  # until what is held is looked at again by itself
LOOKED_AT = 100  # rows in one run


class XeroMade(models.Model):
    """One invoice, bill, credit note or manual journal that was made in Xero, and what became of it here.

    A row is written when Xero tells of a document that nothing here remembers, of a kind that comes in. Entry points: the handlers'
    ``_attempt_made``, ``_follow_made`` (``made_deciding``, ``made_drafts``), ``_due`` (what a run looks at), the buttons.
    Invariants: one row per record of Xero; what is taken in has a binding, and a row that is open, or a draft, has none.
    """

    _name = "xero.made"
    _inherit = ["xero.row.mixin"]
    _description = "Made in Xero"
    _order = "date desc, id desc"
    _open = OPEN
    _rec_name = "number"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), required=True)
    xero_id = fields.Char("Xero ID", required=True)
    xero_type = fields.Char("Type in Xero")
    told = fields.Json(required=True, help="What Xero says of it.")
    contact_told = fields.Json("Told of the Contact", help="What Xero says of its contact; empty of one who is known here.")
    # waiting --decided--> taken (posted, bound)
    #    |  ^           \-> draft --posted--> taken
    #    |  | a person says,    \--deleted or cancelled here--> ignored
    #    v  | or it is looked at again
    # asked, proposed, held --a person--> ignored, or taken (it is one that is here)
    # each of them --voided in Xero--> gone
    state = fields.Selection(words.selection(words.MADE), default="waiting", required=True, index=True)
    cause = fields.Char(help="Why it does not come in: a key of handlers.made_deciding.WORDS.")
    message = fields.Text("Why")
    is_said = fields.Boolean(help="A person wants it.")
    is_new_contact = fields.Boolean(help="A person says that its contact is nobody who is here.")
    is_another = fields.Boolean(help="A person says that it is not what looks like it.")
    told_of = fields.Boolean(help="The responsible user has been told of it, or of others that wait.")
    looked_at = fields.Datetime("Last Looked")
    number = fields.Char()
    date = fields.Date()
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    has_files = fields.Boolean("Files in Xero")
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="set null")
    contact_name = fields.Char("Contact in Xero")
    candidate_ids = fields.Many2many("res.partner", string="May Be")
    move_id = fields.Many2one("account.move", "In Odoo", ondelete="set null", index="btree_not_null")
    alike_id = fields.Many2one("account.move", "Looks Like", ondelete="set null")
    made_as = fields.Char(help="Fingerprint of the draft as it was made: a draft that a person has changed is not written over.")
    money_due = fields.Boolean(help="What was paid or credited of it in Xero has still to be asked for.")

    _xero_unique = models.UniqueIndex("(connection_id, kind, xero_id)", "Xero has told of this document already.")
    _open_index = models.Index("(connection_id, looked_at) WHERE state IN ('waiting', 'asked', 'held')")
    _money_index = models.Index("(connection_id) WHERE money_due")

    @api.depends("number", "contact_name")
    def _compute_display_name(self):
        for made in self:
            made.display_name = made.number or made.contact_name or self.env._("Made in Xero")

    def _by_xero_id(self, connection, kind, xero_ids):
        """``{Xero id: row}``; one query."""
        found = self.search([("connection_id", "=", connection.id), ("kind", "=", kind), ("xero_id", "in", list(xero_ids))])
        return {row.xero_id: row for row in found}

    def _is_followed(self):
        """Whether what Xero says of it is still of interest: what is taken in, its binding follows."""
        return self.state not in ("taken", "gone", "ignored")

    @api.model
    def _due(self, connection):
        """What a run decides about, what was never looked at first."""
        old = fields.Datetime.now() - AGAIN
        again = ["&", ("state", "=", "held"), ("looked_at", "<", old)]
        return self.sudo().search(
            [("connection_id", "=", connection.id), "|", ("state", "=", "waiting"), *again],
            order="looked_at NULLS FIRST, date, id",
            limit=LOOKED_AT,
        )

    @api.model
    def _decide_anew(self, connections):
        """A setting that it depends on was changed: what waits for a person is decided about once more."""
        rows_sudo = self.sudo().search([("connection_id", "in", connections.ids), ("state", "in", ("asked", "held"))])
        rows_sudo.state = "waiting"
        rows_sudo.connection_id._wake()

    def _hear_again(self, remote):
        """Xero tells of it once more: what is another now is decided about anew, a draft that nobody has touched is written anew."""
        handler = self.env["xero.handler"]._of(self.kind)
        said = handler._said_made(remote)
        if self.told != said["told"]:
            self.write({**said, **({"state": "waiting"} if self.state in OPEN else {})})
            if self.state == "draft":
                handler._follow_draft(self, remote)

    @api.model
    def _like(self, connection, move_ids):
        """``{id of a document: what Xero has that looks like it}`` of those of these about which nobody has said yet; one query."""
        about = [("connection_id", "=", connection.id), ("state", "=", "proposed"), ("alike_id", "in", list(move_ids))]
        return {made_sudo.alike_id.id: made_sudo.display_name for made_sudo in self.sudo().search(about)}

    def write(self, vals):
        """What is held for looking like it may go, or is known, once that is answered."""
        answered = self.filtered(lambda made: made.state == "proposed" and vals.get("state", "proposed") != "proposed")
        keys = {made: f"account.move,{made.alike_id.id}" for made in answered}
        res = super().write(vals)
        for made, key in keys.items():
            self.env["xero.problem"].sudo()._release(made.connection_id, codes=["maybe_made"], keys=[key])
        return res

    # === BUTTONS === #

    def action_take(self):
        """Take it in, whatever its kind is set to."""
        return self._answer({"is_said": True})

    def action_another(self):
        """It is not what looks like it: two different documents."""
        return self._answer({"is_another": True, "is_said": True})

    def action_same(self):
        """It is what looks like it: the two are one from now on; what differs between them is asked under *Changed in Xero*."""
        rows_sudo = self._answerable().filtered(lambda made: made.state == "proposed" and made.alike_id)
        for made_sudo in rows_sudo:
            try:
                with self.env.cr.savepoint():
                    self.env["xero.handler"].sudo()._of(made_sudo.kind)._make_one(made_sudo)
                    self.env.flush_all()
            except UserError as refusal:
                return self.env["xero.connection"]._notify(str(refusal), "warning")
        return self._said(rows_sudo, self.env._("They are one document from now on."))

    def action_choose(self):
        """The dialog with the contacts that may be meant."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which contact is “%s”?", self.contact_name or ""),
            "res_model": "xero.made.contact",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_made_id": self.id},
        }

    def action_open(self):
        """The document here, if there is one; else its page in Xero."""
        self.ensure_one()
        self.check_access("read")
        move = self.move_id or self.alike_id
        if not move:
            return self.action_open_in_xero()
        return {
            "type": "ir.actions.act_window",
            "res_model": move._name,
            "res_id": move.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_in_xero(self):
        self.ensure_one()
        self.check_access("read")
        code = self.connection_id.sudo().short_code or ""
        row = {"xero_id": self.xero_id, "xero_type": self.xero_type, "parent_xero_id": False}
        return {"type": "ir.actions.act_url", "url": self.env["xero.handler"]._of(self.kind)._page(code, row), "target": "new"}

    def _put_back_values(self):
        """A person wants it: a draft that was deleted or cancelled is made anew."""
        return {"state": "waiting", "is_said": True, "move_id": False, "made_as": False}
