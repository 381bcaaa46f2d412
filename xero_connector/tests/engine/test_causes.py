from odoo import Command
from odoo.tests import tagged

from ..banking.test_transfers import TransferCommon
from ..common.engine import BadInputCase
from ..common.entries import XeroEntriesCommon


class CausesCase(BadInputCase):
    def _invoices(self, count=3, **values):
        return self.env["account.move"].union(*[self._invoice(10 + number, **values) for number in range(count)])

    def _problem(self, code, records):
        """The one problem behind all of these."""
        problems = self._open_problems()
        self.assertEqual(problems.mapped("code"), [code], problems.mapped("name"))
        self.assertEqual(records.mapped("xero_problem_id"), problems)
        self.assertEqual(problems.job_count, len(records))
        return problems

    def _assert_all_in_step(self, invoices):
        for invoice in invoices:
            self._assert_in_step(invoice)
        self.assertFalse(self._open_problems())

    def _row(self, code):
        return self.organisation.account_by_code(code)

    def _reads(self):
        return {name: self._calls(f"GET /{name}") for name in ("Accounts", "TaxRates", "Organisation", "Contacts")}


@tagged("post_install", "-at_install")
class TestCodesChanged(CausesCase):
    """B11: what changed in Xero after the last reading is read again once, and is one problem at most."""

    def test_new_code_of_an_account(self):
        """20 invoices in one call: refused, read, sent on the same account; no problem, not even a solved one."""
        account = self._row("200")
        self._change(account_codes={"200": "2000"})
        before, problems = self._reads(), self.env["xero.problem"].search_count([])
        invoices = self._invoices(20)
        self._run()
        self._assert_all_in_step(invoices)
        self.assertEqual(self.env["xero.problem"].search_count([]), problems)
        self.assertEqual(self._reads()["Accounts"] - before["Accounts"], 1)
        self.assertEqual({line["AccountID"] for row in self.organisation.invoices for line in row["Lines"]}, {account["AccountID"]})

    def test_codes_of_two_accounts_exchanged(self):
        """Xero takes the document on the wrong account, without a word: the account that the answer names is compared."""
        meant = self._row("200")
        self._change(account_codes={"200": "260", "260": "200"})
        invoices = self._invoices(3)
        self._run()
        self._assert_all_in_step(invoices)
        rows = [self.organisation.invoices.get(invoice.xero_id) for invoice in invoices]
        self.assertEqual({line["AccountID"] for row in rows for line in row["Lines"]}, {meant["AccountID"]})

    def test_account_archived(self):
        self._change(archive_accounts=["200"])
        before = self._reads()
        invoices = self._invoices(20)
        self._run()
        problem = self._problem("account_archived", invoices)
        self.assertIn("200", problem.name)
        self.assertEqual(self._reads()["Accounts"] - before["Accounts"], 1)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._problem("account_archived", invoices), problem, "it is still there")
        self._change(restore_accounts=["200"])
        self.connection.action_sync_now()
        self.assertEqual(problem.state, "looking")
        self._run()
        self._assert_all_in_step(invoices)
        self.assertEqual(problem.state, "solved")

    def test_another_account_chosen(self):
        self._change(archive_accounts=["200"])
        invoices = self._invoices(3)
        self._run()
        other = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        revenue = self.company_data["default_account_revenue"]
        self.connection.account_mapping_ids.filtered(lambda line: line.account_id == revenue).xero_account_id = other
        self._run()
        self._assert_all_in_step(invoices)

    def test_account_that_takes_no_entries(self):
        """Reading again explains nothing: what is left is one problem for all, not one for each."""
        row = self._row("200")
        self.organisation.accounts.put({**row, "SystemAccount": "DEBTORS"})
        invoices = self._invoices(4)
        self._run()
        problem = self._problem("account_refused", invoices)
        self.assertIn("Account code '200'", problem.xero_messages)
        self.organisation.accounts.put(row)
        self.connection.action_sync_now()
        self._run()
        self._assert_all_in_step(invoices)

    def test_items(self):
        self.connection.sync_item = "auto"
        own = {"company_id": self.env.company.id, "taxes_id": [Command.set(self.tax.ids)]}
        chair = self.env["product.product"].create({"name": "Chair", "default_code": "CH-1", **own})
        self._change(account_codes={"200": "2000"})
        invoice = self._invoice(10, post=False)
        invoice.invoice_line_ids.product_id = chair
        invoice.invoice_line_ids.tax_ids = self.tax
        invoice.action_post()
        self._runs(2)
        self._assert_in_step(invoice)
        [item] = self.organisation.items
        self.assertEqual(item["SalesDetails"]["AccountCode"], "2000")
        self.assertFalse(self._open_problems())


