"""B8: a branch's documents arrive through the connection of the nearest company above."""

from odoo import Command
from odoo.tests import tagged

from ..common.branches import XeroBranchCommon


@tagged("post_install", "-at_install")
class TestBranchDocuments(XeroBranchCommon):
    def test_whose_connection(self):
        """B8: the nearest one; archived branches too, other companies never."""
        Connection = self.env["xero.connection"]
        for company in (self.main, self.branch, self.twig):
            self.assertEqual(Connection._get_active(company), self.connection)
        self.assertFalse(Connection._get_active(self.other))
        self.assertEqual(self.connection._companies(), self.main | self.branch | self.twig)
        self.assertEqual(self.connection._companies()[0], self.main)
        late = self._new_branch("Late")
        self.assertEqual(Connection._get_active(late), self.connection)
        self.assertIn(late, self.connection._companies())

    def test_invoices_arrive_once(self):
        """B8"""
        invoices = self._in_every_company(lambda: self._invoice(100))
        self._run()
        self._settle()
        for invoice in invoices:
            self._assert_in_step(invoice)
        self.assertEqual(len(list(self.organisation.invoices)), 3)

    def test_bills_and_credit_notes_arrive_once(self):
        """B8"""
        numbers = iter("123456")
        bills = self._in_every_company(lambda: self._bill(50, ref=f"V-{next(numbers)}"))
        credits = self._in_every_company(lambda: self._credit_note(30))
        self._settle()
        for move in (*bills, *credits):
            self.assertEqual(move.xero_state, "synced", move.xero_message)
            self.assertEqual(float(self._remote(move).total), move.amount_total)
        self.assertEqual((len(list(self.organisation.invoices)), len(list(self.organisation.credit_notes))), (3, 3))

    def test_as_many_calls_as_without_branches(self):
        """B8"""

        def calls(companies):
            with self._undone():
                self.xero.calls.clear()
                for company in companies:
                    with self._in(company):
                        self._invoice(100)
                self._settle()
                return sum(self.xero.calls.values()), len(list(self.organisation.invoices))

        self.assertEqual(calls([self.branch, self.twig, self.main]), calls([self.main] * 3))

    def test_payments_arrive(self):
        """B8: in the company's bank, which the branch uses."""
        invoices = self._in_every_company(lambda: self._invoice(100))
        self._settle()
        for company, invoice in zip((self.main, self.branch, self.twig), invoices, strict=True):
            with self._in(company):
                payment = self._pay(self._here(invoice))
                self.assertEqual(payment.company_id, company)
        self._settle()
        for invoice in invoices:
            self.assertEqual(len(self._xero_payments(invoice)), 1, invoice.xero_message)
        self.assertEqual(float(self._xero_bank()), 330.0)
        self.assertFalse(self.env["xero.problem"].search([("state", "=", "open")]).mapped("name"))

    def test_payment_by_the_bank_of_the_branch(self):
        """B8: a journal of its own stands in the mapping like the company's."""
        with self._in(self.branch):
            bank = self.env["account.journal"].create({"name": "North's bank", "code": "NBK", "type": "bank"})
        self.connection._propose_mapping()
        line = self.connection.journal_mapping_ids.filtered(lambda each: each.journal_id == bank)
        self.assertIn("Branch North", line.label)
        line.xero_account_id = self.connection.journal_mapping_ids.xero_account_id[:1]
        self.assertEqual(line.state, "confirmed")
        with self._in(self.branch):
            invoice = self._invoice(100)
            context = {"active_model": "account.move", "active_ids": invoice.ids}
            register = self.env["account.payment.register"].with_context(**context)
            register.create({"journal_id": bank.id, "payment_date": "2026-10-01"})._create_payments()
        self._settle()
        self.assertEqual(len(self._xero_payments(invoice)), 1)

    def test_credit_note_of_the_company_for_a_branchs_invoice(self):
        """B8, B1: they are matched, so Xero has an allocation."""
        with self._in(self.branch):
            invoice = self._invoice(100)
        credit = self._credit_note(100)
        self._settle()
        self._match(invoice, credit)
        self._settle()
        remote = self._remote(invoice)
        self.assertEqual((float(remote.amount_due), remote.status), (0.0, "PAID"))
        self._unmatch(invoice)
        self._settle()
        self.assertEqual(float(self._remote(invoice).amount_due), 110.0)

    def test_payment_of_the_company_for_a_branchs_invoice(self):
        """B8"""
        with self._in(self.branch):
            invoice = self._invoice(100)
        payment = self._money(110)
        self._match(invoice, payment)
        self._settle()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(payment.xero_state, "synced")

    def test_entries_arrive(self):
        """B8: by the policy of the journal, whoever posts in it."""
        wages, owed = (
            self.env["account.account"].create({"name": name, "code": code, "account_type": kind})
            for name, code, kind in (("Wages", "977001", "expense"), ("Owed", "977002", "liability_current"))
        )
        journal = self.company_data["default_journal_misc"]
        self.env["xero.entry.policy"].create({"connection_id": self.connection.id, "journal_id": journal.id, "policy": "each"})
        for account, code in ((wages, "477"), (owed, "825")):
            target = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])
            line = self.connection.account_mapping_ids.filtered(lambda each, account=account: each.account_id == account)
            values = {"connection_id": self.connection.id, "account_id": account.id, "use": "post"}
            (line or line.create(values)).write({"xero_account_id": target.id})
        self.connection.action_confirm_mapping()

        def entry():
            lines = [Command.create({"account_id": account.id, "balance": sign * 70}) for account, sign in ((wages, 1), (owed, -1))]
            move = self.env["account.move"].create(
                {"move_type": "entry", "journal_id": journal.id, "date": "2026-10-01", "line_ids": lines}
            )
            move.action_post()
            return move

        entries = self._in_every_company(entry)
        self.assertEqual([move.company_id for move in entries], [self.main, self.branch, self.twig])
        self._settle()
        self.assertEqual([move.xero_state for move in entries], ["synced"] * 3, [move.xero_message for move in entries])
        self.assertEqual(len(list(self.organisation.manual_journals)), 3)

    def test_files_arrive(self):
        """B8"""
        self.connection.sync_attachment = "auto"
        with self._in(self.branch):
            invoice = self._invoice(100)
            self._settle()
            values = {"name": "paper.pdf", "raw": b"%PDF-1.4 x", "res_model": "account.move", "res_id": invoice.id}
            self.env["ir.attachment"].create(values)
        self._settle()
        self.assertEqual(self._calls("Attachments"), 1)

    def test_contact_of_a_branch(self):
        """B8: a partner that only the branch uses is no stranger."""
        with self._in(self.branch):
            self.partner = self.env["res.partner"].create({"name": "Only North's", "company_id": self.branch.id})
            invoice = self._invoice(100)
        self._settle()
        self._assert_in_step(invoice)

    def test_sync_now_brings_what_was_never_asked_for(self):
        """B8: what a branch posted before the upgrade."""
        with self._in(self.branch):
            invoice, bill = self._invoice(100), self._bill(20)
            self._pay(invoice)
        self.env["xero.job"].sudo().search([]).unlink()
        self.connection.action_sync_now()
        self._settle()
        self.connection.action_sync_now()
        self._settle()
        self.assertEqual([move.xero_state for move in (invoice, bill)], ["synced"] * 2)
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.xero.calls.clear()
        self.connection.action_sync_now()
        self._settle()
        self.assertFalse(self._calls(), "all is in step")

    def test_changes_and_reset_of_a_branchs_invoice(self):
        """B8"""
        with self._in(self.branch):
            invoice = self._invoice(100)
            self._settle()
            invoice.button_draft()
            invoice.invoice_line_ids.price_unit = 150
            invoice.action_post()
            self._settle()
        self._assert_in_step(invoice)
        with self._in(self.branch):
            self._here(invoice).button_draft()
            self._here(invoice).button_cancel()
        self._settle()
        self.assertEqual([remote.status for remote in [self._remote(invoice)]], ["VOIDED"])

    def test_exchange_journal_of_a_branch(self):
        """B8: its entries are exchange differences as those of the company are."""
        account = self.company_data["default_account_expense"]
        with self._in(self.branch):
            journal = self.env["account.journal"].create({"name": "North's exchange", "code": "NEX", "type": "general"})
            self.branch.currency_exchange_journal_id = journal
            lines = [Command.create({"account_id": account.id, "balance": balance, "tax_ids": False}) for balance in (7, -7)]
            values = {"move_type": "entry", "journal_id": journal.id, "date": "2026-10-01", "line_ids": lines}
            self.env["account.move"].create(values).action_post()
        self.env.flush_all()
        reasons = self.env["xero.reason"].search([("connection_id", "=", self.connection.id)]).mapped("reason")
        self.assertEqual(reasons, ["exchange"])

    def test_another_company_is_not_touched(self):
        """B8"""
        values = {"name": "x", "code": "x", "type": "sale"}
        self.assertNotIn(self.other, self.connection._companies())
        with self._in(self.other):
            partner = self.env["res.partner"].create({"name": "Theirs"})
            journal = self.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", self.other.id)], limit=1)
            lines = [Command.create({"name": "x", "price_unit": 5, "tax_ids": False})]
            values = {"move_type": "out_invoice", "partner_id": partner.id, "journal_id": journal.id, "invoice_line_ids": lines}
            invoice = self.env["account.move"].create(values)
            invoice.action_post()
        self.connection.action_sync_now()
        self._settle()
        self.assertFalse(self._job(invoice))
        self.assertFalse(self._binding(invoice))
        self.assertNotIn(journal, self.connection.journal_mapping_ids.journal_id)

    def test_archived_branch(self):
        """B8: what it has posted stays part of the books."""
        with self._in(self.branch):
            invoice = self._invoice(100)
        (self.branch | self.twig).write({"active": False})
        self.assertIn(self.branch, self.connection._companies())
        self._settle()
        self._assert_in_step(invoice)
        self.env["xero.job"].sudo().search([]).unlink()
        self.env["xero.binding"].sudo().search([("res_id", "=", invoice.id), ("res_model", "=", "account.move")]).unlink()
        self.connection.action_sync_now()
        self._settle()
        self._assert_in_step(invoice)

    def test_disconnected(self):
        """B8: it waits, and arrives after reconnecting; the branch is told the same."""
        self.connection.action_disconnect()
        with self._in(self.branch):
            invoice = self._invoice(100)
            self.assertEqual(invoice.xero_state, "pending")
            self.assertFalse(invoice.xero_connected)
        self._run()
        self.assertFalse(list(self.organisation.invoices))
        self._connect()
        self._settle()
        self._assert_in_step(invoice)


