from odoo import Command
from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestPush(XeroPushCommon):
    """Posting, paying and changing in Odoo arrives in Xero, once and to the cent."""

    def test_posted_invoice_arrives(self):
        invoice = self._invoice(100, 33.33)
        self.assertEqual(invoice.xero_state, "pending")
        self._run()
        remote = self._assert_in_step(invoice)
        self.assertEqual(remote.status, "AUTHORISED")
        self.assertEqual(remote.date, invoice.invoice_date)
        self.assertIn("go.xero.com", invoice.xero_url)
        self.assertEqual(self.partner.xero_state, "synced")

    def test_posting_calls_nothing(self):
        before = self._calls()
        self._invoice(100)
        self.assertEqual(self._calls(), before)

    def test_rolled_back_post_leaves_no_job(self):
        invoice = self._invoice(100, post=False)
        savepoint = self.env.cr.savepoint()
        invoice.action_post()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.assertFalse(self._job(invoice))

    def test_fifty_invoices_one_call(self):
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(50)])
        before = self._calls("Invoices")
        self._run()
        self.assertEqual(self._calls("Invoices") - before, 1)
        self.assertEqual(set(invoices.mapped("xero_state")), {"synced"})

    def test_payment_makes_it_paid(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice)
        self.assertEqual(payment.xero_state, "pending")
        self._run()
        self.assertEqual(payment.xero_state, "synced")
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self.assertEqual(float(self._xero_payments(invoice)[0].amount), invoice.amount_total)

    def test_invoice_and_payment_in_one_run(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")

    def test_removed_payment_is_removed(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        self._run()
        self.assertEqual(self._xero_invoice(invoice).status, "AUTHORISED")
        self.assertFalse(self._xero_payments(invoice))
        self.assertFalse(payment.xero_state)

    @every_value("payment_moves_invoice_stamp", "deleted_payment_moves_stamp", "deleted_payment_listed", "nested_payments")
    def test_unreconciled_payment_is_removed_and_comes_back(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        partial = self._partials(invoice)
        lines = partial.debit_move_id + partial.credit_move_id
        partial.unlink()
        self._run()
        self.assertFalse(self._xero_payments(invoice))
        lines.reconcile()
        self._run()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")

    def test_payment_added_and_removed_before_the_run_costs_nothing(self):
        invoice = self._invoice(100)
        self._run()
        before = self._calls("Payments")
        self._pay(invoice).action_draft()
        self._run()
        self.assertEqual(self._calls("Payments"), before)

    def test_partial_payments(self):
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._pay(invoice, 30)
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 2)
        self.assertEqual(float(self._xero_invoice(invoice).amount_due), invoice.amount_total - 60)

    def test_changed_customer_is_updated(self):
        self._invoice(100)
        self._run()
        self.partner.email = "new@example.com"
        self._run()
        [contact] = self._xero().contacts(ids=[self.partner.xero_id])
        self.assertEqual(contact.email, "new@example.com")

    def test_unchanged_document_costs_no_call(self):
        invoice = self._invoice(100)
        self._run()
        before = self._calls()
        self.env["xero.job"]._enqueue(self.connection, "invoice", "account.move", invoice.ids)
        self._run()
        self.assertEqual(self._calls(), before)
        self.assertEqual(invoice.xero_state, "synced")

    def test_double_click_does_nothing_twice(self):
        self.connection.sync_invoice = "manual"
        invoice = self._invoice(100)
        self.assertFalse(invoice.xero_state)
        invoice.action_xero_sync()
        invoice.action_xero_sync()
        self.assertEqual(self.env["xero.job"].search_count([("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]), 1)
        self._run()
        self._assert_in_step(invoice)

    def test_changed_invoice_is_updated_with_its_lines(self):
        invoice = self._invoice(100, 50)
        self._run()
        before = self._xero_invoice(invoice)
        invoice.button_draft()
        invoice.invoice_line_ids[0].price_unit = 120
        invoice.action_post()
        self._run()
        after = self._assert_in_step(invoice)
        self.assertEqual((after.xero_id, after.line_item_ids), (before.xero_id, before.line_item_ids))

    def test_cancelled_invoice_is_voided(self):
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        self.assertEqual((self._remote(invoice).status, self._remote(invoice).number), ("VOIDED", f"{invoice.name} void 1"))
        self.assertEqual(invoice.xero_state, "voided")
        self.assertTrue(invoice.xero_url, "E11: the link stays")

    def test_before_the_start_date_nothing_is_sent(self):
        self.connection.sync_from = "2026-10-05"
        invoice = self._invoice(100, date="2026-10-04")
        self._run()
        self.assertFalse(invoice.xero_state)
        self.assertIn("5 Oct", invoice.action_xero_sync()["params"]["message"])
        self.assertFalse(invoice.xero_state)

    def test_sync_now_finds_what_was_missed(self):
        self.connection.sync_invoice = "manual"
        invoice = self._invoice(100)
        self._pay(invoice)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")

    @every_value("rate_warning_factor", "payment_rate")
    def test_foreign_currency(self):
        self.xero.organisation("AU").add_currency("USD")
        self.connection._read_reference_data()
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": "2026-01-01", "rate": 13, "company_id": self.env.company.id})]
        invoice = self._invoice(100, currency_id=usd.id)
        self._pay(invoice)
        self._run()
        remote = self._xero_invoice(invoice)
        self.assertEqual((remote.currency, float(remote.total), remote.status), ("USD", invoice.amount_total, "PAID"))

    def test_state_is_searchable_and_groupable(self):
        sent, left = self._invoice(100), self._invoice(100, date="2016-01-01")
        self._run()
        Move = self.env["account.move"]
        both = [("id", "in", (sent + left).ids)]
        self.assertEqual(Move.search([*both, ("xero_state", "=", "synced")]), sent)
        self.assertEqual(Move.search([*both, ("xero_state", "=", False)]), left)
        self.assertEqual(Move.search([*both, ("xero_state", "!=", "synced")]), left)
        groups = dict(Move._read_group(both, ["xero_state"], ["__count"]))
        self.assertEqual(groups, {"synced": 1, False: 1})
        self.assertEqual(self.env["res.partner"].search([("id", "=", self.partner.id), ("xero_state", "in", ["synced"])]), self.partner)

    def test_a_list_costs_one_query(self):
        invoices = self.env["account.move"].union(*[self._invoice(10) for _n in range(20)])
        self._run()
        self.env.flush_all()
        invoices.invalidate_recordset(["xero_state"])
        with self.assertQueryCount(4):  # the connections, twice filtered by the user's rules, the states, the kinds of entry
            invoices.mapped("xero_state")