@tagged("post_install", "-at_install")
class TestTaxesChanged(CausesCase):
    def test_rate_deleted(self):
        [tax_type] = {line["TaxType"] for line in self._sent_lines()}
        self._change(delete_tax_rates=[tax_type])
        before = self._reads()
        invoices = self._invoices(5)
        self._run()
        problem = self._problem("tax_illegal", invoices)
        self.assertEqual(self._reads()["TaxRates"] - before["TaxRates"], 1)
        self._change(restore_tax_rates=[tax_type])
        self.connection.action_sync_now()
        self._run()
        self._assert_all_in_step(invoices)
        self.assertEqual(problem.state, "solved")

    def test_rate_with_another_percentage(self):
        """10 % is 12 % in Xero: one problem that names both, and it goes when it is 10 % again."""
        [tax_type] = {line["TaxType"] for line in self._sent_lines()}
        self._change(tax_percentages={tax_type: 12})
        before = self._reads()
        invoices = self._invoices(5)
        self._run()
        problem = self._problem("tax_rate_differs", invoices)
        self.assertIn("10 %", problem.name)
        self.assertIn("12 %", problem.name)
        self.assertEqual(self._reads()["TaxRates"] - before["TaxRates"], 1)
        self._change(tax_percentages={tax_type: 10})
        self.connection.action_sync_now()
        self._run()
        self._assert_all_in_step(invoices)

    def _sent_lines(self):
        invoice = self._invoice(1)
        self._run()
        return self.organisation.invoices.get(invoice.xero_id)["Lines"]


@tagged("post_install", "-at_install")
class TestLockedMeanwhile(CausesCase):
    def test_one_problem_for_all(self):
        self._invoice(1)
        self._run()
        self._change(period_lock_date="2026-10-31")
        before = self._reads()
        invoices = self._invoices(20)
        self._run()
        problem = self._problem("lock_date", invoices)
        self.assertIn("2026", problem.name)
        self.assertEqual(self._reads()["Organisation"] - before["Organisation"], 1)
        self._change(period_lock_date=None)
        self.connection.action_sync_now()
        self._run()
        self._assert_all_in_step(invoices)
        self.assertEqual(problem.state, "solved")

    def test_money(self):
        invoice = self._invoice(100)
        self._run()
        self._change(period_lock_date="2026-10-31")
        payment = self._pay(invoice)
        self._run()
        self._problem("lock_date", payment)
        self._change(period_lock_date=None)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)


@tagged("post_install", "-at_install")
class TestContactArchived(CausesCase):
    def test_restored_in_xero(self):
        """E3: Sync Now looks whether the contact is back."""
        self._invoice(1)
        self._run()
        self._change(archive_contacts=[self.partner.xero_id])
        invoices = self._invoices(3)
        self._run()
        problem = self._problem("contact_archived", invoices)
        self._change(restore_contacts=[self.partner.xero_id])
        self.connection.action_sync_now()
        self._run()
        self._assert_all_in_step(invoices)
        self.assertEqual(problem.state, "solved")

    def test_money_on_account(self):
        self._invoice(1)
        self._run()
        self._change(archive_contacts=[self.partner.xero_id])
        context = {"payment_type": "inbound", "partner_type": "customer", "journal_id": self.company_data["default_journal_bank"].id}
        payments = self.env["account.payment"].create(
            [{**context, "amount": amount, "partner_id": self.partner.id, "date": "2026-10-01"} for amount in (10, 20)]
        )
        payments.action_post()
        self._run()
        problem = self._problem("contact_archived", payments)
        self._change(restore_contacts=[self.partner.xero_id])
        problem.action_retry()
        self._run()
        self.assertEqual(set(payments.mapped("xero_state")), {"synced"})


