"""What the connector's cost is measured against: the shortest script that sends invoices. It reads them through Odoo's ORM and posts the
same bodies with ``requests``, fifty a call. It remembers nothing, looks nothing up, and stops at the first error."""

import requests

from benchmarks import ground

BATCH = 50


class PlainScript:
    """Sends posted invoices of one company to the organisation of its connection."""

    def __init__(self, connection, address):
        from odoo.addons.xero_connector.access import clients  # noqa: PLC0415 - once Odoo is there

        env, own = connection.env, [("connection_id", "=", connection.id)]
        self._env, self._address = env, f"{address}/api.xro/2.0/Invoices"
        self._headers = {"Authorization": f"Bearer {clients.tokens(connection).get()}", "xero-tenant-id": connection.tenant_id}
        self._headers |= {"Accept": "application/json"}
        self._accounts = {line.account_id.id: line.xero_account_id.code for line in env["xero.account.mapping"].search(own)}
        self._taxes = {line.tax_key: line.xero_tax_rate_id.tax_type for line in env["xero.tax.mapping"].search(own)}
        bindings = env["xero.binding"].search([*own, ("kind", "=", "contact")])
        self._contacts = {binding.res_id: binding.xero_id for binding in bindings}
        self._session = requests.Session()

    def send(self, ids, batch=BATCH):
        for start in range(0, len(ids), batch):
            moves = self._env["account.move"].browse(ids[start : start + batch])
            self._put({"Invoices": [self.body(move) for move in moves]})

    def _put(self, body):
        parameters = {"unitdp": 4, "summarizeErrors": "false"}
        answer = self._session.put(self._address, params=parameters, json=body, headers=self._headers, timeout=ground.TIMEOUT)
        answer.raise_for_status()
        if not all(invoice["StatusAttributeString"] == "OK" for invoice in answer.json()["Invoices"]):
            raise SystemExit(f"the plain script was refused: {answer.text[:2000]}")

    def body(self, move):
        return {
            "Type": "ACCREC",
            "InvoiceNumber": move.name,
            "Contact": {"ContactID": self._contacts[move.commercial_partner_id.id]},
            "Date": str(move.invoice_date),
            "DueDate": str(move.invoice_date_due),
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "CurrencyCode": move.currency_id.name,
            "Reference": move.ref or move.payment_reference or "",
            "LineItems": [self._line(line) for line in move.invoice_line_ids],
        }

    def _line(self, line):
        return {
            "Description": line.name,
            "Quantity": line.quantity,
            "UnitAmount": line.price_unit,
            "AccountCode": self._accounts[line.account_id.id],
            "TaxType": self._taxes[",".join(map(str, sorted(line.tax_ids.ids)))],
        }
