from decimal import Decimal

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

    def test_they_follow_a_document_that_a_rule_keeps(self):
        """Left out, they stay out with it; approved, they come with it, and nobody is asked about them apart."""
        own = {"name": "Kept", "use": "send", "connection_id": self.connection.id, "domain": "[('move_type', '=', 'out_invoice')]"}
        rule = self.env["xero.rule"].create({**own, "how": "leave"})
        invoice = self._sale(10)
        self._run()
        self.assertEqual((invoice.xero_state, self._sums()), ("ignored", {}))
        rule.how = "ask"
        self._run()
        approval = self.env["xero.approval"].search([("state", "=", "asked")])
        self.assertEqual((invoice.xero_state, approval.kind, self._sums()), ("approval", "invoice", {}))
        self.connection.approves_own = True
        self.env.user.group_ids += self.env.ref("xero_connector.group_xero_approver")
        approval.action_approve()
        self._run()
        self._assert_costs(invoice, 10)
        self.assertFalse(self.env["xero.approval"].search([("state", "=", "asked")]))

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
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._calls(), before)
        self.assertIn("the same in Xero", invoice.action_xero_sync()["params"]["message"])
        self._run()
        self.assertEqual(self._calls() - before, 1, "E4: the click reads the document, and nothing is sent")
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
