from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from ..common.costs import XeroCostsCommon


@tagged("post_install", "-at_install")
class TestCostsArrive(XeroCostsCommon):
    """What documents book about their goods (B4): one manual journal beside each."""

    def test_they_arrive(self):
        invoice = self._sale(10, 2.5)
        self._run()
        self._assert_in_step(invoice)
        journal = self._assert_costs(invoice, 10, 2.5)
        self.assertEqual((journal["LineAmountTypes"], len(journal["Lines"])), ("NoTax", 4))
        self.assertIn(invoice.name, journal["Narration"])
        self.assertIn(f"account.move/{invoice.id}", journal["Url"])
        self.assertEqual(self._sums(), {"620": Decimal("-12.50"), "310": Decimal("12.50")})
        self._assert_agree()

    def test_bought_and_sold(self):
        """The smallest input of B4: what is left of the goods stands on the stock's account, on both sides."""
        bill, invoice, note = self._purchase(100), self._sale(10), self._credit_note(100, post=False)
        self._add_costs(note, -4).action_post()
        difference = self._purchase(80, 3, ref="V-2")
        self._run()
        self._assert_arrived(bill, "ACCPAY", "V-1001")
        self.assertFalse(self._cost_binding(bill))
        self._assert_costs(invoice, 10)
        self._assert_costs(note, 4)
        self.assertIn("V-2", self._assert_costs(difference, 3)["Narration"])
        self.assertEqual((self._in_odoo("stock"), self._in_odoo("goods")), (171, 9))
        self._assert_agree()

    def test_foreign_document_has_costs_in_base_currency(self):
        currency = self.setup_other_currency("USD", rates=[("2017-01-01", 0.5)])
        self.organisation.currencies.put({"Code": "USD", "Description": "Dollar"})
        self.connection.action_refresh_reference_data()
        invoice = self._sale(10, currency_id=currency.id)
        self._run()
        self._assert_costs(invoice, 10)
        self._assert_agree()

    def test_late_bill_has_the_date_of_the_books(self):
        bill = self._bill(100, post=False)
        bill.date = "2026-11-05"
        self._post_with(bill, 3)
        self._run()
        self.assertEqual(str(self._assert_costs(bill, 3)["Date"]), "2026-11-05")

    def test_second_run_calls_nothing(self):
        invoice = self._sale()
        self._run()
        before = self._calls()
        self._run()
        invoice.action_xero_sync()
        self._run()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._calls(), before)
        self._assert_costs(invoice, 10)

    def test_documents_without_costs_cost_nothing(self):
        invoice = self._invoice(100)
        self._run()
        self.connection.action_sync_now()
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self._calls("ManualJournals"))
        self.assertFalse(self.env["xero.job"].search([("kind", "=", "cost")]))

    def test_fifty_documents_two_calls(self):
        invoices = self.env["account.move"].union(*[self._sale() for _number in range(50)])
        self._run()
        self.assertEqual((self._calls("PUT /ManualJournals"), self._calls("GET /ManualJournals")), (1, 1))
        self.assertEqual(set(invoices.mapped("xero_state")), {"synced"})
        self._assert_agree()

    def test_queries_do_not_grow_with_the_batch(self):
        counts, handler = [], self.env["xero.handler.cost"].sudo()
        for number in (2, 2, 30):  # the first fills caches
            invoices = self.env["account.move"].union(*[self._sale(10 + each) for each in range(number)])
            self._run()
            self.env["xero.binding"].sudo().search([("kind", "=", "cost")]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            handler._follow(self.connection.sudo(), invoices.ids)
            jobs = self.env["xero.job"].sudo().search([("res_id", "in", invoices.ids), ("kind", "=", "cost"), ("is_open", "=", True)])
            reading = handler._read(self.connection.sudo(), jobs)
            items = [handler._decide(job, reading) for job in jobs]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(items), number)
        self.assertEqual(counts[1], counts[2])

    def test_distribution_is_split(self):
        distribution = self._track_goods()
        invoice = self._sale(10.01, post=False)
        self._set_distribution(invoice, distribution)
        invoice.action_post()
        self._run()
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        self.assertEqual(self._option_sums("310"), {"North": Decimal("6.01"), "South": Decimal("4.00")})
        self.assertEqual(self._option_sums("620"), {"": Decimal("-10.01")})

    def test_draft_in_xero(self):
        """Odoo has posted it, so its costs are in the books of both, whenever somebody approves the invoice in Xero."""
        self.connection.invoice_approval = "draft"
        invoice = self._sale()
        self._run()
        self.assertEqual(self._xero_invoice(invoice).status, "DRAFT")
        self._assert_costs(invoice, 10)
        self._assert_agree()
        self._cancel(invoice)
        self._run()
        self.assertFalse(self._journals())

    # === AFTER THE DOCUMENT === #

    def test_not_before_the_document(self):
        self.accounts["odd"] = self._account("odd", "income")
        invoice = self._sale(post=False)
        invoice.invoice_line_ids.account_id = self.accounts["odd"]
        invoice.action_post()
        self._run()
        self._assert_held(invoice, "account_unmapped")
        self.assertFalse(self.env["xero.job"].search([("kind", "=", "cost"), ("is_open", "=", True)]))
        self._map(self.accounts["odd"], "200")
        self.connection.action_confirm_mapping()
        self._run()
        self._assert_costs(invoice, 10)

    def test_settled_by_an_entry(self):
        """What holds the document otherwise does not keep its costs."""
        invoice = self._sale()
        entry = self._entry(("wages", 110), ("debtors", -110, {"partner_id": self.partner.id}))
        lines = (invoice | entry).line_ids.filtered(lambda line: line.account_id == self.accounts["debtors"])
        lines.reconcile()
        self._run()
        self._assert_held_by_entry(invoice)
        self._costs_of(invoice)[1].account_id = self.accounts["wages"]
        self._run()
        self.assertEqual(self._sums(), {"620": Decimal(-10), "477": Decimal(10)})

    def _assert_held_by_entry(self, invoice):
        self.assertEqual(invoice.xero_problem_id.code, "settled_by_entry", invoice.xero_message)
        self.assertEqual(self._sums(), {"620": Decimal(-10), "310": Decimal(10)})

    def test_policy(self):
        self.connection.cost_policy = "none"
        invoice, early = self._sale(), self._sale(date="2016-12-31")
        self._run()
        self.connection.action_sync_now()
        self._run()
        self.assertFalse(self._calls("ManualJournals"))
        self.connection.cost_policy = "each"
        self._run()
        self.assertFalse(self._calls("ManualJournals"), "what is in Xero waits for Sync Now")
        self.connection.action_sync_now()
        self._run()
        self._assert_costs(invoice, 10)
        self.assertFalse(early.xero_state or self._cost_binding(early))

    def test_switched_off_afterwards(self):
        """What is there stays in step, and nothing waits any longer."""
        sent = self._sale()
        self._run()
        self.accounts["new"] = self._account("new", "expense")
        held = self._sale(20, goods="new")
        self._run()
        self._assert_only_costs_held(held, "account_unmapped")
        self.connection.cost_policy = "none"
        self._run()
        self.assertEqual(held.xero_state, "synced", held.xero_message)
        self.assertFalse(self.env["xero.problem"].search([("code", "=", "account_unmapped"), ("state", "=", "open")]))
        self._cancel(sent)
        self._run()
        self.assertFalse(self._journals())

    def _assert_only_costs_held(self, move, code):
        self.assertEqual((move.xero_state, move.xero_problem_id.code), ("blocked", code), move.xero_message)
        self.assertEqual(move.xero_id, self._xero_invoice(move).xero_id)
        self.assertFalse(self._cost_binding(move))

    def test_held_costs_are_shown_on_the_document(self):
        self.accounts["new"] = self._account("new", "expense")
        invoice = self._sale(goods="new")
        self._run()
        self._assert_only_costs_held(invoice, "account_unmapped")
        self.assertIn("Test new", invoice.xero_message)
        self.assertEqual(self.env["account.move"].search([("id", "=", invoice.id), ("xero_state", "=", "blocked")]), invoice)
        self._map(self.accounts["new"], "429")
        invoice.action_xero_retry()
        self._run()
        self._assert_costs(invoice, 10)

    def test_accounts_are_offered_in_the_mapping(self):
        self.accounts["new"] = self._account("new", "expense")
        self._sale(goods="new")
        for policy, needed in (("none", False), ("each", True)):
            self.connection.cost_policy = policy
            self.connection.action_propose_mapping()
            line = self.connection.account_mapping_ids.filtered(lambda line: line.account_id == self.accounts["new"])
            self.assertEqual(line.needed, needed, policy)

    def test_the_document_shows_itself(self):
        """Link, id and state are those of the invoice; the Documents screen has both."""
        invoice = self._sale()
        self._run()
        self.assertEqual(invoice.xero_id, self._xero_invoice(invoice).xero_id)
        self.assertIn("AccountsReceivable", invoice.xero_url)
        shown = self.env["xero.document"].search([("res_model", "=", "account.move"), ("res_id", "=", invoice.id)])
        self.assertEqual(set(shown.mapped("kind")), {"invoice", "cost"})
        [costs] = shown.filtered(lambda row: row.kind == "cost")
        self.assertIn("Journal%2FView.aspx", costs.xero_url)
        groups = self.env["account.move"]._read_group([("id", "=", invoice.id)], ["xero_state"], ["__count"])
        self.assertEqual(groups, [("synced", 1)])
        form = self.connection.get_view(view_type="form")["arch"]
        self.assertIn("cost_policy", form)


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
        self.assertFalse(invoice.xero_state)
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
        self._run()
        self.assertEqual(len(self._journals()), 1, "somebody is at work on it")
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
        self.assertFalse(cancelled.xero_state)
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
