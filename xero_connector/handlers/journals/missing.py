from odoo import models
from odoo.tools import SQL

ENTRIES = """
    SELECT 'account.move'::varchar AS res_model, m.id AS res_id, NULL::integer AS payment_id, m.date,
           CASE WHEN m.tax_cash_basis_rec_id IS NOT NULL OR m.tax_cash_basis_origin_move_id IS NOT NULL
                  OR m.journal_id = ANY(%(cash_basis)s) THEN 'cash_basis'
                WHEN m.journal_id = ANY(%(exchange)s) THEN 'exchange'
                WHEN m.date < %(start)s THEN 'before'
                WHEN m.journal_id = ANY(%(each)s) THEN 'turn'
                WHEN m.journal_id = ANY(%(day)s) THEN 'day' ELSE 'not_sent' END AS reason,
           m.journal_id AS about
      FROM account_move m
     WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted' AND m.move_type = 'entry'
       AND m.origin_payment_id IS NULL AND m.statement_line_id IS NULL AND NOT (%(known)s)
       AND NOT EXISTS (SELECT 1 FROM xero_binding b WHERE b.owner_model = 'account.move' AND b.owner_id = m.id AND b.is_there
                          AND b.connection_id = %(connection)s)
       AND NOT EXISTS (SELECT 1 FROM xero_journal_summary_entry e JOIN xero_journal_summary s ON s.id = e.summary_id
                        WHERE e.move_id = m.id AND s.connection_id = %(connection)s)"""


class XeroHandlerJournal(models.AbstractModel):
    """Journal entries that are not in Xero: neither by themselves, nor in a summary, nor as what settles documents."""

    _inherit = "xero.handler.journal"

    def _missing(self, connection):
        companies, policies = connection.sudo()._companies(), connection._entry_policies()
        journals = {policy: [journal for journal, found in policies.items() if found == policy] for policy in ("each", "day")}
        entries = SQL(
            ENTRIES,
            cash_basis=companies.tax_cash_basis_journal_id.ids, exchange=companies.currency_exchange_journal_id.ids,
            start=self._start(connection), companies=companies.ids, connection=connection.id, **journals,
            known=self._is_known(connection, "account.move", SQL("m.id")),
        )  # fmt: skip
        # only what is said of a journal is said of each apart
        return SQL(
            "SELECT res_model, res_id, payment_id, date, reason, CASE reason WHEN 'not_sent' THEN about ELSE 0 END AS about FROM (%s) e",
            entries,
        )


class XeroHandlerSummary(models.AbstractModel):
    """The entries of summaries are journal entries."""

    _inherit = "xero.handler.summary"

    def _missing(self, connection):
        return None


class XeroHandlerCost(models.AbstractModel):
    """Costs go beside their documents."""

    _inherit = "xero.handler.cost"

    def _missing(self, connection):
        return None
