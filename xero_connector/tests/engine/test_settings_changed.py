from odoo.tests import tagged

from ..common.engine import BadInputCase


@tagged("post_install", "-at_install")
class TestSettingsChangedMeanwhile(BadInputCase):
    def _first_call(self, action):
        """Do ``action`` while the customer is sent: the invoices come after it, in the same run."""
        return self._while_sending("PUT", "Contacts", action)

    def test_switched_off(self):
        invoice = self._invoice(100)
        with self._first_call(lambda: self.connection.write({"sync_invoice": "off"})):
            self._run()
        self.assertFalse(self._calls("PUT /Invoices"), "never means never, for those that wait as well")
        self.connection.sync_invoice = "auto"
        self.connection.action_sync_now()
        self._run()
        self._assert_in_step(invoice)

    def test_switched_to_manual(self):
        """What was asked for by then goes; what comes after waits for a click."""
        invoice = self._invoice(100)
        with self._first_call(lambda: self.connection.write({"sync_invoice": "manual"})):
            self._run()
        self._assert_in_step(invoice)
        later = self._invoice(200)
        self._run()
        self.assertFalse(later.xero_state)
        later.action_xero_sync()
        self._run()
        self._assert_in_step(later)

    def test_taken_back_in_odoo_while_manual(self):
        """What was unmatched or deleted meanwhile is taken back when somebody asks for everything to be in step."""
        invoice, other = self._invoice(100), self._invoice(200)
        payment = self._pay(invoice, 30)
        self._run()
        name = other.name
        self.connection.write({"sync_invoice": "manual", "sync_payment": "manual"})
        payment.move_id.line_ids.remove_move_reconcile()
        other.button_draft()
        other.unlink()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.connection.action_sync_now()
        self._run()
        self.assertFalse(self._xero_payments(invoice))
        self.assertEqual([remote.status for remote in self._xero().invoices(numbers=[f"{name} void 1"])], ["VOIDED"])

    def test_start_day_moved(self):
        early, late = self._invoice(100, date="2026-09-01"), self._invoice(200, date="2026-10-01")
        with self._first_call(lambda: self.connection.write({"sync_from": "2026-10-01"})):
            self._run()
        self._assert_in_step(late)
        self.assertIsNone(self._xero_invoice(early), "dated before the day from which on documents are sent")
        self.connection.sync_from = "2026-01-01"
        self.connection.action_sync_now()
        self._run()
        self._assert_in_step(early)

    def test_disconnected(self):
        invoice = self._invoice(100)
        with self._first_call(self.connection.action_disconnect_here):
            self._run()
        self.assertFalse(self._calls("PUT /Invoices"), "nothing goes after somebody has disconnected")
        self.assertEqual((self.connection.state, invoice.xero_state), ("draft", "pending"))
        self._authorise(self.connection)
        self._runs(3)
        self._assert_in_step(invoice)

    def test_disconnected_and_archived(self):
        invoice = self._invoice(100)

        def archive():
            self.connection.action_disconnect()
            self.connection.active = False

        with self._first_call(archive):
            self._run()
        self.assertFalse(self._calls("PUT /Invoices"))
        self.assertEqual((self.connection.state, self._job(invoice).state), ("draft", "pending"))

    def test_mapping_changed(self):
        """What is read after the change goes to the new account, what went before stays as it is."""
        line = self.env["xero.account.mapping"].search(
            [("connection_id", "=", self.connection.id), ("account_id", "=", self.company_data["default_account_revenue"].id)]
        )
        other = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        before = self._invoice(1)
        self._run()
        invoice = self._invoice(100, partner=self.env["res.partner"].create({"name": "Another"}))
        with self._first_call(lambda: line.write({"xero_account_id": other.id})):
            self._run()
        codes = {
            move: self.xero.organisation("AU").invoices.get(self._assert_in_step(move).xero_id)["Lines"][0]["AccountID"]
            for move in (before, invoice)
        }
        self.assertEqual(codes[invoice], other.xero_id)
        self.assertNotEqual(codes[before], other.xero_id)

    def test_mapping_removed(self):
        invoice = self._invoice(100)
        lines = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id)])
        with self._first_call(lambda: lines.write({"xero_tax_rate_id": False})):
            self._run()
        self._assert_stands(invoice, "no tax rate in Xero", state="blocked")
