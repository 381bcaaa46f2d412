from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from ..common.costs import XeroCostsCommon


@tagged("post_install", "-at_install")
class TestCostsChange(XeroCostsCommon):
    """Documents whose costs are in Xero and that change, and what goes wrong on the way."""

    def test_changed(self):
        invoice = self._sale()
        self._run()
        xero_id = self._cost_binding(invoice).xero_id
        self._reset(invoice)
        self._run()
        self._assert_one_posted(xero_id)
        self._post_with(invoice, 12)
        self._run()
        self._assert_costs(invoice, 12)
        self._assert_one_posted(xero_id)
        self._assert_agree()

    def _assert_one_posted(self, xero_id):
        self.assertEqual([(each["DocumentID"], each["Status"]) for each in self._journals(None)], [(xero_id, "POSTED")])

    def test_unchanged_after_a_reset(self):
        invoice = self._sale()
        self._run()
        before = self._calls()
        self._reset(invoice)
        self._post_with(invoice, 10)
        self._run()
        self.assertEqual(self._calls(), before)

    def test_other_account_of_a_posted_document(self):
        invoice = self._sale()
        self._run()
        self._costs_of(invoice)[1].account_id = self.accounts["wages"]
        self._run()
        self.assertEqual(self._sums(), {"620": Decimal(-10), "477": Decimal(10)})

    def test_sync_now_finds_changes_nobody_told_of(self):
        invoice = self._sale()
        self._run()
        self.env.flush_all()
        ids = tuple(self._costs_of(invoice).ids)
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance * 2, write_date = write_date + interval '1 day' WHERE id IN %s", [ids]
        )
        self.env.invalidate_all()
        self.connection.action_sync_now()
        self._run()
        self._assert_costs(invoice, 20)

    def test_no_costs_any_more(self):
        invoice = self._sale()
        self._run()
        self._reset(invoice)
        self._post_with(invoice)
        self._run()
        self.assertFalse(self._journals())
        self._assert_in_step(invoice)

    def test_renumbered(self):
        invoice = self._sale()
        self._run()
        invoice.name = "INV/2026/0777"
        self._run()
        self.assertIn("INV/2026/0777", self._assert_costs(invoice, 10)["Narration"])

    def test_cancelled_and_posted_again(self):
        invoice = self._sale()
        self._run()
        self._cancel(invoice)
        self._run()
        self.assertEqual([journal["Status"] for journal in self._journals(None)], ["VOIDED"])
        self.assertEqual(invoice.xero_state, "voided")
        invoice.button_draft()
        self._post_with(invoice, 10)
        self._run()
        self._assert_costs(invoice, 10)
        self.assertEqual(len(self._journals(None)), 2)
        self._assert_agree()

    def test_deleted(self):
        bill = self._purchase(100, 3)
        self._run()
        self._assert_costs(bill, 3)
        self._reset(bill)
        bill.with_context(force_delete=True).unlink()
        self._run()
        self.assertFalse(self._journals())
        self._assert_agree()

    def test_left_in_draft(self):
        invoice = self._sale()
        self._run()
        self._reset(invoice)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(len(self._journals()), 1, "somebody is at work on it, and they leave after the document")
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET write_date = write_date - interval '1 hour' WHERE id = %s", [invoice.id])
        self.env.invalidate_all()
        self._runs(1)
        self.assertFalse(self._journals())

    def test_voided_in_xero_by_hand(self):
        """Once somebody has said in Odoo too that the document does not count, neither do its costs."""
        invoice = self._sale()
        self._run()
        invoices = self.organisation.invoices
        invoices.put({**invoices.get(invoice.xero_id), "Status": "VOIDED"})
        self._cancel(invoice)
        self._run()
        self.assertFalse(self._journals())

    def test_costs_voided_in_xero_by_hand(self):
        invoice = self._sale()
        self._run()
        self.organisation.manual_journals.put({**self._cost_journal(invoice), "Status": "VOIDED"})
        self._costs_of(invoice)[1].account_id = self.accounts["wages"]
        self._run()
        self.assertEqual(invoice.xero_state, "failed", invoice.xero_message)
        self.assertIn("cost of goods", invoice.xero_message)
        self._cancel(invoice)
        invoice.button_draft()
        self._run()
        self._post_with(invoice, 10)
        self._runs(2)
        self._cancel(invoice)
        self._run()
        invoice.button_draft()
        self._post_with(invoice, 10)
        self._run()
        self._assert_costs(invoice, 10)
        self._assert_agree()

    # === CLOSED PERIODS === #

    def test_closed_period(self):
        """Costs of documents from before are held, what is there and unchanged is in step, and nothing leaves."""
        self.connection.cost_policy = "none"
        late = self._sale(20)
        self._run()
        self.connection.cost_policy = "each"
        sent, cancelled = self._sale(), self._sale(30)
        self._run()
        self._lock("2026-10-31")
        sent.action_xero_sync()
        self._cancel(cancelled)
        self.connection.action_sync_now()
        self._run()
        self._assert_costs(sent, 10)
        self.assertEqual((late.xero_state, late.xero_problem_id.code), ("blocked", "lock_date"), late.xero_message)
        self.assertEqual((cancelled.xero_state, cancelled.xero_problem_id.code), ("blocked", "lock_date"))
        self.assertEqual(self._sums(), {"620": Decimal(-40), "310": Decimal(40)})
        self.organisation.period_lock_date = None
        self.connection.action_refresh_reference_data()
        self.connection.action_sync_now()
        self._runs(2)
        self._assert_costs(late, 20)
        self._assert_agree()

    # === TROUBLE === #

    def test_lost_answers_make_nothing_twice(self):
        faults = ("timeout_after", "reset_after", "error_500_after", "nonsense_200", "missing_element_200", "timeout_before")
        for fault in faults:
            with self.subTest(fault):
                invoice, other = self._sale(10), self._sale(20)
                self._order_fault(fault, method="PUT", path="ManualJournals", times=1)
                self._run()
                self._runs(2)
                self._assert_costs(invoice, 10)
                self._assert_costs(other, 20)
        self.assertEqual(len(self._journals(None)), 2 * len(faults))
        self._assert_agree()

    def test_lost_answers_to_changes_and_voids(self):
        changed, cancelled = self._sale(10), self._sale(20)
        self._run()
        self._reset(changed)
        self._post_with(changed, 11)
        self._cancel(cancelled)
        self._order_fault("timeout_after", method="POST", path="ManualJournals", times=2)
        self._run()
        self._runs(2)
        self._assert_costs(changed, 11)
        self.assertEqual(cancelled.xero_state, "voided")
        self.assertEqual(sorted(journal["Status"] for journal in self._journals(None)), ["POSTED", "VOIDED"])

    def test_lost_bindings_are_found_again(self):
        invoice = self._sale()
        self._run()
        xero_ids = sorted(self._binding(invoice).mapped("xero_id"))
        self._binding(invoice).unlink()
        self.connection.action_sync_now()
        self._run()
        self._assert_costs(invoice, 10)
        self.assertEqual(sorted(self._binding(invoice).mapped("xero_id")), xero_ids)
        self.assertEqual(len(self._journals(None)), 1)

    def test_lost_binding_of_the_document_alone(self):
        invoice = self._sale()
        self._run()
        (self._binding(invoice) - self._cost_binding(invoice)).unlink()
        self.connection.action_sync_now()
        self._run()
        self._assert_in_step(invoice)
        self._assert_costs(invoice, 10)
        self.assertEqual(len(self._journals(None)), 1)

    def test_missing_permission(self):
        self.organisation.reports_permission = False
        invoice = self._sale()
        self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("blocked", "no_permission"), invoice.xero_message)
        self.assertEqual(self._xero_invoice(invoice).status, "AUTHORISED")
        self.organisation.reports_permission = True
        invoice.action_xero_retry()
        self._run()
        self._assert_costs(invoice, 10)

    def test_left_out_by_a_person(self):
        """Ignored costs stay out until somebody asks for the document."""
        self.accounts["new"] = self._account("new", "expense")
        invoice = self._sale(goods="new")
        self._run()
        self._job(invoice).action_ignore()
        self._map(self.accounts["new"], "429")
        invoice.ref = "changed"
        self._run()
        self.assertEqual(invoice.xero_state, "ignored")
        self.assertFalse(self._journals())
        invoice.action_xero_sync()
        self._run()
        self._assert_costs(invoice, 10)

    def test_posting_asks_for_nothing_more(self):
        """Costs are asked for when their document has arrived: posting takes no more statements than without."""

        def queries(policy):
            self.connection.cost_policy = policy
            invoice = self._sale(post=False)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            invoice.action_post()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries("none")
        self.assertEqual(queries("none"), queries("each"))

    def test_before_the_start(self):
        """The start was moved: the document is there, and its costs are not asked for."""
        self.connection.cost_policy = "none"
        invoice = self._sale()
        self._run()
        self.connection.write({"cost_policy": "each", "sync_from": fields.Date.to_date("2026-11-01")})
        self.connection.action_sync_now()
        invoice.ref = "changed"
        self._run()
        self.assertFalse(self._journals(None))
