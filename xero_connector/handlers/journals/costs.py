from odoo import models, tools
from odoo.tools import SQL

from ...const import COSTS

# documents in Xero whose costs are not there
UNSENT = """
    SELECT d.res_id FROM xero_binding d JOIN account_move m ON m.id = d.res_id
     WHERE d.connection_id = %(connection)s AND d.res_model = 'account.move' AND d.kind = ANY(%(documents)s) AND d.is_there
       AND m.state = 'posted' AND %(among)s AND %(since)s
       AND EXISTS (SELECT 1 FROM account_move_line l WHERE l.move_id = m.id AND l.display_type = %(costs)s)
       AND NOT EXISTS (SELECT 1 FROM xero_binding b
                        WHERE b.connection_id = d.connection_id AND b.res_model = d.res_model AND b.res_id = d.res_id
                          AND b.kind = %(kind)s AND b.is_there)
"""
# costs in Xero whose document was written, reset, cancelled, deleted or taken out of Xero since they were sent
CHANGED = """
    SELECT b.res_id FROM xero_binding b LEFT JOIN account_move m ON m.id = b.res_id
     WHERE b.connection_id = %(connection)s AND b.kind = %(kind)s AND b.is_there
       AND (m.id IS NULL OR m.state != 'posted' OR m.write_date > b.last_sync
            OR EXISTS (SELECT 1 FROM account_move_line l
                        WHERE l.move_id = m.id AND l.display_type = %(costs)s AND l.write_date > b.last_sync)
            OR NOT EXISTS (SELECT 1 FROM xero_binding d
                            WHERE d.connection_id = b.connection_id AND d.res_model = b.res_model AND d.res_id = b.res_id
                              AND d.kind = ANY(%(documents)s) AND d.is_there))
"""
THERE = """
    SELECT b.res_id FROM xero_binding b
     WHERE b.connection_id = %(connection)s AND b.res_model = 'account.move' AND b.kind = %(kind)s AND b.is_there
       AND b.res_id = ANY(%(ids)s)
"""


class XeroHandlerCost(models.AbstractModel):
    """Which costs are sent, and when: they follow their documents, and hear of nothing else."""

    _inherit = "xero.handler.cost"

    _records = tools.frozendict()

    # === WHICH === #

    def _mine(self, records):
        """None of the entries that people ask for: they ask for the document."""
        return records.browse()

    def _reason_against_costs(self, move, connection):
        """Why what a document books about its goods is not sent, in a sentence; empty if it is."""
        if connection.cost_policy == "none":
            return self.env._(
                "The cost of goods is not sent to Xero; an administrator can change that in the connection, page “Journal Entries”."
            )
        return self.env["xero.handler.document"]._reason_of_day(move, connection)

    # === WHEN === #

    def _follow(self, connection, move_ids, *, manual=False):
        """Ask for the costs of these documents, as far as there are any in Odoo or in Xero; one query."""
        unsent = self._unsent(connection, SQL("m.id = ANY(%s)", list(move_ids)))
        there = SQL(THERE, connection=connection.id, kind=self._kind, ids=list(move_ids))
        self._ask_for_found(connection, SQL("%s UNION %s", unsent, there), manual=manual)

    def _sweep(self, connection):
        """Costs that are to be sent and were not, and those that have changed since, or lost their document."""
        changed = SQL(
            CHANGED, connection=connection.id, kind=self._kind, costs=COSTS, documents=list(self._document_kinds())
        )  # fmt: skip
        self._ask_for_found(connection, SQL("%s UNION %s", self._unsent(connection, SQL("TRUE")), changed))

    def _unsent(self, connection, among):
        """SQL of the ids of documents in Xero whose costs are to be there too, and are not."""
        since = SQL("COALESCE(m.invoice_date, m.date) >= %s", connection.sync_from) if connection.sync_from else SQL("TRUE")
        return SQL(
            UNSENT, connection=connection.id, kind=self._kind, costs=COSTS, documents=list(self._document_kinds()),
            among=among if connection.cost_policy != "none" else SQL("FALSE"), since=since,
        )  # fmt: skip

    def _ask_for_found(self, connection, query, *, manual=False):
        for model, names in (("xero.binding", None), ("account.move", None), ("account.move.line", ["display_type", "move_id"])):
            self.env[model].flush_model(names)
        self._ask_for(connection, [row[0] for row in self.env.execute_query(query)], manual=manual)

    def _policy_changed(self, connection):
        """What waits is looked at again: it may not be wanted any more."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind)]
        waiting_sudo = self.env["xero.job"].sudo().search([*own, ("is_open", "=", True)])
        self._ask_for(connection, waiting_sudo.mapped("res_id"))


class XeroHandlerDocument(models.AbstractModel):
    """Whatever became of a document, its costs are looked at afterwards."""

    _inherit = "xero.handler.document"

    def _after_closed(self, connection, jobs):
        super()._after_closed(connection, jobs)
        self.env["xero.handler.cost"]._follow(connection, jobs.mapped("res_id"))

    def _ask_for_now(self, connection, moves):
        super()._ask_for_now(connection, moves)
        self.env["xero.handler.cost"]._follow(connection, moves.ids, manual=True)
