from datetime import date

from odoo import fields, models
from odoo.tools import SQL

from ...const import GONE
from ...handlers.contacts.contact import SYNCED_FIELDS

UNDER_CONTACT = ("on_account", "write_off", "bank_transaction")  # money that stands in Xero under a contact


class ResPartner(models.Model):
    """A partner is sent as its commercial entity, and shows that entity's state in the current company."""

    _name = "res.partner"
    _inherit = ["res.partner", "xero.document.mixin"]
    _xero_key = "commercial_partner_id"

    xero_contact_name = fields.Char(
        "Name in Xero",
        copy=False,
        groups="xero_connector.group_xero_user",
        help="Only if it must differ from the name in Odoo: Xero allows each name once.",
    )

    def _xero_connections(self):
        return self.env["xero.connection"]._get_active(self.env.company)

    def write(self, vals):
        res = super().write(vals)
        if SYNCED_FIELDS.intersection(vals):
            self._xero_enqueue_bound()
        return res

    def unlink(self):
        """Jobs of customers that are gone end by themselves, and the problems they stood behind with them."""
        ids = self.ids
        res = super().unlink()
        Job = self.env["xero.job"].sudo()
        waiting = Job.search([("res_model", "=", self._name), ("res_id", "in", ids), ("state", "in", ("blocked", "failed", "ignored"))])
        for connection, jobs in waiting.grouped("connection_id").items():
            Job._enqueue(connection, "contact", self._name, jobs.mapped("res_id"))
        return res

    def _xero_enqueue_bound(self):
        """Ask for the new data of customers that are in Xero to be sent, in every company that has them there."""
        ids = self.commercial_partner_id.ids
        connections = self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)]) if ids else ()
        for connection in connections:
            if connection._sends("contact"):
                known = connection._known_ids("res.partner", ids)
                self.env["xero.job"].sudo()._enqueue(connection, "contact", "res.partner", known)

    # === MERGED === #

    def _xero_follow_merge(self, gone_ids):
        """Partners were merged into this one: it takes over a contact in Xero if it has none, and their documents come to it.

        A second contact in Xero is left as it is: nobody asked for it to go, and only a person can merge contacts there.
        """
        self.ensure_one()
        own = self.commercial_partner_id.id
        for connection in self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)]):
            found = self.env["xero.binding"].sudo()._by_record(connection, self._name, [own, *gone_ids], ["contact"])
            kept = found.get(own) or next(iter(found.values()), None)
            if kept and kept.res_id != own:
                kept.write({"res_id": own, "sent": False})
            if kept:
                self.env["xero.job"].sudo()._enqueue(connection, "contact", self._name, [own])
                left = [binding.xero_id for binding in found.values() if binding != kept]
                self._xero_documents_of(connection, left)._xero_enqueue_bound()
                self._xero_enqueue_money_under_contact(connection)

    def _xero_documents_of(self, connection, contact_ids):
        """Posted documents that stand with these contacts of Xero, as far as they are not in a closed period there."""
        lock = connection._last_locked_day()
        domain = [
            ("connection_id", "=", connection.id),
            ("kind", "in", self.env["xero.handler"]._document_kinds()),
            ("contact_xero_id", "in", contact_ids),
        ]
        bound = self.env["xero.binding"].sudo().search([*domain, *([("date", ">", lock)] if lock else [])])
        return self.env["account.move"].sudo().browse(bound.mapped("res_id")).exists().filtered(lambda move: move.state == "posted")

    def _xero_follow_reopened(self, connection, after, until):
        """Partners were merged while a period was closed; what of it is open again (after one day, until another) comes to who is left."""
        self.env["xero.binding"].flush_model()
        own = SQL("connection_id = %s", connection.id)
        gone = self.env.execute_query(
            SQL("SELECT xero_id FROM xero_binding WHERE %s AND kind = 'contact' AND res_id NOT IN (SELECT id FROM res_partner)", own)
        )
        if not gone:
            return
        self._xero_documents_of(connection, [row[0] for row in gone])._xero_enqueue_bound()
        if connection._sends("payment"):
            domain = [("connection_id", "=", connection.id), ("kind", "in", UNDER_CONTACT), ("date", ">", after), ("date", "<=", until)]
            there = self.env["xero.binding"].sudo().search([*domain, ("xero_status", "not in", GONE)])
            for model, bindings in there.grouped("owner_model").items():
                self.env["xero.job"].sudo()._enqueue(connection, "payment", model, bindings.mapped("owner_id"))

    def _xero_enqueue_money_under_contact(self, connection):
        """What of this partner's money stands in Xero under a contact follows it too, as far as it is not in a closed period there."""
        if not connection._sends("payment"):
            return
        self.env["account.move.line"].flush_model(["partner_id"])
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT b.owner_model, b.owner_id
                     FROM res_partner p JOIN account_move_line l ON l.partner_id = p.id JOIN account_move m ON m.id = l.move_id
                     JOIN xero_binding b ON b.owner_id = CASE b.owner_model WHEN 'account.payment' THEN m.origin_payment_id
                                                                            ELSE m.statement_line_id END
                    WHERE p.commercial_partner_id = %s AND b.connection_id = %s AND b.kind IN %s
                      AND COALESCE(b.xero_status, '') NOT IN %s AND (b.date IS NULL OR b.date > %s)""",
                self.commercial_partner_id.id, connection.id, UNDER_CONTACT, GONE, connection._last_locked_day() or date.min,
            )
        )  # fmt: skip
        for model in {row[0] for row in rows}:
            ids = [res_id for owner, res_id in rows if owner == model]
            self.env["xero.job"].sudo()._enqueue(connection, "payment", model, ids)

    def _xero_reason_against(self, connection):
        """Why this partner is not for Xero, in a sentence; empty if it is."""
        company = self.commercial_partner_id.company_id
        if company and company != connection.company_id:
            return self.env._(
                "%(partner)s belongs to %(company)s; switch to that company first.", partner=self.display_name, company=company.name
            )
        return connection._reason_against_kind("contact")

    def _xero_send(self, connection):
        reasons = {partner: reason for partner in self if (reason := partner._xero_reason_against(connection))}
        wanted = self.filtered(lambda partner: partner not in reasons)
        self.env["xero.job"].sudo()._enqueue(connection, "contact", "res.partner", wanted.commercial_partner_id.ids, manual=True)
        return reasons
