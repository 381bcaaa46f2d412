from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import words
from .xero_document_mixin import IN_XERO, USER

# of several counterparts, each has to be matched
STATE = SQL("CASE WHEN bool_and(b.is_reconciled) THEN 'matched' WHEN count(*) > 0 THEN 'unmatched' END")
READ = SQL("b.bank_read_at IS NOT NULL AND b.is_there")


class XeroBank(fields.Selection):
    """Like ``XeroState``: no column, but the database can read it."""

    def to_sql(self, model, alias):
        return model._xero_bank_sql(alias)


class XeroBankMixin(models.AbstractModel):
    """What money shows of Xero's bank: whether its counterpart is matched with a line of the bank statement there."""

    _name = "xero.bank.mixin"
    _inherit = "xero.document.mixin"
    _description = "Money with a counterpart in Xero"

    _xero_bank_field = "xero_bank"

    xero_bank = XeroBank(
        words.selection(words.MONEY), "Bank in Xero", compute="_compute_xero_bank", search="_search_xero_bank", groups=USER
    )

    def _xero_bank_sql(self, alias):
        """SQL of the state, looked up record by record."""
        same = SQL("%s = %s", self._xero_row_key(IN_XERO.row)[0], SQL.identifier(alias, self._xero_key))
        return SQL("(%s)", self._xero_rows_sql(IN_XERO, STATE, READ, same))

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "xero_bank":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        key, name = self._xero_row_key(IN_XERO.row)[0], query.make_alias(alias, "xero_bank")
        rows = SQL("(%s GROUP BY %s)", self._xero_rows_sql(IN_XERO, SQL("%s AS key, %s AS state", key, STATE), READ), key)
        query.add_join("LEFT JOIN", name, rows, SQL("%s = %s", SQL.identifier(name, "key"), SQL.identifier(alias, self._xero_key)))
        return SQL.identifier(name, "state")

    def _search_xero_bank(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self._check_field_access(self._fields["xero_bank"], "read")
        states = [state or "" for state in value]

        def to_sql(model, alias, _query):
            found = SQL("COALESCE(%s, '') = ANY(%s)", model._xero_bank_sql(alias), states)
            return found if operator == "in" else SQL("NOT (%s)", found)

        return Domain.custom(to_sql=to_sql)

    def _compute_xero_bank(self):
        self.env["xero.binding"].flush_model()
        same = SQL("%s = ANY(%s)", self._xero_row_key(IN_XERO.row)[0], list(self.ids))
        key = self._xero_row_key(IN_XERO.row)[0]
        rows = (
            self.env.execute_query(SQL("%s GROUP BY 1", self._xero_rows_sql(IN_XERO, SQL("%s, %s", key, STATE), READ, same)))
            if self.ids
            else ()
        )
        states = dict(rows)
        for record in self:
            record.xero_bank = states.get(record._origin.id, False)
