from odoo import models
from odoo.tools import SQL

# a change of one of these fields of a contact that is in Xero is sent there
FIELDS = frozenset(
    ["name", "email", "phone", "vat", "company_registry", "ref", "xero_contact_name"]
    + ["street", "street2", "city", "state_id", "zip", "country_id"]
)


class XeroHandlerContact(models.AbstractModel):
    """When customers and vendors are sent, and what follows them when they are merged.

    The first time they go with the documents that name them; their changes follow in every company that has them in Xero.
    """

    _inherit = "xero.handler.contact"

    _records = {"res.partner": FIELDS}

    def _touched(self, records, event):
        ids = records.commercial_partner_id.ids
        for connection in self._everywhere() if ids else ():
            self._ask_for(connection, connection._known_ids(self._res_model, ids))

    def _leaving(self, records):
        """Jobs of customers that are gone end by themselves, and the problems they stood behind with them."""
        domain = [("res_model", "=", self._res_model), ("res_id", "in", records.ids), ("state", "in", ("blocked", "failed", "ignored"))]
        waiting_sudo = self.env["xero.job"].sudo().search(domain)
        found = [(connection, self._res_model, jobs.mapped("res_id")) for connection, jobs in waiting_sudo.grouped("connection_id").items()]
        return lambda: self._ask_for_each(found)

    def _reason_of_company(self, partner, connection):
        company = partner.commercial_partner_id.company_id
        if not company or company in connection._companies().parent_ids:
            return ""
        return self.env._(
            "%(partner)s belongs to %(company)s; switch to that company first.", partner=partner.display_name, company=company.name
        )

    def _ask_for_now(self, connection, partners):
        self._ask_for(connection, partners.commercial_partner_id.ids, manual=True)

    # === MERGED === #

    def _merged(self, partner, gone_ids):
        """The partner that is left takes over a contact in Xero if it has none, and the documents of the others come to it.

        A second contact in Xero is left as it is: nobody asked for it to go, and only a person can merge contacts there.
        """
        own = partner.commercial_partner_id.id
        for connection_sudo in self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)]):
            found = self.env["xero.binding"].sudo()._by_record(connection_sudo, self._res_model, [own, *gone_ids], [self._kind])
            kept = found.get(own) or next(iter(found.values()), None)
            if kept and kept.res_id != own:
                kept.write({"res_id": own, "sent": False})
            if kept:
                self._ask_for(connection_sudo, [own])
                self._ask_for_documents_of(connection_sudo, [binding.xero_id for binding in found.values() if binding != kept])
                self.env["xero.handler.payment"]._ask_for_money_under(connection_sudo, partner)

    def _reopened(self, connection, after, until):
        """Partners were merged while the period was closed; what of it is open again comes to who is left."""
        self.env["xero.binding"].flush_model()
        gone = self.env.execute_query(
            SQL(
                """SELECT xero_id FROM xero_binding
                    WHERE connection_id = %s AND kind = %s AND res_id NOT IN (SELECT id FROM res_partner)""",
                connection.id, self._kind,
            )
        )  # fmt: skip
        if gone:
            self._ask_for_documents_of(connection, [row[0] for row in gone])
            self.env["xero.handler.payment"]._ask_for_reopened(connection, after, until)

    def _ask_for_documents_of(self, connection, contact_ids):
        """Posted documents that stand with these contacts of Xero, as far as they are not in a closed period there."""
        lock = connection._last_locked_day()
        domain = [
            ("connection_id", "=", connection.id),
            ("kind", "in", self._document_kinds()),
            ("contact_xero_id", "in", contact_ids),
        ]
        bound_sudo = self.env["xero.binding"].sudo().search([*domain, *([("date", ">", lock)] if lock else [])])
        moves_sudo = (
            self.env["account.move"].sudo().browse(bound_sudo.mapped("res_id")).exists().filtered(lambda move: move.state == "posted")
        )
        for handler in self.env["xero.handler.document"]._all():
            handler._ask_for_known(handler._mine(moves_sudo))
