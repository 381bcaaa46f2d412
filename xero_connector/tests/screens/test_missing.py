from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..common.entries import XeroEntriesCommon
from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestMissing(XeroMoneyCommon, XeroEntriesCommon):
    """ "Not in Xero, and Why": whatever is posted and has no counterpart has a sentence, and one only."""

    policy = None  # no journal is sent

    def _prepare(self):
        super()._prepare()
        self.connection.sync_from = "2026-09-01"

    # === WHAT IS READ === #

    def _reasons(self):
        self.env.invalidate_all()
        return {row.reason: row for row in self.env["xero.reason"].search([("connection_id", "=", self.connection.id)])}

    def _documents(self, row):
        action = row.action_open()
        return self.env["xero.document"].with_context(**action["context"]).search(action["domain"])

    def _only(self, reason, *records):
        """The reason stands there for these records and no others; returns its row."""
        reasons = self._reasons()
        self.assertIn(reason, reasons)
        row = reasons[reason]
        found = self._documents(row)
        self.assertEqual({(each.res_model, each.res_id) for each in found}, {(record._name, record.id) for record in records})
        self.assertEqual(row.documents, len(records))
        if reason != "person":  # each has a reason of its own
            self.assertEqual(set(found.mapped("why")), {row.why})
        return row

    # === DOCUMENTS === #

    def test_dated_before_the_first_day(self):
        """E12: no document is left out without a reason and a way."""
        old = self._invoice(100, date="2026-08-31")
        row = self._only("before", old)
        self.assertEqual((row.why, row.fix_label), ("Dated before 1 Sep, the first day that is sent.", "Change the Day"))
        self.assertEqual((old.xero_state, old.xero_message, old.xero_missing), (False, row.why, "before"))
        self.assertEqual(row.action_fix()["res_model"], "xero.connection")
        notice = old.action_xero_sync()["params"]
        self.assertEqual((notice["message"], notice["type"]), (row.why, "warning"))

    def test_send_this_one(self):
        old, other = self._invoice(100, date="2026-08-31"), self._invoice(70, date="2026-08-30")
        old.action_xero_send_early()
        self._run()
        self._assert_in_step(old)
        self._only("before", other)
        old.ref = "changed"
        self._run()
        self.assertEqual(old.xero_state, "synced")
        self.connection.action_sync_now()
        self._run()
        self.assertFalse(other.xero_state)

    def test_send_this_one_from_the_list(self):
        """The row's button is named for what it does."""
        old = self._invoice(100, date="2026-08-31")
        [document] = self._documents(self._reasons()["before"])
        self.assertEqual(document.fix_label, "Send This One")
        document.action_fix()
        self._run()
        self._assert_in_step(old)

    def test_list_sync_counts_by_label(self):
        """E8: no list of sentences; one link to the reasons."""
        old, new = self._invoice(100, date="2026-08-31"), self._invoice(50)
        notice = (old | new).action_xero_sync()["params"]
        self.assertEqual(notice["message"], "On their way: 1 · Not sent: 1 %s")
        self.assertEqual([link["label"] for link in notice["links"]], ["Why"])

    def test_several_companies_at_once(self):
        """E8: what belongs to a selected company goes by its own connection, or says that there is none."""
        other = self.setup_other_company()
        companies = self.env.company | other["company"]
        mine = self._invoice(50)
        Move = self.env["account.move"].with_context(allowed_company_ids=(other["company"] | self.env.company).ids)
        line = Command.create({"name": "theirs", "price_unit": 10, "account_id": other["default_account_revenue"].id})
        values = {"move_type": "out_invoice", "partner_id": self.partner.id, "invoice_date": "2026-10-01", "invoice_line_ids": [line]}
        theirs = Move.create({**values, "journal_id": other["default_journal_sale"].id})
        theirs.action_post()
        both = (mine | theirs).with_context(allowed_company_ids=companies.ids)
        self.assertIn("On their way: 1 · Not sent: 1", both.action_xero_sync()["params"]["message"])
        alone = theirs.with_context(allowed_company_ids=companies.ids).action_xero_sync()["params"]["message"]
        self.assertIn(f"{other['company'].name} is not connected to Xero", alone)

    def test_kinds_that_are_not_sent(self):
        self.connection.write({"sync_invoice": "off", "sync_credit_note": "manual"})
        invoice, note = self._invoice(100), self._credit_note(30)
        off, manual = self._only("off", invoice), self._only("manual", note)
        self.assertIn("Customer Invoices are never sent", off.why)
        self.assertIn("Credit Notes", manual.why)
        self.assertEqual((off.sales, off.purchases, manual.sales), (invoice.amount_total, 0, -note.amount_total))
        self.assertEqual(invoice.xero_message, off.why)
        self.assertEqual(invoice.action_xero_sync()["params"]["message"], off.why)

    def test_never_asked_for(self):
        """Posted while nothing was sent: Sync Now takes it."""
        self.connection.sync_invoice = "off"
        invoice = self._invoice(100)
        self.connection.sync_invoice = "auto"
        row = self._only("turn", invoice)
        self.assertEqual(row.fix_label, "Sync Now")
        row.action_fix()
        self._run()
        self.assertNotIn("turn", self._reasons())
        self._assert_in_step(invoice)

    def test_held_and_waiting(self):
        account = self.company_data["default_account_revenue"].copy({"code": "499998", "name": "Seminars"})
        held = self._invoice(100, post=False)
        held.invoice_line_ids.account_id = account
        held.action_post()
        self._run()
        waits = self._invoice(50)
        problem = self._only("problem", held)
        self.assertEqual((problem.why, problem.state, problem.fix_label), (held.xero_problem_id.name, "blocked", held.xero_fix_label))
        self.assertEqual(self._only("waiting", waits).why, "Goes in the next run.")
        self.assertEqual(problem.oldest, held.invoice_date)
        self.connection._set_state("reconnect", "Xero no longer accepts the connection.")
        self.assertEqual(self._reasons()["waiting"].why, "Xero no longer accepts the connection.")

    def test_left_out_by_a_person(self):
        invoice = self._invoice(100)
        self._job(invoice).action_ignore("Billed twice")
        row = self._only("person", invoice)
        self.assertEqual((row.state, row.fix_label), ("ignored", "Put Back In"))
        self.assertRegex(invoice.xero_message, r"^Left out by .+ on .+: Billed twice$")
        row.action_fix()
        self._run()
        self._assert_in_step(invoice)

    def test_bills_count_as_purchases(self):
        self.connection.sync_bill = "off"
        bill = self._bill(50)
        row = self._only("off", bill)
        self.assertEqual((row.purchases, row.sales, row.money), (bill.amount_total, 0, 0))

    def test_entries(self):
        entry = self._entry(("wages", 100), ("owed", -100))
        row = self._only("not_sent", entry)
        self.assertIn(self.journal.display_name, row.why)
        self.assertEqual(entry.xero_message, row.why)
        self._set_policy("each")
        self._only("turn", entry)
        self._set_policy("day")
        self.assertEqual(self._only("day", entry).fix_label, "Send the Summaries Now")

    # === MONEY === #

    def test_payment_without_an_entry(self):
        """B9: money that Odoo has not booked is not lost sight of."""
        invoice = self._invoice(100)
        self._run()
        journals = self.env["account.journal"].search([("company_id", "=", self.env.company.id)])
        journals.inbound_payment_method_line_ids.payment_account_id = False
        Move = self.env.registry["account.move"]
        with patch.object(Move, "_get_invoice_in_payment_state", lambda self: "in_payment"):  # as with Odoo's own accounting
            payment = self._pay(invoice, 40)
        self.assertFalse(payment.move_id)
        row = self._only("no_entry", payment)
        self.assertEqual((row.money, row.sales), (40, 0))
        self.assertEqual(payment.xero_message, row.why)

    def test_money_without_a_document(self):
        self.connection.unmatched_payments = "wait"
        payment = self._money(70)
        row = self._only("unmatched", payment)
        self.assertEqual(row.money, 70)

    def test_money_for_what_is_not_in_xero(self):
        self.connection.unmatched_payments = "wait"
        old = self._invoice(100, date="2026-08-01")
        payment = self._pay(old, date="2026-10-02")
        self._only("elsewhere", payment)
        self.assertEqual(payment.xero_message, "What it pays is not in Xero.")

    def test_bank_lines(self):
        line = self._statement_line(25)
        row = self._only("bank_open", line)
        self.assertEqual((row.money, row.why), (25, "Bank line that is matched with nothing yet."))

    # === THE WHOLE === #

    def test_everything_is_said_once(self):
        """What has a counterpart is not there; what has none is there once, and a click says the same."""
        self.connection.sync_bill = "off"
        invoices = self._invoice(100) | self._invoice(60, date="2026-08-20") | self._credit_note(20) | self._bill(50)
        self._entry(("wages", 100), ("owed", -100))
        payments = self._pay(invoices[0], 30)
        self._run()
        rows = self._reasons().values()
        found = [(each.res_model, each.res_id) for row in rows for each in self._documents(row)]
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(sum(row.documents for row in rows), len(found))
        self.assertTrue(all(row.why and row.fix_label for row in rows))
        there = {(record._name, record.id) for record in (invoices[0], invoices[2], *payments)}
        self.assertFalse(there & set(found))
        documents = self.env["account.move"].search([("company_id", "=", self.env.company.id), ("state", "=", "posted")])
        for document in documents.filtered(lambda move: not move.origin_payment_id and not move.statement_line_id):
            with self.subTest(document.name):
                is_there = document.xero_state == "synced"
                self.assertNotEqual(is_there, ("account.move", document.id) in found)
                self.assertTrue(is_there or document.xero_message)

    def test_what_the_figures_say(self):
        self.connection.sync_invoice = "off"
        invoice = self._invoice(100)
        self._invoice(40, date="2026-08-01")
        [strip] = self.env["xero.reason"].xero_figures()
        values = {figure["label"]: figure["value"] for figure in strip["figures"]}
        self.assertEqual(values["Before 1 Sep"], "1")
        self.assertEqual(values["Not in Xero since 1 Sep"], "1")
        self.assertEqual(values["Sales"], self.env.company.currency_id.format(invoice.amount_total))

    def test_interrupted_connection_is_said_above(self):
        self.connection._set_state("reconnect", "Xero no longer accepts the connection.")
        [strip] = self.env["xero.reason"].xero_figures()
        self.assertEqual(strip["notice"], "Nothing can be sent until you reconnect.")

    def test_one_statement_however_many(self):
        for _number in range(2):
            self._invoice(10, date="2026-08-01")
        self.env.flush_all()

        def read():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["xero.reason"].search_fetch([], ["documents", "sales"])
            return self.env.cr.sql_log_count - before

        read()
        few = read()
        for _number in range(20):
            self._invoice(10, date="2026-08-01")
        self.env.flush_all()
        self.assertEqual(read(), few)

    def test_who_sees_what(self):
        self._invoice(100, date="2026-08-01")
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "stranger", groups="xero_connector.group_xero_user", company_id=other.id)
        rows = self.env["xero.reason"].with_user(stranger).with_company(other).with_context(allowed_company_ids=other.ids)
        self.assertFalse(rows.search([]))
        [strip] = rows.xero_figures()
        self.assertEqual((strip["title"], strip["figures"], strip["notice"]), (other.name, [], "Not Connected"))
        user = new_test_user(self.env, "user", groups="xero_connector.group_xero_user", company_id=self.env.company.id)
        [row] = self.env["xero.reason"].with_user(user).search([("reason", "=", "before")])
        self.assertFalse(row.fix_label, "only an administrator can change the first day")
