from odoo import Command, api, fields, models

from ... import words
from ...handlers.drift import AMOUNTS
from ...xero_core.fingerprint import fingerprint

LIVE = ("open", "left")  # it differs still


class XeroDrift(models.Model):
    """A document or contact that is in Xero and says something else there than here: whose side is right, a person answers.

    Entry points: ``_keep`` (a comparison found differences), ``_close`` (they are gone), ``_answer``. Money is not here: it is booked, or
    held. Invariants: one live row for a counterpart; an answer counts for the ``revision`` that was shown, and for no other.
    """

    _name = "xero.drift"
    _inherit = ["xero.fresh.mixin", "xero.figures.mixin"]
    _description = "Change in Xero"
    _order = "noticed_at desc, id desc"
    _rec_name = "name"

    binding_id = fields.Many2one("xero.binding", "Counterpart", required=True, ondelete="cascade")
    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    name = fields.Char("Document", required=True)
    partner_id = fields.Many2one("res.partner", "Partner", ondelete="set null")
    # open --Send Odoo's, Take Xero's--> answered
    #  | ^--Xero changes again-- left <--Leave as It Is-- open
    #  +--the same on both sides--> gone
    state = fields.Selection(words.selection(words.DRIFT), default="open", required=True)
    message = fields.Text("What Differs")
    field_ids = fields.One2many("xero.drift.field", "drift_id", "Fields")
    first_field = fields.Char("What Changed First")
    first_line = fields.Integer()
    more = fields.Integer(help="How many other fields differ.")
    what = fields.Char("What Changed", compute="_compute_what")
    in_odoo = fields.Char("In Odoo")
    in_xero = fields.Char("In Xero")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary("Difference", help="Odoo's total less Xero's.")
    is_both = fields.Boolean(related="binding_id.changed_here", string="Changed on Both Sides")
    changes_amount = fields.Boolean("Changes an Amount")
    is_gone = fields.Boolean("Voided in Xero")
    since = fields.Selection(
        [("connected", "Was different when you connected"), ("later", "Changed since")], default="later", required=True, string="Found"
    )
    noticed_at = fields.Datetime("Noticed", required=True, default=fields.Datetime.now)
    changed_at = fields.Datetime("Changed", help="By Xero's own stamp.")
    changed_by = fields.Char("Changed By")
    again_at = fields.Datetime("Changed Again")
    revision = fields.Char(help="Of what is shown: an answer to an older one does not count.")
    seen = fields.Char(help="Fingerprint of what Xero holds.")
    answer = fields.Selection([("take", "Take Xero's"), ("send", "Send Odoo's"), ("leave", "Leave as It Is")])
    answered_by = fields.Many2one("res.users", "Answered By", ondelete="set null")
    answered_at = fields.Datetime("Answer Given")
    outcome = fields.Char("What Came of It")
    told = fields.Boolean(help="The responsible user has been told of this one, or of another that was open with it.")

    _live_unique = models.UniqueIndex("(binding_id) WHERE state IN ('open', 'left')", "This difference is listed already.")
    _binding_index = models.Index("(binding_id)")
    _open_index = models.Index("(connection_id, state) WHERE state IN ('open', 'left')")

    def _first_label(self):
        return self.env["xero.drift.field"]._label(self.first_field, self.first_line)

    @api.depends("first_field", "first_line", "more")
    def _compute_what(self):
        for drift in self:
            label = drift._first_label()
            drift.what = self.env._("%(field)s and %(count)s more", field=label, count=drift.more) if drift.more else label

    # === WHAT COMPARISONS FIND === #

    @api.model
    def _keep(self, noted):
        """Keep what was found to differ (list of ``handlers.drift.Noted``); what is shown already stays, what is another now is shown anew.

        Of what differs in what is open only nobody is asked: that is money.
        """
        live = self._live([each.binding for each in noted])
        new, ended = [], self.browse()
        for each in noted:
            known = live.get(each.binding.id, self.browse())
            if not each.asked:
                ended |= known
            elif not known:
                new.append(self._values(each))
            elif known.revision != (values := self._values(each))["revision"]:
                known._show_anew(values)
        ended._end()
        self.create(new)._announce()

    @api.model
    def _ask_again(self, bindings):
        """What a person has left as it is was changed in Odoo."""
        live = self._live(bindings).values()
        for drift in live:
            if drift.state == "left":
                drift.write({"state": "open", "answer": False, "told": False, "again_at": fields.Datetime.now()})
        self.browse(drift.id for drift in live)._announce()

    def _live(self, bindings):
        """``{binding id: its row}`` of these, as far as a person may still answer."""
        found = self.search([("binding_id", "in", [binding.id for binding in bindings]), ("state", "in", LIVE)])
        return {drift.binding_id.id: drift for drift in found}

    def _values(self, noted):
        binding, first = noted.binding, noted.asked[0]
        partner = noted.record if noted.record._name == "res.partner" else noted.record.commercial_partner_id
        return {
            "binding_id": binding.id,
            "connection_id": binding.connection_id.id,
            **{name: binding[name] for name in ("kind", "res_model", "res_id")},
            "name": noted.record.name or binding.number,
            "partner_id": partner.id,
            "message": " ".join(side.text for side in noted.asked if side.text),
            "field_ids": [Command.clear(), *map(Command.create, self.env["xero.drift.field"]._rows(noted))],
            **{"first_field": first.name, "first_line": first.line, "in_odoo": first.odoo, "in_xero": first.xero},
            "more": len(noted.asked) - 1,
            "currency_id": noted.currency_id or False,
            "amount": float(noted.amount),
            "changes_amount": noted.is_gone or any(side.name in AMOUNTS for side in noted.asked),
            "is_gone": noted.is_gone,
            "since": "connected" if noted.is_baseline else "later",
            "changed_at": noted.changed_at,
            "seen": noted.seen,
            "revision": fingerprint({"seen": noted.seen, "sides": [list(side[:3]) for side in noted.asked]}),
        }

    def _show_anew(self, values):
        """It was changed once more while nobody had answered, or after it was left as it is."""
        own = {"since": self.since if self.state == "open" else "later", "changed_by": False, "again_at": fields.Datetime.now()}
        again = {"state": "open", "answer": False, "told": self.told and self.state == "open"}
        self.write({**values, **own, **again})
        self._announce()

    @api.model
    def _close(self, bindings):
        """These say the same on both sides again, or have been brought to it."""
        self.search([("binding_id", "in", bindings.ids), ("state", "in", LIVE)])._end()

    def _end(self):
        if self:
            self.write({"state": "gone"})
            self._announce()

    # === WAYS ON === #

    def _record(self):
        """The document or contact; empty if it is no longer there."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    def action_open_document(self):
        """The document in Odoo."""
        record = self._record()
        self.check_access("read")
        return (
            record.get_formview_action()
            if record
            else self.env["xero.connection"]._notify(self.env._("It is no longer in Odoo."), "warning")
        )

    def action_open_in_xero(self):
        """The document in Xero."""
        self.check_access("read")
        record = self._record()
        return (
            record.action_xero_open() if record else self.env["xero.connection"]._notify(self.env._("It is no longer in Odoo."), "warning")
        )
