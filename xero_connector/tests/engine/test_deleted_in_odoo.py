from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.engine import BadInputCase

LOG = "odoo.addons.xero_connector"


@tagged("post_install", "-at_install")
class TestDeletedInOdoo(BadInputCase):
    """A job whose record is gone ends by itself; what is in Xero is taken back."""

    def _assert_ended(self, model, res_id, states=("cancelled", "done")):
        jobs = self.env["xero.job"].search([("res_model", "=", model), ("res_id", "=", res_id)])
        self.assertTrue(jobs)
        self.assertLessEqual(set(jobs.mapped("state")), set(states), jobs.mapped("message"))
        self.assertFalse(self._open_problems(), self._open_problems().mapped("name"))

    def _lonely(self, **values):
        """A customer without documents, asked for by hand."""
        partner = self.env["res.partner"].create({"name": "Lonely", **values})
        self.env["xero.job"]._enqueue(self.connection, "contact", "res.partner", partner.ids)
        return partner

    def test_customer_waiting(self):
        partner = self._lonely()
        res_id = partner.id
        partner.unlink()
        self._run()
        self._assert_ended("res.partner", res_id)
        self.assertFalse(self._calls("PUT /Contacts"))

    def test_customer_held(self):
        self._xero().create_contacts([{"Name": "Lonely"}], "by-hand")
        partner = self._lonely()
        self._run()
        self.assertEqual(partner.xero_state, "blocked")
        res_id = partner.id
        partner.unlink()
        self._run()
        self._assert_ended("res.partner", res_id)

    def test_customer_without_answer(self):
        for fault in ("timeout_before", "timeout_after"):
            with self.subTest(fault):
                partner = self._lonely(name=f"Lonely {fault}")
                self._order_fault(fault, method="PUT", path="Contacts", times=1)
                self._run()
                self.assertEqual(self._job(partner).state, "uncertain")
                res_id = partner.id
                partner.unlink()
                self._runs(3)
                self._assert_ended("res.partner", res_id)

    def _delete(self, invoice):
        invoice.button_draft()
        invoice.unlink()

    def test_invoice_waiting(self):
        invoice = self._invoice(100)
        res_id = invoice.id
        self._delete(invoice)
        self._run()
        self._assert_ended("account.move", res_id)
        self.assertFalse(self._calls("PUT /Invoices"))

    def test_invoice_held(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(invoice.xero_state, "blocked")
        res_id = invoice.id
        self._delete(invoice)
        self._run()
        self._assert_ended("account.move", res_id)

    def test_invoice_held_after_a_refusal(self):
        code = self.connection._mapping_table().account(self.company_data["default_account_revenue"].id).code
        self.xero.organisation("AU").accounts.find("code", code)[0]["Status"] = "ARCHIVED"
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(invoice.xero_state, "blocked")
        res_id = invoice.id
        self._delete(invoice)
        self._run()
        self._assert_ended("account.move", res_id)

    def test_invoice_without_answer(self):
        for fault in ("timeout_before", "timeout_after"):
            with self.subTest(fault):
                invoice = self._invoice(100)
                self._order_fault(fault, method="PUT", path="Invoices", times=1)
                self._run()
                self.assertEqual(self._job(invoice).state, "uncertain")
                res_id, name = invoice.id, invoice.name
                self._delete(invoice)
                self._runs(4)
                self._assert_ended("account.move", res_id)
                self.assertFalse(self._xero().invoices(numbers=[name]))
                self.assertLessEqual({remote.status for remote in self._xero().invoices(numbers=[f"{name} void 1"])}, {"VOIDED"})

    def test_reconciliation_waiting(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        payment.move_id.line_ids.remove_move_reconcile()
        self._run()
        self._assert_ended("account.payment", payment.id)
        self.assertFalse(self._xero_payments(invoice))

    def test_reconciliation_held(self):
        self.connection.unmatched_payments = "wait"
        invoice = self._invoice(100)
        self._run()
        self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id)]).unlink()
        payment = self._pay(invoice, 30)
        self._run()
        self.assertEqual(payment.xero_state, "blocked")
        payment.move_id.line_ids.remove_move_reconcile()
        self._run()
        self._assert_ended("account.payment", payment.id)

    def test_reconciliation_without_answer(self):
        for fault in ("timeout_before", "timeout_after"):
            with self.subTest(fault):
                invoice = self._invoice(100)
                self._run()
                payment = self._pay(invoice, 30)
                self._order_fault(fault, method="PUT", path="Payments", times=1)
                self._run()
                payment.move_id.line_ids.remove_move_reconcile()
                self._runs(4)
                self._assert_ended("account.payment", payment.id)
                self.assertFalse(self._xero_payments(invoice))

    def test_everything_while_it_is_sent(self):
        """The answer comes for records that are gone by then."""
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        with self._while_sending("PUT", "Payments", payment.move_id.line_ids.remove_move_reconcile):
            self._run()
        self._runs(2)
        self._assert_ended("account.payment", payment.id)
        self.assertFalse(self._xero_payments(invoice))


@tagged("post_install", "-at_install")
class TestConnectionDeleted(BadInputCase):
    def test_with_documents_waiting(self):
        invoices = self._invoice(1) + self._invoice(2)
        cron = self.connection.cron_id
        connection = self.connection
        connection.action_disconnect()
        connection.sudo().unlink()
        self.assertFalse(cron.exists())
        self.assertFalse(self.env["xero.job"].search([("res_id", "in", invoices.ids), ("res_model", "=", "account.move")]))
        self.assertEqual(invoices.mapped("xero_state"), [False, False])
        with self.assertNoLogs(LOG, "WARNING"):
            self.env["xero.connection"]._cron_run(connection.id)

    def test_and_connected_anew_nothing_is_made_twice(self):
        """The bindings are gone with it. What Xero has is found there: customer, invoice, and the part that was paid."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        self.connection.action_disconnect()
        self.connection.sudo().unlink()
        self.connection = self._connect()
        self.connection.action_confirm_mapping()
        self.connection.action_sync_now()
        self._runs(3)
        self._assert_in_step(invoice)
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [30.0])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_nobody_may(self):
        """It is archived instead; only a superuser's script can delete one, and not while it runs: Odoo refuses to delete its cron then."""
        with self.assertRaises(AccessError):
            self.connection.unlink()

    def test_bindings_lost(self):
        """A backup from before the answers: the documents are sent again, and found."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        partial = self._partials(invoice)
        self._binding(partial).unlink()
        self._binding(invoice).unlink()
        self._binding(self.partner).unlink()
        self.connection.action_sync_now()
        self._runs(3)
        self._assert_in_step(invoice)
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [30.0])
