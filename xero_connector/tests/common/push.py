from odoo import Command, fields

from ...access import clients
from ...handlers.money.parts import payment_parts, settling_partials
from .connected import XeroCommon


class XeroPushCommon(XeroCommon):
    """A connected company with a confirmed mapping, ready to send."""

    def _prepare(self):
        super()._prepare()
        self.connection = self._connect()
        self.assertTrue(self.connection.reference_read_at, self.connection.state_message)
        self.connection.action_confirm_mapping()
        self._run()
        self.partner = self.env["res.partner"].create({"name": "Azure Interior", "email": "azure@example.com", "vat": "83914571673"})
        self.tax = self.company_data["default_tax_sale"]
        self.purchase_tax = self.company_data["default_tax_purchase"]

    # === ODOO'S SIDE === #

    def _run(self):
        """Let the connection's cron run, as Odoo does after the transaction."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.connection.cron_id.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _invoice(self, *prices, partner=None, post=True, date="2026-10-01", quantity=1, taxes=None, account="revenue", **values):
        """A customer invoice with one line per price."""
        taxes = self.tax if taxes is None else taxes
        lines = [
            Command.create(
                {
                    "name": f"line {number}",
                    "quantity": quantity,
                    "price_unit": price,
                    "account_id": self.company_data[f"default_account_{account}"].id,
                    "tax_ids": [Command.set(taxes.ids)],
                }
            )
            for number, price in enumerate(prices or (100,))
        ]
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.partner).id,
                "invoice_date": date,
                "invoice_date_due": date,
                "invoice_line_ids": lines,
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _bill(self, *prices, move_type="in_invoice", ref="V-1001", **values):
        """A vendor bill, purchase receipt or vendor credit note with one line per price."""
        return self._invoice(*prices, move_type=move_type, ref=ref, taxes=self.purchase_tax, account="expense", **values)

    def _credit_note(self, *prices, **values):
        """A credit note given to a customer."""
        return self._invoice(*prices, move_type="out_refund", **values)

    def _map_purchases(self):
        """What bills need of the mapping."""
        accounts = {account.code: account for account in self.env["xero.account"].search([("connection_id", "=", self.connection.id)])}
        rates = {rate.tax_type: rate for rate in self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id)])}
        own = {"connection_id": self.connection.id, "confirmed": True}
        expense = self.company_data["default_account_expense"]
        known = self.connection.account_mapping_ids.filtered(lambda line: line.account_id == expense)
        values = {**own, "use": "post", "account_id": expense.id, "xero_account_id": accounts["429"].id}
        known.write(values) if known else self.env["xero.account.mapping"].create(values)
        known = self.connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == self.purchase_tax and not line.account_class)
        values = {**own, "tax_ids": [Command.set(self.purchase_tax.ids)], "xero_tax_rate_id": rates["INPUT"].id}
        known.write(values) if known else self.env["xero.tax.mapping"].create(values)

    def _pay(self, invoice, amount=None, date=None):
        """Register a payment the way the dialog does; returns it."""
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        values = {"payment_date": date or invoice.invoice_date, **({"amount": amount} if amount else {})}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def _partials(self, invoice):
        return settling_partials(invoice)

    def _job(self, record, state=None):
        """The last job of a record; of a match with money it is that of the money."""
        if record._name == "account.partial.reconcile" and (match := payment_parts(record)):
            record = match.payment or match.line.move_id.statement_line_id
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["xero.job"].search([*domain, *([("state", "=", state)] if state else [])], order="id desc", limit=1)

    def _binding(self, record):
        return self.env["xero.binding"].sudo().search([("res_model", "=", record._name), ("res_id", "=", record.id)])

    def _later(self, seconds=3600):
        """Let time pass for jobs that wait to be tried again."""
        moment = fields.Datetime.subtract(fields.Datetime.now(), seconds=1)
        jobs = self.env["xero.job"].sudo().search([("state", "in", ("pending", "uncertain"))])
        jobs.write({"next_try": moment, "sent_at": fields.Datetime.subtract(moment, seconds=seconds)})
        if self.connection.paused_until:
            self.connection.sudo().write({"paused_until": moment, "day_resets_at": self.connection.day_resets_at and moment})
        for call in self.env["xero.call"].sudo().search([]):
            call.started = fields.Datetime.subtract(call.started, seconds=seconds)
        self.xero.clock.advance(seconds)

    # === XERO'S SIDE === #

    def _xero(self):
        """A client of our own, to ask Xero what it holds."""
        return clients.xero(self.connection)

    def _xero_invoice(self, move):
        found = [remote for remote in self._xero().invoices(numbers=[move.name]) if remote.kind == "ACCREC"]
        return found[0] if len(found) == 1 else found or None

    def _xero_documents(self, move):
        """All that Xero has under the number of a bill or credit note, dead or alive."""
        number = move.ref if move.is_purchase_document(include_receipts=True) else move.name
        client = self._xero()
        return client.credit_notes(numbers=[number]) if "refund" in move.move_type else client.invoices(numbers=[number])

    def _remote(self, move):
        """The document's counterpart in Xero by its id."""
        client, xero_id = self._xero(), self._binding(move).xero_id
        return (client.credit_notes(ids=[xero_id]) if "refund" in move.move_type else client.invoices(ids=[xero_id]))[0]

    def _xero_payments(self, move, status="AUTHORISED"):
        remote = self._xero_invoice(move)
        return [payment for payment in self._xero().payments([remote.xero_id]) if payment.status == status]

    def _assert_in_step(self, move):
        """The invoice stands in Xero once, with Odoo's amounts."""
        remote = self._xero_invoice(move)
        self.assertTrue(remote, f"{move.name} is not in Xero: {move.xero_state} {move.xero_message}")
        self.assertNotIsInstance(remote, list, "it is in Xero more than once")
        self.assertEqual((float(remote.total), float(remote.total_tax)), (move.amount_total, move.amount_tax))
        self.assertEqual((move.xero_state, move.xero_id), ("synced", remote.xero_id))
        return remote
