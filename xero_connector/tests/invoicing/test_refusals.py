"""The catalogue of Xero's refusals: how a document in Odoo gets there, and whether it is held back beforehand.

Each case says what Xero's message is, makes a document that provokes it, and checks that it was blocked with the right cause and without
any attempt to write. Then the check is switched off and the document sent all the same: Xero must refuse it, or the check is wrong.
"""

import re
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

# what was measured is shown with -s; pylint: disable=print-used
from odoo.tests import tagged

from xero_simulator.control_organisation import change_organisation

from ...mapping.table import MappedAccount
from ..common.entries import XeroEntriesCommon
from ..common.money import XeroMoneyCommon


def _pass(*_args, **_options):
    """Instead of a check."""


def _any_tax(_handler, taxes, account, table):
    return table.tax(taxes.ids, account.account_class)


def _no_account(_handler, _account, _table):
    return MappedAccount("", "", "REVENUE", False, "")


def _any_payment_account(_handler, journal, table):
    return table.journal(journal.id)


CHECKS = {
    "date": {"_check_lock_date": _pass},
    "change": {"_check_locked_change": _pass, "_check_open_period": _pass},
    "removal": {"_check_locked_removal": _pass},
    "approval": {"_check_approval": _pass},
    "number": {"_check_number": _pass},
    "currency": {"_check_currency": _pass},
    "contact": {"_check_contact_active": _pass},
    "amount": {"_check_amounts": _pass},
    "archived": {"_check_archived": _pass},
    "account": {"_posting_account": _no_account},
    "tax": {"_line_tax": _any_tax},
    "payments": {"_payment_account": _any_payment_account},
    "approved": {"_not_yet_approved": lambda *_arguments: []},
    "same": {"_check_same": _pass},
    "clearing": {"_clearing": lambda *_arguments: MappedAccount("610", "", "ASSET", False, "")},
    "option": {"_option": lambda *_arguments: NOBODY},
}
NOBODY = "00000000-0000-4000-8000-000000000000"
HANDLERS = {
    "_check_locked_change": "xero.handler.invoice.snapshot",
    "_check_locked_removal": "xero.handler.invoice.snapshot",
    "_check_number": "xero.handler.document",
    "_check_same": "xero.handler.allocation",
    "_clearing": "xero.handler.journal.lines",
    "_not_yet_approved": "xero.handler.payment",
    "_option": "xero.handler.tracking",
}


