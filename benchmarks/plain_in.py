"""What reading in Xero is measured against: the shortest script that reads the same lists, a thousand rows a call, and writes what it finds
by Odoo's ORM. It remembers nothing, asks nobody, and stops at the first error; what it writes is undone.

The module's own listeners are off while it writes: what they cost is the connector's.
"""

from unittest.mock import patch

import requests

from benchmarks import ground
from benchmarks.plain import PlainScript

PAGE, TOGETHER = 1_000, 100
HEAD = ("Type", "InvoiceNumber", "CurrencyCode", "LineAmountTypes", "Reference")
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class PlainReader:
    """Reads one organisation for the company of its connection, what was changed since a moment (as If-Modified-Since has it)."""

    def __init__(self, connection, address, since):
        from odoo.addons.xero_connector.access import clients  # noqa: PLC0415 - once Odoo is there

        self._env, self._address = connection.env, f"{address}/api.xro/2.0"
        tokens = clients.tokens(connection)
        token = tokens.renew(tokens.get())  # time has passed in Xero
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Authorization": f"Bearer {token}",
                "xero-tenant-id": connection.tenant_id,
                "Accept": "application/json",
                "If-Modified-Since": since,
            }
        )
        own = [("connection_id", "=", connection.id)]
        bindings = self._env["xero.binding"].search([*own, ("kind", "=", "invoice")])
        self._move_ids = {binding.xero_id: binding.res_id for binding in bindings}
        lines = self._env["xero.journal.mapping"].search(own)
        self.rows, self._script = 0, PlainScript(connection, address)
        self._journals = {line.xero_account_id.xero_id: line.journal_id for line in lines}

    def measure(self, *steps):
        """What these take; nothing of it stays."""
        cr = self._env.cr
        cr.commit()
        self._env.invalidate_all()
        meter = ground.Meter(cr)
        with patch.object(self._env.registry["xero.trigger"], "_touched", lambda *_args, **_named: None):
            for step in steps:
                step()
                self._env.flush_all()
        figures = meter.read()
        cr.rollback()
        self._env.invalidate_all()
        return figures

    def _pages(self, name):
        number = pages = 1
        while number <= pages:
            params = {"page": number, "pageSize": PAGE, "unitdp": 4, "order": "UpdatedDateUTC"}
            answer = self._session.get(f"{self._address}/{name}", params=params, timeout=ground.TIMEOUT)
            answer.raise_for_status()
            payload = answer.json()
            found = [row for row in payload[name] if self._move_id(row, name)]
            self.rows += len(found)
            yield found
            self._env.flush_all()
            self._env.invalidate_all()
            number, pages = number + 1, payload["pagination"]["pageCount"]

    def _move_id(self, row, name):
        document = row["Invoice"] if name == "Payments" else row
        return self._move_ids.get(document["InvoiceID"])

    def _moves(self, rows, name):
        ids = [self._move_id(row, name) for row in rows]
        return self._env["account.move"].with_context(**QUIET).browse(ids)

    def read(self):
        for _rows in self._pages("Invoices"):
            pass

    def compare(self):
        """Look whether any says something else than its invoice."""
        for rows in self._pages("Invoices"):
            for row, move in zip(rows, self._moves(rows, "Invoices"), strict=True):
                if self._differs(row, self._script.body(move)) or row["AmountDue"] != move.amount_residual:
                    raise SystemExit(f"{move.name} differs, and should not")

    def _differs(self, row, body):
        head = [name for name in HEAD if row[name] != body[name]]
        lines = zip(row["LineItems"], body["LineItems"], strict=True)
        return head or row["Contact"]["ContactID"] != body["Contact"]["ContactID"] or any(self._line_differs(*pair) for pair in lines)

    def _line_differs(self, line, ours):
        return any(line[name] != ours[name] for name in ours)

    def take_due_dates(self):
        for rows in self._pages("Invoices"):
            for row, move in zip(rows, self._moves(rows, "Invoices"), strict=True):
                if (day := row["DueDateString"][:10]) != str(move.invoice_date_due):
                    move.invoice_date_due = day

    def take_payments(self):
        for rows in self._pages("Payments"):
            for start in range(0, len(rows), TOGETHER):
                self._book(rows[start : start + TOGETHER])

    def _book(self, rows):
        moves = self._moves(rows, "Payments")
        values = [
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": move.commercial_partner_id.id,
                "journal_id": self._journals[row["Account"]["AccountID"]].id,
                "date": row["DateString"][:10] if "DateString" in row else "2026-10-20",
                "amount": row["Amount"],
                "memo": row.get("Reference") or move.payment_reference,
            }
            for row, move in zip(rows, moves, strict=True)
        ]
        payments = self._env["account.payment"].with_context(**QUIET).create(values)
        payments.action_post()
        for payment, move in zip(payments, moves, strict=True):
            lines = payment.move_id.line_ids | move.line_ids
            lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
