from datetime import timedelta

from odoo import api, fields, models

from ... import words
from ..audit.xero_audit import LEAVE_OUT, PUT_BACK, Entry

LATELY = timedelta(minutes=1)  # a run has looked at all that it had time for


class XeroFreshMixin(models.AbstractModel):
    """Rows that open screens follow by themselves."""

    _name = "xero.fresh.mixin"
    _description = "What screens of Xero follow"

    def _announce(self):
        """Tell open screens that these changed; sent when the transaction commits."""
        if self:
            self.env.ref("xero_connector.group_xero_user")._bus_send("xero_connector/state", {self._name: sorted(self.ids)})


class XeroFiguresMixin(models.AbstractModel):
    """A list with figures above it: a strip for each connection of the selected companies, and a line for a company that has none."""

    _name = "xero.figures.mixin"
    _description = "Figures above a list of Xero"

    @api.model
    def xero_figures(self):
        """``[{title, figures, notice}]``, as the component ``xero_figures`` shows them."""
        self.check_access("read")
        connections, strips = self.env["xero.connection"], []
        for company in self.env.companies:
            connection = connections._get_active(company)
            if not connection.tenant_id:
                strips.append({"title": company.name, "figures": [], "notice": self.env._(words.CONNECTION["draft"].label)})
            elif connection not in connections:
                connections |= connection
                strips.append(self._strip(connection.sudo(False)))
        if len(strips) == 1 and strips[0]["figures"]:
            strips[0]["title"] = ""
        return strips

    def _strip(self, connection):
        """Hook: the strip of one connection."""
        raise NotImplementedError


class XeroRowMixin(models.AbstractModel):
    """A row about something that was made in Xero: a run decides about it, and where it cannot, a person answers.

    The model has the fields ``connection_id``, ``state`` ('waiting', 'held' and 'ignored' among others), ``cause``, ``message``,
    ``is_said`` (a person wants it) and ``looked_at``. Invariant: of several answers in the same moment one counts.
    """

    _name = "xero.row.mixin"
    _inherit = ["xero.fresh.mixin"]
    _description = "What was made in Xero, and is answered"

    _open = ()  # the states in which a row may be answered

    @api.model
    def _is_left(self, connection):
        """Whether a run has had no time for some of it."""
        old = fields.Datetime.now() - LATELY
        left = ["|", ("looked_at", "=", False), ("looked_at", "<", old)]
        return bool(self.sudo().search_count([("connection_id", "=", connection.id), ("state", "=", "waiting"), *left], limit=1))

    def _broke(self):
        """An error of ours: what it is, the server's log says."""
        message = self.env._("The connector could not take it in; the server log has the details.")
        self.write({"state": "held", "cause": "internal", "message": message, "looked_at": fields.Datetime.now()})

    def write(self, vals):
        moved = self.filtered(lambda row: row.state != vals.get("state", row.state))
        res = super().write(vals)
        moved._announce()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._announce()
        return rows

    # === ANSWERS === #

    def _answerable(self):
        """Those that nobody has answered yet, kept from others until this is done.

        :raise AccessError: for others than Xero users of these companies
        """
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        return self.browse(self.sudo().try_lock_for_update().ids).sudo().filtered(lambda row: row._is_unanswered())

    def _is_unanswered(self):
        """What a person wants is answered, though the run that decides about it has yet to come."""
        return self.state in self._open and not (self.state == "waiting" and self.is_said)

    def _answer(self, values, text=""):
        """Have these decided about once more, in a run that begins at once."""
        rows_sudo = self._answerable()
        rows_sudo.write({"state": "waiting", **values})
        rows_sudo.connection_id._wake()
        return self._said(rows_sudo, text or self.env._("It is being taken in."))

    def _said(self, rows, text):
        """What came of a click, or that somebody was quicker."""
        Connection = self.env["xero.connection"]
        if rows:
            return Connection._notify(text)
        busy_sudo = self.sudo().filtered(lambda row: row._is_unanswered())
        late = self.env._("Somebody is answering this now.") if busy_sudo else self.env._("Somebody has answered this already.")
        return Connection._notify(late, "warning")

    def action_look_again(self):
        return self._answer({}, self.env._("It is looked at again."))

    def action_leave_out(self):
        """Not to be taken in, and not to be asked about again."""
        rows_sudo = self._answerable()
        before = rows_sudo._state_words()
        rows_sudo.write({"state": "ignored", "message": self.env._("Left out by %s.", self.env.user.name)})
        rows_sudo._keep_trail(LEAVE_OUT, before)
        return self._said(rows_sudo, self.env._("Left out. It stays in Xero."))

    def action_put_back(self):
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        rows_sudo = self.sudo().filtered(lambda row: row.state == "ignored")
        before = rows_sudo._state_words()
        rows_sudo.write(self._put_back_values())
        rows_sudo._keep_trail(PUT_BACK, before)
        rows_sudo.connection_id._wake()
        return self._said(rows_sudo, self.env._("It is looked at again."))

    def _state_words(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {row: labels[row.state] for row in self}

    def _keep_trail(self, act, before):
        """What the user has just decided about these."""
        after = self._state_words()
        for connection, rows in self.grouped("connection_id").items():
            entries = [Entry(row, "", before[row], after[row]) for row in rows]
            self.env["xero.audit"]._keep(act, connection.company_id, entries)

    def _put_back_values(self):
        """Hook: what a row is when it is asked about again."""
        return {"state": "waiting"}
