from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..common.entries import XeroEntriesCommon
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestEachEntry(XeroEntriesCommon):
    """One Xero manual journal per entry."""

    def test_it_arrives(self):
        entry = self._entry()
        self.assertEqual(entry.xero_state, "pending")
        self._run()
        journal = self._assert_sent(entry)
        self.assertEqual((journal["Status"], journal["LineAmountTypes"], journal["Date"]), ("POSTED", "NoTax", entry.date))
        self.assertIn(entry.name, journal["Narration"])
        self.assertIn("Salaries", journal["Narration"])
        self.assertIn(f"account.move/{entry.id}", journal["Url"])
        self.assertEqual(self._sums(), {"477": Decimal(100), "825": Decimal(-100)})

    def test_not_sent_without_a_policy(self):
        self._set_policy("none")
        entry = self._entry()
        other = self._entry(journal=self.journal.copy({"code": "OTH", "name": "Other"}))
        self.assertFalse(entry.xero_state or other.xero_state)
        self.assertRegex(entry.action_xero_sync()["params"]["message"], "Journal .+ is not sent")
        self.connection.action_sync_now()
        self._run()
        self.assertFalse(self._journals(None))

    def test_posting_calls_nothing(self):
        before = self._calls()
        self._entry()
        self.assertEqual(self._calls(), before)

    def test_fifty_entries_two_calls(self):
        entries = self.env["account.move"].union(*[self._entry() for _number in range(50)])
        self._run()
        self.assertEqual((self._calls("PUT /ManualJournals"), self._calls("GET /ManualJournals")), (1, 1))
        self.assertEqual(set(entries.mapped("xero_state")), {"synced"})

    def test_queries_do_not_grow_with_the_batch(self):
        counts = []
        for number in (2, 2, 30):  # the first fills caches
            entries = self.env["account.move"].union(*[self._taxed(100 + each) for each in range(number)])
            jobs = self.env["xero.job"].sudo().search([("res_id", "in", entries.ids), ("kind", "=", "journal")])
            self.env.flush_all()
            self.env.invalidate_all()
            handler = self.env["xero.handler.journal"].sudo()
            before = self.env.cr.sql_log_count
            reading = handler._read(self.connection.sudo(), jobs)
            items = [handler._decide(job, reading) for job in jobs]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(items), number)
        self.assertEqual(counts[1], counts[2])

    def test_unchanged_costs_no_call(self):
        entry = self._entry()
        self._run()
        before = self._calls()
        entry.action_xero_sync()
        self._run()
        self.assertEqual(self._calls(), before)

    def test_sync_now_finds_entries_from_before(self):
        self._set_policy("none")
        entry, early = self._entry(), self._entry(date="2016-12-31")
        self._set_policy("each")
        self.connection.action_sync_now()
        self._run()
        self._assert_sent(entry)
        self.assertFalse(early.xero_state)

    def test_entry_before_the_start_is_not_sent(self):
        entry = self._entry(date="2016-12-31")
        self._run()
        self.assertFalse(entry.xero_state)

    # === WHAT REACHES XERO OTHERWISE === #

    def test_entries_of_payments_are_never_sent(self):
        for journal in self.env["account.journal"].search([("company_id", "=", self.env.company.id)]):
            self._set_policy("each", journal)
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        statement_line = self.env["account.bank.statement.line"].create(
            {"journal_id": self.company_data["default_journal_bank"].id, "date": "2026-10-01", "payment_ref": "x", "amount": 5}
        )
        self.assertTrue(payment.move_id and statement_line.move_id)
        self.connection.action_sync_now()
        self._run()
        self.assertFalse(self._journals(None))
        self.assertIn("reaches Xero as a payment", payment.move_id.action_xero_sync()["params"]["message"])

    def test_exchange_differences_and_cash_basis_are_never_sent(self):
        company = self.env.company
        exchange = company.currency_exchange_journal_id
        for journal in exchange | company.tax_cash_basis_journal_id:
            self._set_policy("each", journal)
            self.assertTrue(self.connection.entry_policy_ids.filtered(lambda row, journal=journal: row.journal_id == journal).note)
        entry = self._entry(journal=exchange)
        self._run()
        self.assertFalse(entry.xero_state or self._journals(None))

    # === ACCOUNTS === #

    def test_receivable_is_held_without_clearing_account(self):
        entry = self._entry(("wages", 100), ("debtors", -100, {"partner_id": self.partner.id}))
        self._run()
        self._assert_held(entry, "account_forbidden")
        self._clearing()
        self._run()
        journal = self._assert_sent(entry)
        self.assertEqual(self._sums(), {"477": Decimal(100), "850": Decimal(-100)})
        self.assertIn(self.accounts["debtors"].name, journal["Lines"][1]["Description"])

    def test_bank_tax_and_inventory_are_rerouted(self):
        self._clearing()
        self.accounts["gst"] = self.tax.invoice_repartition_line_ids.account_id[:1]
        self.accounts["stock"] = self._account("stock", "asset_current")
        self._map(self.accounts["stock"], "630")
        entry = self._entry(("bank", 60), ("gst", 30), ("stock", 10), ("loan", -100))
        self._run()
        journal = self._assert_sent(entry)
        self.assertEqual(self._sums(), {"850": Decimal(100), "900": Decimal(-100)})
        self.assertEqual(len(journal["Lines"]), 4)

    def test_unmapped_account_is_held(self):
        self.accounts["new"] = self._account("new", "expense")
        entry = self._entry(("new", 10), ("owed", -10))
        self._run()
        self._assert_held(entry, "account_unmapped")
        self._map(self.accounts["new"], "429")
        self.connection.action_confirm_mapping()
        self._run()
        self._assert_sent(entry)

    def test_accounts_of_entries_are_offered_in_the_mapping(self):
        self._set_policy("none")
        self.accounts["new"] = self._account("new", "expense")
        self._entry(("new", 10), ("debtors", -10, {"partner_id": self.partner.id}))
        self._set_policy("each")
        lines = self.connection.account_mapping_ids
        self.assertIn(self.accounts["new"], lines.account_id)
        self.assertNotIn(self.accounts["debtors"], lines.account_id)

    def test_archived_account_is_held(self):
        self.env["xero.account"].sudo().search([("connection_id", "=", self.connection.id), ("code", "=", "477")]).active = False
        entry = self._entry()
        self._run()
        self._assert_held(entry, "account_archived")

    # === MONEY === #

    def test_other_currency_is_sent_in_base_amounts(self):
        currency = self.setup_other_currency("EUR", rates=[("2017-01-01", 0.5)])
        foreign = {"currency_id": currency.id}
        entry = self._entry(("wages", 100, {**foreign, "amount_currency": 50}), ("owed", -100, {**foreign, "amount_currency": -50}))
        self._run()
        self._assert_sent(entry)
        self.assertEqual(self._sums(), {"477": Decimal(100), "825": Decimal(-100)})

    @every_value("journal_tax_amount")
    def test_tax_is_xeros_own(self):
        entry = self._taxed(100)
        self.assertEqual(len(entry.line_ids), 3)
        self._run()
        journal = self._assert_sent(entry)
        self.assertEqual((journal["LineAmountTypes"], len(journal["Lines"])), ("Exclusive", 2))
        self.assertEqual(self._sums(), {"200": Decimal(-100), "900": Decimal(110), "tax": Decimal(-10)})

    def test_tax_that_differs_by_a_cent_gets_a_rounding_line(self):
        entry = self._entry(("sales", -100, {"tax_ids": [Command.set(self.tax.ids)]}), ("loan", 110.02), post=False)
        tax_line = entry.line_ids.filtered("tax_line_id")
        loan = entry.line_ids.filtered(lambda line: line.account_id == self.accounts["loan"])
        entry.line_ids = [Command.update(tax_line.id, {"balance": -10.02}), Command.update(loan.id, {"balance": 110.02})]
        entry.action_post()
        self.connection.rounding_policy = "hold"
        self._run()
        self._assert_held(entry, "totals_differ")
        self.assertIn("10.02", entry.xero_message)
        self.connection.rounding_policy = "rounding_line"
        entry.action_xero_retry()
        self._run()
        self._assert_sent(entry)
        self.assertEqual(self._sums(), {"200": Decimal(-100), "900": Decimal("110.02"), "860": Decimal("-0.02"), "tax": Decimal(-10)})

    def test_tax_of_no_line_is_rerouted(self):
        self._clearing()
        tax_line = {"tax_repartition_line_id": self.tax.invoice_repartition_line_ids.filtered(lambda r: r.repartition_type == "tax")[:1].id}
        self.accounts["gst"] = self.tax.invoice_repartition_line_ids.account_id[:1]
        entry = self._entry(("gst", 10, tax_line), ("loan", -10))
        self._run()
        self._assert_sent(entry)
        self.assertEqual(self._sums(), {"850": Decimal(10), "900": Decimal(-10)})

    def test_levy_and_withholding_are_lines(self):
        """No rate of Xero stands for an amount per piece or a percentage taken off."""
        for name, amount, kind in (("levy", 3, "fixed"), ("withheld", -5, "percent")):
            self.accounts[name] = self._account(name, "liability_current")
            self._map(self.accounts[name], "826")
            repartition = [Command.create({"repartition_type": "base"})]
            repartition.append(Command.create({"repartition_type": "tax", "account_id": self.accounts[name].id}))
            tax = self.env["account.tax"].create(
                {
                    "name": name,
                    "amount_type": kind,
                    "amount": amount,
                    "type_tax_use": "sale",
                    "invoice_repartition_line_ids": repartition,
                    "refund_repartition_line_ids": [Command.create({**command[2]}) for command in repartition],
                }
            )
            entry = self._entry(("sales", -100, {"tax_ids": [Command.set((self.tax | tax).ids)]}), ("loan", 110 + amount))
            self._run()
            self._assert_sent(entry)
        self.assertEqual(self._sums()["200"], Decimal(-200))
        self.assertEqual(self._sums()["tax"], Decimal(-20))
        self.assertEqual(self._sums()["826"], Decimal(2), "3 owed for the levy, 5 less for what was withheld")

    def test_another_base_currency_is_held(self):
        self.connection.sudo().base_currency = "NZD"
        entry = self._entry()
        self._run()
        self._assert_held(entry, "currency_missing")

    def test_distribution_is_split_to_the_cent(self):
        north, south, _east = self._track()
        shared = {"analytic_distribution": {str(north.id): 60, str(south.id): 40}}
        entry = self._entry(("wages", 100.01, shared), ("owed", -100.01))
        self._run()
        self._assert_sent(entry)
        self.assertEqual(self._option_sums("477"), {"North": Decimal("60.01"), "South": Decimal("40.00")})
        self.assertEqual(self._option_sums("825"), {"": Decimal("-100.01")})

    def test_changed_distribution_is_updated(self):
        north, south, _east = self._track()
        entry = self._entry(("wages", 100, {"analytic_distribution": {str(north.id): 100}}), ("owed", -100))
        self._run()
        entry.line_ids[0].analytic_distribution = {str(south.id): 100}
        self._run()
        self.assertEqual(self._option_sums("477"), {"South": Decimal(100)})
        entry.line_ids[0].analytic_distribution = False
        self._run()
        self.assertEqual(self._option_sums("477"), {"": Decimal(100)})

    def test_missing_option_holds_or_is_created(self):
        east = self._track()[2]
        entry = self._entry(("wages", 100, {"analytic_distribution": {str(east.id): 100}}), ("owed", -100))
        self._run()
        self._later()
        self._run()
        self._assert_held(entry, "option_missing")
        self.connection.create_options = True
        for _run in range(3):
            self._later()
            self._run()
        self._assert_sent(entry)
        self.assertEqual(self._option_sums("477"), {"Far East": Decimal(100)})
