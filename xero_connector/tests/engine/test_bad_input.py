import json
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...handlers import mark
from ...handlers.dispatch import Outgoing
from ...handlers.trace import LinesTrace
from ..common.connected import ODOO
from ..common.every_value import every_value
from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestBadInput(XeroPushCommon):
    """What cannot be sent ends in a clear sentence, nothing is lost and nothing is half done."""

    def _assert_held(self, record, code, text, state="blocked"):
        self.assertEqual(record.xero_state, state, record.xero_message)
        self.assertIn(text, record.xero_message)
        self.assertEqual(record.xero_problem_id.code, code)
        self.assertEqual(record.xero_problem_id.state, "open")
        self.assertTrue(record.xero_problem_id.fix_label)

    # === MAPPING === #

    def test_unmapped_account_is_held_and_released(self):
        account = self.company_data["default_account_revenue"].copy({"code": "499999", "name": "Brand new income"})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.account_id = account
        invoice.action_post()
        good = self._invoice(50)
        self._run()
        self._assert_held(invoice, "account_unmapped", "Brand new income")
        self._assert_in_step(good)
        self.connection._propose_mapping()
        line = self.env["xero.account.mapping"].search([("account_id", "=", account.id)])
        line.xero_account_id = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        self.connection.action_confirm_mapping()
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self.env["xero.problem"].search([("state", "=", "open")]))

    def test_one_problem_for_many_documents(self):
        tax = self.env["account.tax"].create({"name": "Odd 7%", "amount": 7, "type_tax_use": "sale"})
        invoices = self.env["account.move"].union(*[self._invoice(10, taxes=tax) for _n in range(5)])
        self._run()
        self._assert_held(invoices[0], "tax_unmapped", "Odd 7%")
        self.assertEqual(len(invoices.xero_problem_id), 1)
        self.assertEqual(invoices.xero_problem_id.job_count, 5)

    def test_mapping_not_confirmed(self):
        self.connection.sudo().mapping_confirmed_at = False
        invoice = self._invoice(100)
        self._run()
        self._assert_held(invoice, "not_confirmed", "not been confirmed")
        self.connection.action_confirm_mapping()
        self._run()
        self._assert_in_step(invoice)

    @every_value("idempotency_caches_400")
    def test_account_archived_after_mapping(self):
        code = self.connection._mapping_table().account(self.company_data["default_account_revenue"].id).code
        organisation = self.xero.organisation("AU")
        organisation.accounts.find("code", code)[0]["Status"] = "ARCHIVED"
        invoice = self._invoice(100)
        self._run()
        self._assert_held(invoice, "account_archived", "archived")
        invoice.action_xero_retry()
        self._run()
        self._assert_held(invoice, "account_archived", "archived")
        organisation.accounts.find("code", code)[0]["Status"] = "ACTIVE"
        self.connection.action_refresh_reference_data()
        invoice.action_xero_retry()
        self._run()
        self._assert_in_step(invoice)

    def test_journal_without_bank_account(self):
        invoice = self._invoice(100)
        self._run()
        self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id)]).unlink()
        payment = self._pay(invoice)
        self._run()
        self._assert_held(payment, "journal_unmapped", payment.journal_id.name)

    # === CUSTOMERS === #

    def test_customer_without_name(self):
        nameless = self.env["res.partner"].create({"type": "invoice", "parent_id": False, "name": "temporary"})
        invoice = self._invoice(100, partner=nameless)
        self.env.cr.execute("UPDATE res_partner SET name = NULL WHERE id = %s", [nameless.id])
        self.env.invalidate_all()
        self._run()
        self._assert_held(invoice, "no_name", "A contact has no name")
        self.assertEqual(nameless.xero_state, "blocked")

    def test_long_and_odd_names(self):
        long = self.env["res.partner"].create({"name": "x" * 300})
        odd = self.env["res.partner"].create({"name": "  Tag <b>& Söhne  GmbH "})
        invoices = self._invoice(1, partner=long) + self._invoice(1, partner=odd)
        self._run()
        self.assertEqual(invoices.mapped("xero_state"), ["synced", "synced"], invoices.mapped("xero_message"))
        names = {contact.name for contact in self._xero().contacts(ids=[long.xero_id, odd.xero_id])}
        self.assertEqual({len(name) <= 255 for name in names}, {True})
        self.assertFalse([name for name in names if "<" in name or ">" in name])

    def test_namesake_without_proof_is_a_question(self):
        self._xero().create_contacts([{"Name": "Azure Interior", "EmailAddress": "somebody@else.com"}], "a-key")
        invoice = self._invoice(100)
        self._run()
        self._assert_held(self.partner, "contact_namesake", "Azure Interior")
        self.assertEqual(invoice.xero_state, "blocked")
        match = self.env["xero.contact.match"].with_context(default_problem_id=self.partner.xero_problem_id.id).create({})
        self.assertEqual(match.line_ids.mapped("email"), ["somebody@else.com"])
        match.choice = "link"
        match.action_apply()
        self._run()
        self._assert_in_step(invoice)
        [contact] = self._xero().contacts(names=["Azure Interior"])
        self.assertEqual((contact.xero_id, contact.email), (self.partner.xero_id, "somebody@else.com"), "linked, not overwritten")

    def test_only_a_contact_that_was_found_can_be_linked(self):
        """Over RPC too: nobody may tie a customer to whichever contact in Xero they like."""
        self._xero().create_contacts([{"Name": "Azure Interior"}], "a-key")
        [other] = self._xero().create_contacts([{"Name": "Somebody else"}], "b-key")
        self._invoice(100)
        self._run()
        match = self.env["xero.contact.match"].with_context(default_problem_id=self.partner.xero_problem_id.id).create({})
        match.choice = "link"
        match.line_ids.xero_id = other.remote.xero_id
        with self.assertRaisesRegex(UserError, "not among"):
            match.action_apply()
        self.assertFalse(self.partner.xero_id)

    def test_namesake_is_another_customer(self):
        self._xero().create_contacts([{"Name": "Azure Interior"}], "a-key")
        invoice = self._invoice(100)
        self._run()
        match = self.env["xero.contact.match"].with_context(default_problem_id=self.partner.xero_problem_id.id).create({"choice": "create"})
        match.action_apply()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(len(self._xero().contacts(names=["Azure Interior", match.new_name])), 2)

    def test_customer_with_proof_is_matched(self):
        self._xero().create_contacts([{"Name": "AZURE interior", "EmailAddress": "Azure@Example.com"}], "a-key")
        self._invoice(100)
        self._run()
        self.assertEqual(self.partner.xero_state, "synced")
        self.assertEqual(len(self._xero().contacts(names=["Azure Interior"])), 1)

    def test_two_partners_of_the_same_name(self):
        twin = self.env["res.partner"].create({"name": self.partner.name})
        invoices = self._invoice(1) + self._invoice(2, partner=twin)
        self._run()
        self.assertEqual(sorted(invoices.mapped("xero_state")), ["blocked", "synced"])
        self.assertEqual(sorted((self.partner + twin).mapped("xero_state")), ["blocked", "synced"])

    # === DOCUMENTS === #

    def test_draft_and_cancelled(self):
        draft = self._invoice(100, post=False)
        self.assertIn("Confirm the document first", draft.action_xero_sync()["params"]["message"])
        draft.button_cancel()
        self.assertIn("nothing to send", draft.action_xero_sync()["params"]["message"])

    @every_value("zero_total_is_paid")
    def test_zero_total(self):
        invoice = self._invoice(0)
        self._run()
        self.assertEqual(self._assert_in_step(invoice).total, 0)

    def test_number_in_use(self):
        invoice = self._invoice(100)
        self._run()
        invoices = self.xero.organisation("AU").invoices
        invoices.put({**invoices.get(invoice.xero_id), "Url": ""})  # somebody else's
        self._binding(invoice).unlink()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 77
        invoice.action_post()
        invoice.action_xero_sync()
        self._run()
        self._assert_held(invoice, "number_in_use", invoice.name, state="failed")

    def test_own_invoice_with_our_link_and_an_older_total(self):
        """It is ours without doubt, and says so; the totals are told apart, and Retry brings Odoo's."""
        invoice = self._invoice(100)
        self._run()
        self._binding(invoice).unlink()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 77
        invoice.action_post()
        invoice.action_xero_sync()
        self._run()
        self._assert_held(invoice, "totals_differ", invoice.name, state="failed")
        invoice.action_xero_retry()
        self._run()
        self._assert_in_step(invoice)

    def test_own_invoice_found_under_its_number_is_adopted(self):
        invoice = self._invoice(100)
        self._run()
        xero_id = invoice.xero_id
        self._binding(invoice).unlink()
        invoice.action_xero_sync()
        self._run()
        self.assertEqual(self._assert_in_step(invoice).xero_id, xero_id)

    def test_before_the_lock_date(self):
        self.connection.sudo().period_lock_date = "2026-09-30"
        invoice = self._invoice(100, date="2026-09-30")
        self._run()
        self._assert_held(invoice, "lock_date", "30 Sep 2026")

    def test_locked_in_xero_only(self):
        """The lock was set after the reference data were read: it is recognised from the refusal, and all stand behind one problem."""
        self.xero.organisation("AU").period_lock_date = date(2026, 10, 31)
        invoices = self._invoice(100) + self._invoice(200)
        before = self._calls("GET /Organisation")
        self._run()
        for invoice in invoices:
            self._assert_held(invoice, "lock_date", "31 Oct 2026")
        self.assertEqual(len(invoices.xero_problem_id), 1)
        self.assertEqual(self._calls("GET /Organisation") - before, 1)
        self._run()
        self.assertEqual(self._calls("GET /Organisation") - before, 1)
        self.xero.organisation("AU").period_lock_date = None
        self.connection._read_reference_data()
        self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_refused_for_something_else_asks_for_the_locks_once(self):
        self._drop_theme()
        before = self._calls("GET /Organisation")
        invoices = self._invoice(100) + self._invoice(200)
        self._run()
        self.assertEqual(set(invoices.mapped("xero_state")), {"failed"})
        self.assertEqual(self._calls("GET /Organisation") - before, 1)

    def _drop_theme(self):
        """The branding theme of invoices is deleted in Xero: each is refused, in words that name no cause we know."""
        theme = self.env["xero.branding.theme"].search([("connection_id", "=", self.connection.id)], limit=1)
        self.connection.branding_theme_id = theme
        self.xero.organisation("AU").themes.remove(theme.xero_id)

    def test_currency_xero_does_not_have(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": "2026-01-01", "rate": 0.65, "company_id": self.env.company.id})]
        invoice = self._invoice(100, currency_id=usd.id)
        self._run()
        self._assert_held(invoice, "currency_missing", "USD")
        self.xero.organisation("AU").add_currency("USD")
        invoice.xero_problem_id.action_fix()
        self._run()
        self._assert_in_step(invoice)

    def test_payment_larger_than_what_is_open(self):
        invoice = self._invoice(100)
        self._run()
        account = self.connection._mapping_table().journal(self.company_data["default_journal_bank"].id)
        payload = {"Invoice": {"InvoiceID": invoice.xero_id}, "Account": {"AccountID": account.xero_id}, "Date": "2026-10-02", "Amount": 90}
        self._xero().create_payments([payload], "by-hand")
        payment = self._pay(invoice)
        self._run()
        self._assert_held(payment, "payment_too_large", "20.00", state="failed")

    def test_one_bad_document_in_fifty(self):
        bad = self.env["res.partner"].create({"name": "Bad"})
        invoices = [self._invoice(10) for _n in range(49)] + [self._invoice(10, partner=bad)]
        self._run()
        self._xero_forget_contact(bad)
        for invoice in invoices:
            invoice.ref = "changed"
        more = [self._invoice(10), self._invoice(10, partner=bad)]
        self._run()
        self._later(1)
        self._run()
        self.assertEqual(more[0].xero_state, "synced")
        self.assertEqual(more[1].xero_state, "failed")

    def _xero_forget_contact(self, partner):
        """As if the demo organisation had been reset for this one contact: the id is unknown."""
        organisation = self.xero.organisation("AU")
        organisation.contacts._restore(partner.xero_id, None)

    # === XERO === #

    def test_nonsense_answers(self):
        for kind in ("html_200", "empty_200", "nonsense_200", "error_500_after", "timeout_after", "reset_after", "truncated_200"):
            with self.subTest(kind):
                invoice = self._invoice(100)
                self._order_fault(kind, method="PUT", path="Invoices", times=1)
                self._run()
                self.assertEqual(invoice.xero_state, "pending")
                self._later()
                self._run()
                self._assert_in_step(invoice)

    def test_failed_before_the_work(self):
        for kind in ("error_500_before", "timeout_before", "reset_before"):
            with self.subTest(kind):
                invoice = self._invoice(100)
                before = self._calls("PUT /Invoices")
                self._order_fault(kind, method="PUT", path="Invoices", times=1)
                self._run()
                self._run()
                self.assertLessEqual(self._calls("PUT /Invoices") - before, 1, "not sent again while Xero may still be working on it")
                self.assertEqual(invoice.xero_state, "pending")
                self._later()
                self._run()
                self._assert_in_step(invoice)

    def test_limits_and_maintenance(self):
        for kind in ("minute_limit", "concurrent_limit", "day_limit", "unavailable_503"):
            with self.subTest(kind):
                invoice = self._invoice(100)
                self._order_fault(kind, path="Invoices", times=1)
                self._run()
                self.assertEqual(invoice.xero_state, "pending")
                self.assertTrue(self.connection.state_message)
                self._later()
                self._run()
                self._assert_in_step(invoice)
                self.assertEqual(self.connection.state, "connected")

    def test_payment_without_answer_is_not_made_twice(self):
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        self._later()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(self._job(self._partials(invoice)).state, "done")

    def test_customer_without_answer_is_not_made_twice(self):
        invoice = self._invoice(100)
        self._order_fault("reset_after", method="PUT", path="Contacts", times=1)
        self._run()
        self._later()
        self._run()
        self._later()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(len(self._xero().contacts(names=[self.partner.name])), 1)

    def test_worker_that_died_while_sending(self):
        invoice = self._invoice(100)
        self._run()
        binding = self._binding(invoice)
        job = self._job(invoice)
        trace = LinesTrace(
            number=invoice.name,
            contact_id=self.partner.xero_id,
            total=Decimal(str(invoice.amount_total)),
            tax=Decimal(str(invoice.amount_tax)),
            url=mark.link(invoice, ODOO),
        )
        binding.unlink()
        traces = [Outgoing(job.id, invoice.id, "create", {}, "", trace=trace, kind="invoice", res_model="account.move").kept()]
        self.env.cr.execute(
            "UPDATE xero_job SET state = 'sending', operation = 'create', traces = %s WHERE id = %s", [json.dumps(traces), job.id]
        )
        self.env.invalidate_all()
        self._run()
        self._assert_in_step(invoice)