@tagged("post_install", "-at_install")
class TestRefusals(XeroEntriesCommon, XeroMoneyCommon):
    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        self.xero.switches.set(dict.fromkeys(("minute_limit", "day_limit", "app_minute_limit"), None))
        self.connection.day_budget = 10**6

    def setUp(self):
        super().setUp()
        self.results = []

    # === TOOLS === #

    def _change(self, **changes):
        change_organisation(self.organisation, changes, self.xero.now())
        self.connection._read_reference_data()

    @contextmanager
    def _in_xero(self, undo=None, **changes):
        """The organisation as it is in a case, and as it was after it."""
        self._change(**changes)
        try:
            yield
        finally:
            self._change(**(undo or dict.fromkeys(changes)))

    @contextmanager
    def _unchecked(self, check):
        with ExitStack() as stack:
            for name, instead in CHECKS[check].items():
                model = self.registry[HANDLERS.get(name, "xero.handler")]
                stack.enter_context(patch.object(model, name, instead))
            yield

    def _writes(self):
        return self._calls("PUT") + self._calls("POST /api") + self._calls("POST Inv")

    def _case(self, name, record, code, check, message):
        """Send the document: blocked with ``code``, nothing written; then without the check: refused by Xero with ``message``."""
        with self.subTest(name):
            writes = self._writes()
            self._run()
            job = self._job(record)
            held = (job.state, job.problem_id.code)
            predicted = held == ("blocked", code)
            self.results.append((name, code if predicted else None))
            self.assertEqual(held, ("blocked", code), f"{name}: {job.message}")
            self.assertEqual(self._writes(), writes, f"{name}: nothing is written")
            self.assertTrue(job.problem_id.help, name)
            with self._unchecked(check):
                job.problem_id.action_retry()
                self._run()
            self.assertIn(job.state, ("failed", "blocked"), f"{name}: Xero takes it, so holding it back was wrong")
            self.assertRegex(job.xero_messages or "", re.compile(message, re.I), f"{name}: {job.message}")
            self._give_up(job)

    def _give_up(self, job):
        job.sudo()._set_state("cancelled", problem_id=False, message=False, next_try=False)
        self.env["xero.problem"]._close_empty(self.connection)

    def _only_refused(self, name, record, code, message):
        """What nobody can know beforehand: Xero refuses, and the document says why."""
        with self.subTest(name):
            self._run()
            job = self._job(record)
            self.results.append((name, None))
            self.assertEqual(job.problem_id.code, code, f"{name}: {job.state} {job.message}")
            self.assertRegex(job.xero_messages or "", re.compile(message, re.I), name)
            self._give_up(job)

    def _sale(self, **values):
        return self._invoice(100, **values)

    # === THE CATALOGUE === #

    def test_catalogue(self):
        self._ordinary_documents()
        self._locked_periods()
        self._accounts_and_taxes()
        self._contacts_and_currencies()
        self._numbers_and_approvals()
        self._amounts()
        self._money_and_credit()
        self._tracked()
        self._unknowable()
        predicted = [name for name, code in self.results if code]
        share = 100 * len(predicted) / len(self.results)
        print(f"Refusals of Xero: {len(self.results)} cases, {len(predicted)} predicted ({share:.0f} %), false blocks 0")
        print("Only refused:", ", ".join(name for name, code in self.results if not code) or "-")
        self.assertGreaterEqual(share, 95)

    def _ordinary_documents(self):
        """False blocks: none of the ordinary documents of all kinds is held back."""
        self.documents = (
            self._sale() + self._sale(quantity=3) + self._bill(100) + self._bill(20, ref="V-2", move_type="in_receipt")
            + self._credit_note(50) + self._bill(30, ref="V-3", move_type="in_refund") + self._sale(move_type="out_receipt")
            + self._entry()
        )  # fmt: skip
        self._pay(self.documents[0])
        self._pay(self.documents[2], 40)
        self._run()
        self.assertEqual(dict.fromkeys(self.documents.mapped("name"), "synced"), {m.name: m.xero_state for m in self.documents})
        self.assertFalse(self.env["xero.problem"].search([("connection_id", "=", self.connection.id), ("state", "=", "open")]))

    def _locked_periods(self):
        sent, void = self._sale(date="2026-05-10"), self._sale(date="2026-05-11")
        self._run()
        for lock, words in (("period_lock_date", "the period lock date"), ("end_of_year_lock_date", "the end of year lock date")):
            with self._in_xero(**{lock: "2026-06-30"}):
                self._case(f"invoice, {lock}", self._sale(date="2026-06-30"), "lock_date", "date", words)
                self._case(f"bill, {lock}", self._bill(10, ref=f"L-{lock}", date="2026-06-01"), "lock_date", "date", words)
                self._case(f"credit note, {lock}", self._credit_note(10, date="2026-06-01"), "lock_date", "date", words)
                vendor = self._bill(10, ref=f"N-{lock}", move_type="in_refund", date="2026-06-01")
                self._case(f"vendor credit note, {lock}", vendor, "lock_date", "date", words)
                self._case(f"entry, {lock}", self._entry(date="2026-06-01"), "lock_date", "date", words)
        invoice = self._sale(date="2026-07-01")
        self._run()
        with self._in_xero(period_lock_date="2026-09-30"):
            payment = self._partials(self._paid(invoice, "2026-09-15"))
            self._case("payment in a locked period", payment, "lock_date", "date", "the period lock date")
            self._case("money on account in a locked period", self._money(100, date="2026-09-15"), "lock_date", "date", "lock date")
        note, other = self._credit_note(10, date="2026-07-01"), self._sale(date="2026-07-01")
        paid = self._sale(date="2026-07-01")
        payment = self._pay(paid, date="2026-07-02")
        self._run()
        with self._in_xero(period_lock_date="2026-09-30"):
            self._match(note, other)
            allocation = (note + other).line_ids.matched_debit_ids | (note + other).line_ids.matched_credit_ids
            self._case("allocation in a locked period", allocation, "lock_date", "date", "lock date")
            payment.action_draft()
            payment.action_cancel()
            self._case("payment removed in a locked period", payment, "lock_date", "date", "lock date")
        with self._in_xero(period_lock_date="2026-06-30"):
            sent.button_draft()
            sent.invoice_line_ids.price_unit = 120
            sent.action_post()
            self._case("changed amount in a locked period", sent, "lock_date", "change", "the period lock date")
            void.button_draft()
            void.button_cancel()
            self._case("void in a locked period", void, "lock_date", "removal", "the period lock date")

    def _paid(self, invoice, date):
        self._pay(invoice, date=date)
        return invoice

    def _accounts_and_taxes(self):
        with self._in_xero(archive_accounts=["200"], undo={"restore_accounts": ["200"]}):
            words = "has been archived"
            self._case("invoice on an archived account", self._sale(), "account_archived", "archived", words)
            self._case("credit note on an archived account", self._credit_note(10), "account_archived", "archived", words)
        with self._in_xero(archive_accounts=["429"], undo={"restore_accounts": ["429"]}):
            self._case("bill on an archived account", self._bill(10, ref="T-0"), "account_archived", "archived", words)
        with self._in_xero(archive_accounts=["477"], undo={"restore_accounts": ["477"]}):
            self._case("entry on an archived account", self._entry(), "account_archived", "archived", "archived|not a valid code|removed")
        debtors = self._entry(("debtors", 10, {"partner_id": self.partner.id}), ("wages", -10))
        self._case("entry on the receivable account", debtors, "account_forbidden", "clearing", "not a valid code")
        words = "cannot be used with account code"
        self._case("sales tax on an expense in an entry", self._taxed(account="wages"), "tax_illegal", "tax", words)
        unmapped = self.env["account.account"].create({"code": "4998", "name": "Unmapped", "account_type": "income"})
        words = "Account code must be specified"
        self._case("account without counterpart", self._on(unmapped, self._sale(post=False)), "account_unmapped", "account", words)
        expense = self.company_data["default_account_expense"]
        words = "cannot be used with account code"
        self._case("sales tax on an expense account", self._on(expense, self._sale(post=False)), "tax_illegal", "tax", words)
        bill = self._bill(10, ref="T-1", post=False)
        self._case("purchase tax on income", self._on(self.company_data["default_account_revenue"], bill), "tax_illegal", "tax", words)
        with self._in_xero(delete_tax_rates=["OUTPUT"], undo={"restore_tax_rates": ["OUTPUT"]}):
            self._case("tax rate deleted in Xero", self._sale(), "tax_illegal", "tax", "no longer active")
        with self._in_xero(delete_tax_rates=["INPUT"], undo={"restore_tax_rates": ["INPUT"]}):
            self._case("purchase tax deleted in Xero", self._bill(10, ref="T-2"), "tax_illegal", "tax", "no longer active")

    def _on(self, account, move):
        """The document with its line on this account, posted."""
        move.invoice_line_ids.account_id = account
        move.action_post()
        return move

    def _contacts_and_currencies(self):
        partner = self.env["res.partner"].create({"name": "Old customer", "email": "old@example.com"})
        self._sale(partner=partner)
        self._run()
        with self._in_xero(archive_contacts=["Old customer"], undo={"restore_contacts": [self._binding(partner).xero_id]}):
            self._case("invoice to an archived contact", self._sale(partner=partner), "contact_archived", "contact", "archived")
            bill = self._bill(10, partner=partner, ref="C-1")
            self._case("bill of an archived contact", bill, "contact_archived", "contact", "archived")
            money = self._money(40, partner_id=partner.id)
            self._case("money on account of an archived contact", money, "contact_archived", "contact", "archived")
            self._case("credit note, archived contact", self._credit_note(10, partner=partner), "contact_archived", "contact", "archived")
        currency = self.env.ref("base.EUR")
        currency.active = True
        words = "not subscribed to currency"
        self._case("currency not in Xero", self._sale(currency_id=currency.id), "currency_missing", "currency", words)
        self._case("bill, currency", self._bill(10, ref="E-1", currency_id=currency.id), "currency_missing", "currency", words)
        self._case("credit note, currency", self._credit_note(10, currency_id=currency.id), "currency_missing", "currency", words)

    def _numbers_and_approvals(self):
        journal = self.company_data["default_journal_sale"].copy({"code": "SAL2"})
        first, note = self._sale(), self._credit_note(10)
        self._run()
        words = "must be unique"
        again = self._sale(post=False, journal_id=journal.id)
        again.name = first.name.lower()
        again.action_post()
        self._case("number of another invoice", again, "number_in_use", "number", words)
        other = self._credit_note(20, post=False, journal_id=journal.id)
        other.name = note.name
        other.action_post()
        self._case("number of another credit note", other, "number_in_use", "number", words)
        twins = self._sale(journal_id=self.company_data["default_journal_sale"].id) + self._sale(post=False, journal_id=journal.id)
        twins[1].name = twins[0].name
        twins[1].action_post()
        self._run()
        self.assertEqual(self._job(twins[0]).state, "done", "the first of a batch goes")
        self._later()
        self._case("the same number twice in one batch", twins[1], "number_in_use", "number", "must be unique|unique")
        words = "limit of invoices you can approve"
        with self._in_xero(forbidden_actions=["CreateApprovedInvoice"], undo={"forbidden_actions": []}):
            self._case("more approved invoices than the plan has", self._sale(), "approval_limit", "approval", words)
            self.connection.sudo().invoice_approval = "draft"
            draft = self._sale()
            self._run()
            self.assertEqual(draft.xero_state, "synced", "drafts are not counted")
            self.connection.sudo().invoice_approval = "authorised"
        with self._in_xero(forbidden_actions=["CreateApprovedBill"], undo={"forbidden_actions": []}):
            self._case("more approved bills than the plan has", self._bill(10, ref="A-1"), "approval_limit", "approval", words)

    def _amounts(self):
        words = "must not exceed"
        self._case("a line too large", self._invoice(10**10, taxes=self.env["account.tax"]), "amount_limit", "amount", words)
        bill = self._bill(10**10, ref="B-1")
        self._case("a line of a bill too large", bill, "amount_limit", "amount", words)

    def _money_and_credit(self):
        invoices, note = [self._sale(), self._sale()], self._credit_note(30)
        self._run()
        journal = self.company_data["default_journal_bank"]
        line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        bank = line.xero_account_id
        line.xero_account_id = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "880")])
        with self._in_xero(disable_payments=["880"], undo={"enable_payments": ["880"]}):
            payment = self._partials(self._paid(invoices[0], "2026-10-02"))
            self._case("account that takes no payments", payment, "account_no_payments", "payments", "cannot be used for payments")
        with self._in_xero(archive_accounts=["880"], undo={"restore_accounts": ["880"]}):
            payment = self._partials(self._paid(invoices[1], "2026-10-02"))
            self._case("archived account of a payment", payment, "account_archived", "payments", "archived")
        line.xero_account_id = bank
        with self._in_xero(archive_accounts=["090"], undo={"restore_accounts": ["090"]}):
            self._case("archived bank of money on account", self._money(70), "account_archived", "payments", "active account")
            refund = self._partials(self._paid(note, "2026-10-02"))
            self._case("archived bank of a refund", refund, "account_archived", "payments", "archived")
        self._credit_and_drafts()

    def _credit_and_drafts(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        note, invoice = self._credit_note(10), self._sale(partner=other)
        self._run()
        self._match(note, invoice)
        allocation = note.line_ids.matched_debit_ids | note.line_ids.matched_credit_ids
        self._case("allocation to another customer", allocation, "match_impossible", "same", "same contact")
        self.connection.sudo().invoice_approval = "draft"
        draft = self._sale()
        self._run()
        payment = self._partials(self._paid(draft, "2026-10-02"))
        self._case("payment of a draft in Xero", payment, "not_approved", "approved", "Authorised documents")
        self.connection.sudo().invoice_approval = "authorised"
        self._paid_in_xero()

    def _paid_in_xero(self):
        """What somebody paid in Xero is asked about before anything is voided."""
        invoice = self._sale()
        self._run()
        self._pay_in_xero(invoice, 10)
        invoice.button_draft()
        invoice.button_cancel()
        with self.subTest("void of what was paid in Xero"):
            writes = self._writes()
            self._run()
            self.assertEqual((self._job(invoice).problem_id.code, self._writes()), ("paid_in_xero", writes))
            self.results.append(("void of what was paid in Xero", "paid_in_xero"))
            self._give_up(self._job(invoice))

    def _pay_in_xero(self, invoice, amount):
        bank = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "090")])
        payload = {"Invoice": {"InvoiceID": self._binding(invoice).xero_id}, "Account": {"AccountID": bank.xero_id}}
        made = self._xero().create_payments([{**payload, "Amount": amount, "Date": "2026-10-01"}], f"by hand {invoice.id}")
        self.assertTrue(made[0].ok, made[0].errors)

    def _tracked(self):
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        north, nowhere = self.env["account.analytic.account"].create(
            [{"name": "North", "plan_id": plan.id}, {"name": "Nowhere", "plan_id": plan.id}]
        )
        self.connection._propose_mapping()
        self.connection.action_confirm_mapping()
        words = "tracking category or option does not exist"
        self._case("option that Xero does not have", self._with_option(nowhere), "option_missing", "option", words)
        category = next(row for row in self.organisation.tracking if row["Name"] == "Region")
        options = tuple({**row, "Status": "ARCHIVED"} if row["Name"] == "North" else row for row in category["Options"])
        self.organisation.tracking.put({**category, "Options": options})
        self.connection._read_reference_data()
        self._case("option archived in Xero", self._with_option(north), "option_missing", "option", words)

    def _with_option(self, account):
        invoice = self._sale(post=False)
        invoice.invoice_line_ids.analytic_distribution = {str(account.id): 100}
        invoice.action_post()
        return invoice

    def _unknowable(self):
        """What people did in Xero since it was last read."""
        taken = self._sale(post=False)
        taken.action_post()
        foreign = self._xero().invoices(numbers=[self.documents[0].name])[0]
        payload = {"InvoiceID": self._remote(self.documents[1]).xero_id, "InvoiceNumber": taken.name}
        self.assertTrue(foreign and self._xero().update_invoices([payload])[0].ok)
        self._only_refused("number given in Xero by hand", taken, "number_in_use", "must be unique")
        invoice = self._sale()
        self._run()
        self._pay_in_xero(invoice, 100)
        payment = self._partials(self._paid(invoice, "2026-10-02"))
        self._only_refused("payment of what was paid in Xero by hand", payment, "payment_too_large", "exceeds the amount outstanding")