@tagged("post_install", "-at_install")
class TestBranchNumbers(XeroBranchCommon):
    """Xero has each number once, a branch with a journal of its own may have it again."""

    def test_same_number(self):
        """B8: the second says its branch behind it, for ever."""
        journal = self._sales_journal(self.branch, self.company_data["default_journal_sale"].code)
        first = self._invoice(100)
        with self._in(self.branch):
            second = self._invoice(200, journal_id=journal.id)
        self.assertEqual(first.name, second.name)
        self._settle(2)
        self.assertEqual((first.xero_state, second.xero_state), ("synced", "synced"), second.xero_message)
        numbers = {float(row["Total"]): row["Number"] for row in self.organisation.invoices}
        self.assertEqual(numbers, {110.0: first.name, 220.0: f"{first.name} (Branch North)"})
        self.branch.name = "Branch South"
        self.xero.calls.clear()
        second.ref = "changed"
        self._settle()
        self.assertEqual(self._remote(second).number, f"{first.name} (Branch North)")
        self.assertEqual(self._remote(second).reference, "changed")
        self.assertEqual(float(self._remote(first).total), 110.0)

    def test_sent_by_itself_earlier(self):
        """B8: the company's invoice that comes later is the second."""
        journal = self._sales_journal(self.branch, self.company_data["default_journal_sale"].code)
        with self._in(self.branch):
            first = self._invoice(200, journal_id=journal.id)
        self._settle()
        second = self._invoice(100)
        self.assertEqual(first.name, second.name)
        self._settle(2)
        numbers = {float(row["Total"]): row["Number"] for row in self.organisation.invoices}
        self.assertEqual(numbers, {220.0: first.name, 110.0: f"{first.name} ({self.main.name})"})

    def test_while_the_answer_about_the_first_is_lost(self):
        """B8: it may be in Xero, so the number may be taken."""
        journal = self._sales_journal(self.branch, self.company_data["default_journal_sale"].code)
        first = self._invoice(100)
        self._order_fault("timeout_after", path="/Invoices", method="PUT")
        self._run()
        self.assertEqual(self._job(first).state, "uncertain")
        with self._in(self.branch):
            second = self._invoice(200, journal_id=journal.id)
        self._settle(3)
        self.assertEqual((first.xero_state, second.xero_state), ("synced", "synced"), second.xero_message)
        numbers = {float(row["Total"]): row["Number"] for row in self.organisation.invoices}
        self.assertEqual(numbers, {110.0: first.name, 220.0: f"{first.name} (Branch North)"})

    def test_one_of_two_is_cancelled(self):
        """B8"""
        journal = self._sales_journal(self.branch, self.company_data["default_journal_sale"].code)
        first = self._invoice(100)
        with self._in(self.branch):
            second = self._invoice(200, journal_id=journal.id)
        self._settle(2)
        first.button_draft()
        first.button_cancel()
        self._settle()
        self.assertEqual((self._remote(first).status, self._remote(second).status), ("VOIDED", "AUTHORISED"))
        self.connection.action_sync_now()
        self._settle()
        self.assertEqual(self._remote(second).number, f"{second.name} (Branch North)")
