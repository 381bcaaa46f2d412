from odoo import api, models
from odoo.tools import SQL

from ... import words
from .document_rows import of_parts


class XeroDocumentMixin(models.AbstractModel):
    """Why a record that Xero knows nothing of is not there, and what a person can do about records."""

    _inherit = "xero.document.mixin"

    # === WORDS === #

    def _xero_missing(self, ids):
        """``{id: (reason, sentence)}`` of those of these records that have no counterpart, and none on its way; one query."""
        if not ids:
            return {}
        handlers = [handler for handler in self.env["xero.handler"]._all() if handler._res_model == self._name]
        connections = self._xero_connections().filtered("tenant_id")
        rows = of_parts(self.env, connections, ("missing",), handlers) if handlers else None
        if not rows:
            return {}
        found = self.env.execute_query(
            SQL(
                """SELECT v.res_id, v.connection_id, v.kind, v.reason, v.about FROM (%s) v
                    WHERE v.res_model = %s AND v.res_id = ANY(%s)""",
                rows, self._name, list(ids),
            )
        )  # fmt: skip
        return {
            res_id: (reason, self.env["xero.handler"]._of(kind)._why_missing(reason, connections.browse(connection_id), about))
            for res_id, connection_id, kind, reason, about in found
        }

    @api.depends("xero_state", "xero_last_sync")
    def _compute_xero_checked(self):
        """When Xero was last seen to hold the same: at the sending, or because a person asked."""
        for record in self:
            same = record.xero_state == "synced" and record.xero_last_sync
            record.xero_checked = same and self.env._("Checked %s: the same in Xero.", words.moment(self.env, same))

    # === ON DEMAND === #

    def action_xero_sync(self):
        """Bring these documents in step with Xero now, each by the connection of its company."""
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        found = self._xero_by_connection()
        if len(self) == 1 and found and (checked := self._xero_checked(found[0][0])) is not None:
            return checked
        return self._xero_notice(self._xero_demand(found))

    def action_xero_send_early(self):
        """Send these documents although they are dated before the first day that is sent."""
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        return self._xero_notice(self._xero_demand(self._xero_by_connection(), early=True))

    def _xero_by_connection(self):
        """``[(connection, records)]``; those of companies that are not connected with an empty one."""
        by_company = self.grouped(lambda record: ("company_id" in record._fields and record.company_id) or self.env.company)
        found = {}
        for company, records in by_company.items():
            connection = self.env["xero.connection"]._get_active(company)
            connection = connection if connection.tenant_id and connection.state != "draft" else connection.browse()
            found[connection] = found.get(connection, self.browse()) | records
        return list(found.items())

    def _xero_demand(self, found, *, early=False):
        """Ask for these records; returns ``(connections that were asked, reasons against by record)``."""
        reasons, asked = {}, self.env["xero.connection"]
        for connection, records in found:
            if connection:
                reasons |= self.env["xero.trigger"]._demanded(records, connection, early=early)
                asked |= connection
            else:
                reasons |= {record: self._xero_not_connected(record) for record in records}
        return asked, reasons

    def _xero_not_connected(self, record):
        company = ("company_id" in record._fields and record.company_id) or self.env.company
        return self.env._("%s is not connected to Xero. An administrator can connect it in Settings, Xero.", company.name)

    def _xero_notice(self, outcome):
        """What became of it, in one sentence: of one document why not, of several how many."""
        asked, reasons = outcome
        sent = len(self) - len(reasons)
        Connection = self.env["xero.connection"]
        waits = bool(sent) and any(connection.state != "connected" for connection in asked)
        if len(self) == 1 and reasons:
            return Connection._notify(next(iter(reasons.values())), "warning")
        if waits:
            return Connection._notify(self.env._("They will be sent once the connection works again."), "warning")
        if len(self) == 1:
            return Connection._notify(self.env._("On its way to Xero."))
        return self._xero_counts(sent, len(reasons))

    def _xero_counts(self, sent, left):
        """Counts by label, and one link to the reasons."""
        Connection = self.env["xero.connection"]
        if not left:
            return Connection._notify(self.env._("On their way: %s", sent))
        notice = Connection._notify(self.env._("On their way: %(sent)s · Not sent: %(left)s", sent=sent, left=left) + " %s", "warning")
        url = "/odoo/action-xero_connector.xero_reason_action"
        notice["params"]["links"] = [{"label": self.env._("Why"), "url": url}]
        notice["params"]["sticky"] = True
        return notice

    def action_xero_fix(self):
        """Lead to the fix of what holds this document."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        if not self.xero_problem_id:
            return self.env["xero.connection"]._notify(self.env._("Nothing holds this document any more."))
        return self.xero_problem_id.action_fix()

    def action_xero_retry(self):
        """Send this document again after whatever held it was changed."""
        return self.action_xero_sync()

    def action_xero_open(self):
        """Show the document in Xero; what is not there, among all documents."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        if self.xero_url:
            return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_document_action")
        own = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return {**action, "domain": own, "context": {"xero_documents": "all"}}

    def action_xero_held_up(self):
        """The documents that the same cause holds up."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_xero_user()
        if not self.xero_problem_id:
            return self.env["xero.connection"]._notify(self.env._("Nothing holds this document any more."))
        return self.xero_problem_id.action_open_jobs()
