from odoo import models
from odoo.tools import SQL

from ....const import GONE, HOURLY
from ....xero_core.kept import to_json
from .facts import BANK, Told

# money spent or received in Xero, and payments of ours that stand there beside it: of one bank, contact, amount and side, days apart
TWICE = """
    SELECT DISTINCT ON (x.id) x.id, p.id
      FROM xero_money x
      JOIN res_partner w ON w.id = x.partner_id
      JOIN account_payment p ON p.journal_id = x.journal_id AND p.amount = x.amount AND p.currency_id = x.currency_id
       AND p.date BETWEEN x.date - 5 AND x.date + 5
       AND p.payment_type = CASE WHEN x.told->>'is_out' = 'true' THEN 'outbound' ELSE 'inbound' END
      JOIN res_partner o ON o.id = p.partner_id AND o.commercial_partner_id = w.commercial_partner_id
     WHERE x.connection_id = %(connection)s AND x.kind = %(kind)s AND x.state IN ('seen', 'twice') AND x.is_another IS NOT TRUE
       AND EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = x.connection_id AND b.payment_id = p.id AND b.is_there
                      AND NOT COALESCE(b.is_reconciled, FALSE) AND b.kind != x.kind)
  ORDER BY x.id, abs(p.date - x.date), p.id"""


class XeroHandlerBankTransaction(models.AbstractModel):
    """Money that was spent or received in Xero, of contacts that are here: it stays there, and is held beside our payments.

    Xero books lines of the bank by itself (``xero-inbound`` 3.2): a payment of ours that comes after its line was booked to sales is the
    same money twice.
    """

    _inherit = "xero.handler.bank_transaction"

    _interval = HOURLY

    def _is_read(self, connection):
        return connection._takes_money()

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, remotes, baseline)
        there = [_told(remote) for remote in remotes if remote.status not in GONE]
        gone = [_told(remote) for remote in remotes if remote.status in GONE]
        self.env["xero.taking"]._hear_bank(connection, there, gone)


class XeroTaking(models.AbstractModel):
    _inherit = "xero.taking"

    def _hear_bank(self, connection, tolds, gone):
        """Keep what was spent or received by contacts of ours and is not our own; what was removed is no more."""
        rows = {row.xero_id: row for row in self._rows(connection, [*tolds, *gone])}
        bound = [("connection_id", "=", connection.id), ("kind", "=", BANK), ("xero_id", "in", [told.xero_id for told in tolds])]
        ours = set(self.env["xero.binding"].sudo().search(bound).mapped("xero_id"))
        for told in tolds:
            if told.xero_id not in ours:
                self._keep_bank(connection, told, rows.get(told.xero_id))
        for told in gone:
            rows.get(told.xero_id, self.env["xero.money"]).write({"state": "gone", "message": False})

    def _keep_bank(self, connection, told, row):
        if row and (row.state == "ignored" or row.told == told.as_json()):
            return
        values = {**self._shown(connection, told), "state": "seen", "is_gone": False}
        if row:
            row.write(values)
        elif values["journal_id"] and (values["partner_id"] or self._wants_stranger(connection, told)):
            self.env["xero.money"].sudo().create(values)

    def _wants_stranger(self, connection, told):
        """Hook: whether money of somebody who is not here is kept, too."""
        return False

    def _find_twice(self, connection):
        """What is probably booked twice, and what no longer is; one query."""
        money_sudo = self.env["xero.money"].sudo()
        if not money_sudo.search_count([("connection_id", "=", connection.id), ("kind", "=", BANK)], limit=1):
            return
        for model in ("xero.money", "xero.binding", "account.payment", "res.partner"):
            self.env[model].flush_model()
        found = dict(self.env.execute_query(SQL(TWICE, connection=connection.id, kind=BANK)))
        known_sudo = money_sudo.search([("connection_id", "=", connection.id), ("kind", "=", BANK), ("state", "=", "twice")])
        (known_sudo - money_sudo.browse(found)).write({"state": "seen", "message": False, "payment_id": False})
        for row_id, payment_id in found.items():
            row, payment = money_sudo.browse(row_id), self.env["account.payment"].browse(payment_id)
            if row.state != "twice" or row.payment_id != payment:
                text = self.env._("%(payment)s is in Xero as a payment, and this was booked there too: probably the same money twice.",
                                  payment=payment.name)  # fmt: skip
                row.write({"state": "twice", "message": text, "payment_id": payment.id})


def _told(remote):
    return Told(
        BANK,
        remote.xero_id,
        remote.date,
        account_id=remote.account_id,
        reference=remote.reference,
        contact_id=remote.contact_id,
        is_out=remote.kind == "SPEND",
        amount=remote.total,
        currency=remote.currency,
        said={"transaction": to_json(remote.told), "is_reconciled": remote.is_reconciled, "payee": remote.payee},
    )