@tagged("post_install", "-at_install")
class TestEntriesToo(CausesCase, XeroEntriesCommon):
    def test_new_code(self):
        self._change(account_codes={"477": "4770"})
        entries = self._entry() + self._entry()
        self._run()
        self.assertEqual(set(entries.mapped("xero_state")), {"synced"}, entries.mapped("xero_message"))
        self.assertFalse(self._open_problems())

    def test_codes_exchanged(self):
        meant = self._row("477")
        self._change(account_codes={"477": "478", "478": "477"})
        entry = self._entry()
        self._run()
        self.assertEqual(entry.xero_state, "synced", self._reason(entry))
        [journal] = self.organisation.manual_journals
        self.assertIn(meant["AccountID"], [line["AccountID"] for line in journal["Lines"]])

    def test_rate_with_another_percentage(self):
        first = self._taxed()
        self._run()
        [journal] = self.organisation.manual_journals
        [tax_type] = {line["TaxType"] for line in journal["Lines"]} - {"NONE", "BASEXCLUDED"}
        self._change(tax_percentages={tax_type: 12})
        entries = self._taxed(200) + self._taxed(300)
        self._run()
        self._problem("tax_rate_differs", entries)
        self._change(tax_percentages={tax_type: 10})
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(set((first + entries).mapped("xero_state")), {"synced"})
        self.assertFalse(self._open_problems())

    def test_archived_and_locked(self):
        self._change(archive_accounts=["477"])
        entries = self._entry() + self._entry()
        self._run()
        self._problem("account_archived", entries)
        self._change(restore_accounts=["477"], period_lock_date="2026-10-31")
        self.connection.action_sync_now()
        self._run()
        self._problem("lock_date", entries)
        self._change(period_lock_date=None)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(set(entries.mapped("xero_state")), {"synced"})
        self.assertFalse(self._open_problems())


@tagged("post_install", "-at_install")
class TestTransfersToo(CausesCase, TransferCommon):
    def test_undone_in_a_closed_period(self):
        """B13: known beforehand it costs no call; locked since, the refusal, whether it is gone already, and the lock date."""
        for known in (True, False):
            with self.subTest(known=known), self._undone():
                partial = self._transfer(100)
                lines = partial.debit_move_id + partial.credit_move_id
                self._run()
                self._change(period_lock_date="2026-10-31")
                if known:
                    self.connection._read_reference_data()
                lines.remove_move_reconcile()
                before = self._calls()
                self._run()
                problem = self._open_problems()
                self.assertEqual((problem.code, self._calls() - before), ("lock_date", 0 if known else 3))
                self._change(period_lock_date=None)
                self.connection.action_sync_now()
                self._run()
                self.assertEqual((self._there(), self._open_problems().ids), ([], []))

    def test_archived_bank(self):
        code = self._row_named("Savings")["Code"]
        self._change(archive_accounts=[code])
        partials = self._transfer(100) + self._transfer(200)
        self._run()
        problem = self._open_problems()
        self.assertEqual((problem.code, problem.job_count, len(partials)), ("account_archived", 2, 2))
        self._change(restore_accounts=[code])
        self.connection.action_sync_now()
        self._run()
        self.assertEqual((len(self._there()), self._open_problems().ids), (2, []))

    def _row_named(self, name):
        return next(row for row in self.organisation.accounts if row["Name"] == name)
