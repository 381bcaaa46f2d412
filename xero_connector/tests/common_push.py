from odoo import Command, fields

from .common import XeroCommon


class XeroPushCommon(XeroCommon):
    """A connected company with a confirmed mapping, ready to send."""

    def setUp(self):
        super().setUp()
        self.connection = self._connect()
        self.assertTrue(self.connection.reference_read_at, self.connection.state_message)
        self.connection.action_confirm_mapping()
        self._run()
        self.partner = self.env["res.partner"].create({"name": "Azure Interior", "email": "azure@example.com", "vat": "83914571673"})
        self.tax = self.company_data["default_tax_sale"]

    # === ODOO'S SIDE === #

    def _run(self):
        """Let the connection's cron run, as Odoo does after the transaction."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.connection.cron_id.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _invoice(self, *prices, partner=None, post=True, date="2026-10-01", quantity=1, taxes=None, **values):
        """A customer invoice with one line per price."""
        taxes = self.tax if taxes is None else taxes
        lines = [
            Command.create(
                {
                    "name": f"line {number}",
                    "quantity": quantity,
                    "price_unit": price,
                    "account_id": self.company_data["default_account_revenue"].id,
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

    def _pay(self, invoice, amount=None, date=None):
        """Register a payment the way the dialog does; returns it."""
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        values = {"payment_date": date or invoice.invoice_date, **({"amount": amount} if amount else {})}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def _partials(self, invoice):
        return invoice._xero_payment_partials()

    def _job(self, record, state=None):
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
        return self.connection._client()

    def _xero_invoice(self, move):
        found = [remote for remote in self._xero().invoices(numbers=[move.name]) if remote.kind == "ACCREC"]
        return found[0] if len(found) == 1 else found or None

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
