"""Clocks that jump, and answers that do not fit the question."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common.engine import BadInputCase
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestClockThatJumps(BadInputCase):
    @contextmanager
    def _jump(self, hours):
        """Odoo's clock is wrong by so many hours; Xero's is right."""
        self.xero.clock.advance(-3600 * hours)
        with freeze_time(datetime.now() + timedelta(hours=hours), tick=True):  # noqa: DTZ005 - freezegun wants it naive
            yield
        self.xero.clock.advance(3600 * hours)

    def test_ahead_and_back_while_xero_asks_to_wait(self):
        """The wait was noted by a clock that was 10 hours ahead."""
        invoice = self._invoice(100)
        with self._jump(10):
            self._order_fault("minute_limit", path="Contacts", times=1)
            self._run()
            self.assertEqual(invoice.xero_state, "pending")
        self._run()
        self._assert_in_step(invoice)

    def test_ahead_and_back_while_a_document_waits_for_another_try(self):
        invoice = self._invoice(100)
        with self._jump(10):
            self._order_fault("error_500_before", method="PUT", path="Invoices", times=1)
            self._run()
            self._run()
            self.assertEqual(self._job(invoice).state, "uncertain")
        with self._jump(0.1):
            self._run()
            self._run()
        with self._jump(0.2):
            self._run()
            self._run()
        self._assert_in_step(invoice)

    def test_ahead_before_the_look_up(self):
        """The payment is in Xero, its answer was lost, and the clock says that hours have passed."""
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        with self._jump(10):
            self._run()
            self._run()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(self._job(self._partials(invoice)).state, "done")

    def test_back_before_the_look_up(self):
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        with self._jump(-10):
            self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(self._job(self._partials(invoice)).state, "done")

    def test_tokens(self):
        """One that looks too old is renewed, one that looks good and is not costs a refusal; nobody has to reconnect."""
        for hours in (10, -10, 0):
            with self.subTest(hours=hours):
                invoice = self._invoice(100)
                with self._jump(hours):
                    self.xero.clock.advance(2400)  # Xero's tokens end after 30 minutes
                    self._run()
                    self.assertEqual(self.connection.state, "connected", self.connection.state_message)
                    self._assert_in_step(invoice)

    def test_reference_data_read_in_the_future(self):
        with self._jump(24 * 365):
            self.connection._read_reference_data()
        self.assertTrue(self.connection._reference_is_stale(), "else it is not read again for a year")


@tagged("post_install", "-at_install")
class TestAnswersThatDoNotFit(BadInputCase):
    def test_an_element_is_missing(self):
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(5)])
        self._order_fault("missing_element_200", method="PUT", path="Invoices", times=1)
        self._run()
        self.assertEqual(sorted(invoices.mapped("xero_state")), ["pending", *["synced"] * 4])
        self._runs(2)
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_a_payment_is_missing(self):
        invoices = self.env["account.move"].union(*[self._invoice(100) for _n in range(3)])
        self._run()
        for invoice in invoices:
            self._pay(invoice, 30)
        self._order_fault("missing_element_200", method="PUT", path="Payments", times=1)
        self._runs(3)
        for invoice in invoices:
            self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [30.0])
        self.assertEqual({self._job(self._partials(invoice)).state for invoice in invoices}, {"done"})

    @every_value("element_order", "error_elements", "line_errors", "mixed_failure_order")
    def test_backwards_with_a_refusal_that_names_nothing(self):
        """All but one are told by their number, so the one that is left is told too: nobody waits for a look-up."""
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(5)])
        account = self.connection._mapping_table().account(self.company_data["default_account_revenue"].id)
        self._invoice_with_another_account(invoices[2], account)
        self._run()
        self.assertEqual(invoices[2].xero_state, "blocked", self._reason(invoices[2]))
        self.assertIn("archived", self._reason(invoices[2]))
        for invoice in invoices - invoices[2]:
            self._assert_in_step(invoice)

    @every_value("unknown_account_on_draft")
    def test_draft_with_an_account_that_is_gone(self):
        """Refused, or taken without the account and with a warning: it is never in step either way."""
        self.connection.sudo().invoice_approval = "draft"
        invoice = self._invoice(100)
        self._invoice_with_another_account(invoice, None)
        account = self.organisation.account_by_code("260")
        self.organisation.accounts.remove(account["AccountID"])
        self._run()
        self._assert_stands(invoice, "260", state="blocked")
        self._assert_healthy()

    def _invoice_with_another_account(self, invoice, account):
        """Its account was archived in Xero since the reference data were read."""
        other = self.company_data["default_account_revenue"].copy({"code": "499999", "name": "Other income"})
        invoice.button_draft()
        invoice.invoice_line_ids.account_id = other
        invoice.action_post()
        xero_accounts = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        self.connection._propose_mapping()
        line = self.env["xero.account.mapping"].search([("account_id", "=", other.id)])
        line.xero_account_id = xero_accounts
        self.connection.action_confirm_mapping()
        self._change(archive_accounts=["260"])

    def test_two_namesakes_backwards(self):
        self.xero.switches.set({"element_order": "reversed", "error_elements": "bare"})
        twin = self.env["res.partner"].create({"name": self.partner.name})
        invoices = self._invoice(1) + self._invoice(2, partner=twin)
        self._run()
        self.assertEqual(sorted((self.partner + twin).mapped("xero_state")), ["blocked", "synced"])
        self.assertEqual(sorted(invoices.mapped("xero_state")), ["blocked", "synced"])
