from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ...handlers.money.parts import debt_lines, settling_partials
from ...xero_core import lists
from ...xero_core.resources import payments
from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestMoneyIn(MoneyInCase):
    """Payments that people make and remove in Xero are booked here, and taken back: once, to the cent, and nothing of it is sent there."""

    # === BOOKED === #

    def test_paid_in_xero(self):
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05", reference="EFT 7")
        self._read()
        self._assert_paid(invoice, "2026-10-05", 110)
        payment = self._payments(invoice)
        self.assertEqual((payment.journal_id, payment.payment_type, payment.memo), (self.bank, "inbound", "EFT 7"))
        self.assertEqual((payment.xero_state, self._binding_of(payment).origin), ("synced", "xero"))
        self.assertIn("110", " ".join(invoice.message_ids.mapped("body")))
        self._assert_quiet()

    def test_of_each_kind(self):
        """A bill is paid, a credit note of either side is refunded."""
        documents = [self._bill(50), self._credit_note(30), self._bill(20, move_type="in_refund", ref="C-1")]
        for document in documents:
            self._sent(document)
            self._rita("pay", document=document.xero_id, date="2026-10-05")
        self._read()
        types = [self._payments(document).mapped("payment_type") for document in documents]
        self.assertEqual(types, [["outbound"], ["outbound"], ["inbound"]])
        for document, amount in zip(documents, (55, 33, 22), strict=True):
            self._assert_paid(document, "2026-10-05", amount)
        self._assert_quiet()

    def test_twice_the_same(self):
        """Two payments of one amount and day are two; the rest stays open."""
        invoice = self._sent(self._invoice(100))
        for _each in range(2):
            self._rita("pay", document=invoice.xero_id, amount=40, date="2026-10-05")
        self._read()
        self.assertEqual((len(self._payments(invoice)), invoice.amount_residual), (2, 30))
        self._assert_quiet()

    def test_whole_reading_tells_it_again(self):
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self._pass(days=2)
        self._run()
        self.assertEqual(len(self._payments(invoice)), 1)

    def test_what_was_booked_is_compared_by_the_list(self):
        """A call a list, however many were paid; also where one had differed: the list that follows tells it anew."""
        invoices = [self._sent(self._invoice(100 + number)) for number in range(3)]
        self._rita("edit", item=invoices[0].xero_id, fields={"DueDate": "2026-11-30"})
        self._read()
        for invoice in invoices:
            self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._pass(minutes=16)
        self.assertEqual((self._calls_of(self._run, "GET /Invoices"), {each.payment_state for each in invoices}), (1, {"paid"}))
        self.assertEqual([each.xero_state for each in invoices], ["drift", "synced", "synced"])
        self.assertFalse(self.env["xero.binding"].sudo().search_count([("look_again", "=", True)]))

    def test_more_than_a_run_has_time_for(self):
        """The next run follows at once; meanwhile no document is compared for which the money is known and not booked."""
        invoices = [self._sent(self._invoice(100 + number)) for number in range(5)]
        for invoice in invoices:
            self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._pass(minutes=16)
        watch, taking, read_at = SimpleNamespace(seconds=0), type(self.env["xero.taking"]), self._cursor().read_at
        watch.monotonic, original = lambda: watch.seconds, taking._attempt

        def attempt(this, money):
            original(this, money)
            watch.seconds += 60

        paid, engine = [], "odoo.addons.xero_connector.engine.intake"
        with patch(f"{engine}.time", watch), patch(f"{engine}.TOGETHER", 1), patch.object(taking, "_attempt", attempt):
            for _each in invoices:
                self._run()
                paid.append(sum(not each.amount_residual for each in invoices))
                triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)])
                self.assertLess((min(triggers.mapped("call_at")) - fields.Datetime.now()).total_seconds(), 5)
                self.assertEqual(self._cursor().read_at, read_at)
        self.assertEqual(paid, [1, 2, 3, 4, 5])
        self._read()
        self.assertEqual({each.xero_state for each in invoices}, {"synced"})
        self.assertFalse([each for each in invoices if "Different" in " ".join(each.message_ids.mapped("body"))])

    def test_one_payment_of_several_invoices(self):
        first, second = self._sent(self._invoice(100)), self._sent(self._invoice(200))
        payments = [{"document": first.xero_id, "amount": 60}, {"document": second.xero_id, "amount": 220}]
        self._rita("batch_deposit", payments=payments, date="2026-10-06")
        self._read()
        payment = self._payments(first)
        self.assertEqual((payment, payment.amount), (self._payments(second), 280))
        self.assertEqual((first.amount_residual, second.amount_residual), (50, 0))
        self.assertEqual(self._binding_of(payment).kind, "batch_payment")
        self._assert_quiet()

    def test_instalments(self):
        """One payment of Xero's is one match for each instalment here; together they are that payment."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "in two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        invoice = self._sent(self._invoice(100, invoice_payment_term_id=terms.id))
        self._rita("pay", document=invoice.xero_id, amount=80, date="2026-10-05")
        self._read()
        self.assertEqual((len(settling_partials(invoice)), invoice.amount_residual), (2, 30))
        self._assert_quiet()
        settling_partials(invoice)[1].unlink()
        self._run()
        self.assertEqual(self._xero_invoice(invoice).amount_due, 55, "what is matched no more is paid no more")
        self._assert_quiet()

    def test_foreign_invoice(self):
        """The bank's amount is the bank's, whatever the rate here."""
        usd = self._currency("USD", {"2026-01-01": 0.5})
        invoice = self._sent(self._invoice(100, currency_id=usd.id))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05", bank_amount=215.37)
        self._read()
        self.assertEqual(self._money_of(invoice).mapped("message"), [False])
        payment = self._payments(invoice)
        liquidity = payment._seek_for_lines()[0]
        self.assertEqual((payment.amount, payment.currency_id, liquidity.balance), (110, usd, 215.37))
        self.assertEqual((invoice.amount_residual, invoice.payment_state in ("paid", "in_payment")), (0, True))
        self._assert_quiet()

    def test_bank_amount_that_nobody_says(self):
        """Nothing is reckoned at a rate of Odoo's instead."""
        usd = self._currency("USD", {"2026-01-01": 0.5})
        invoice = self._sent(self._invoice(100, currency_id=usd.id))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05", bank_amount=215.37)
        self._read_without_bank_amount(made["PaymentID"])
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, len(self._payments(invoice)), invoice.amount_residual), ("held", 0, 110))
        self.assertIn("does not say how much", money.message)

    def _read_without_bank_amount(self, xero_id):
        original = payments.from_xero

        def from_xero(payload):
            return original({name: value for name, value in payload.items() if name != "BankAmount"})

        listing = replace(lists.LISTINGS["Payments"], read=from_xero)
        with patch.dict(lists.LISTINGS, {"Payments": listing}):
            self._read()

    def test_bank_in_a_third_currency(self):
        """Neither the document's nor the company's: there is no amount that Xero and Odoo would both have."""
        self._currency("USD", {"2026-01-01": 0.5})
        self.bank.currency_id = self.env.ref("base.USD")
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.cause, len(self._payments(invoice))), ("held", "currency", 0))

    # === WHO RECORDS === #

    def test_nobody_has_chosen(self):
        self._record_in(False)
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, self._payments(invoice)), ("asked", self.env["account.payment"]))
        self.assertEqual(invoice.xero_state, "drift", "what is open differs, and it says so")
        self._record_in("xero")
        self._run()
        self._assert_paid(invoice, "2026-10-05", 110)
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        self._assert_quiet()

    def test_who_is_told(self):
        """One to-do while anything waits, which closes itself; the Overview and the daily e-mail count it."""
        self._record_in(False)
        for invoice in (self._sent(self._invoice(100)), self._sent(self._invoice(50))):
            self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self._read()
        to_dos = self.connection.activity_ids.filtered(lambda activity: activity.xero_code == "money_in_xero")
        self.assertEqual(len(to_dos), 1)
        self.assertEqual([need["count"] for need in self.connection.overview_needs if need.get("method") == "action_open_money"], [2])
        self.connection.send_digest = True
        self.connection._send_digest()
        body = self.env["mail.message"].search([("model", "=", "xero.connection"), ("res_id", "=", self.connection.id)], limit=1).body
        self.assertIn("Money from Xero", body)
        self._record_in("xero")
        self._run()
        self.assertFalse(self.connection.activity_ids.filtered(lambda activity: activity.xero_code == "money_in_xero"))
        self.connection._send_digest()
        body = self.env["mail.message"].search([("model", "=", "xero.connection"), ("res_id", "=", self.connection.id)], limit=1).body
        self.assertIn("Payments that came from Xero: 2", " ".join(body.replace("<span>", "").replace("</span>", "").split()))

    def test_odoo_records(self):
        """It is shown, and booked when a person says so."""
        self._record_in("odoo")
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual(money.state, "asked")
        money.action_book()
        self._run()
        self._assert_paid(invoice, "2026-10-05", 110)
        self._assert_quiet()

    def test_xero_records(self):
        """What is registered here is not sent, and says why; what Xero has like it is one with it when a person says so."""
        invoice = self._sent(self._invoice(100))
        payment = self._pay(invoice, date="2026-10-05")
        self.assertEqual(self._calls_of(self._run, "PUT"), 0)
        self.assertFalse(payment.xero_state)
        self.assertIn("recorded in Xero", payment.xero_message)
        self._rita("pay", document=invoice.xero_id, date="2026-10-07")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.payment_id), ("proposed", payment))
        money.action_same()
        self._run()
        self.assertEqual((payment.xero_state, self._payments(invoice)), ("synced", payment))
        self.assertIn("answered this already", str(money.action_same()), "a second click")
        self._assert_quiet()

    def test_both_record(self):
        """Odoo's go out; one that looks like Xero's waits until a person has said what they are."""
        self._record_in("both")
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, amount=40, date="2026-10-05")
        payment = self._pay(invoice, amount=40, date="2026-10-06")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, payment.xero_state), ("proposed", "blocked"), payment.xero_message)
        money.action_another()
        self._run()
        self._run()
        self.assertEqual((len(self._payments(invoice)), invoice.amount_residual, payment.xero_state), (2, 30, "synced"))
        self.assertEqual(sum(row["Amount"] for row in self.organisation.payments if row["Status"] == "AUTHORISED"), 80)
        self._assert_quiet()

    def test_both_record_the_same_at_once(self):
        """Since the last reading somebody has made it in Xero: it is asked before ours is sent, which there is room for."""
        self._record_in("both")
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, amount=40, date="2026-10-05")
        payment = self._pay(invoice, amount=40, date="2026-10-06")
        other = self._pay(invoice, amount=20, date="2026-10-06")
        self._run()
        self.assertEqual((payment.xero_state, other.xero_state), ("blocked", "synced"), other.xero_message)
        self._run()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.payment_id), ("proposed", payment))
        money.action_same()
        self._run()
        self.assertEqual((payment.xero_state, invoice.amount_residual), ("synced", 50), payment.xero_message)
        self.assertEqual(sum(row["Amount"] for row in self.organisation.payments if row["Status"] == "AUTHORISED"), 60)
        self._assert_quiet()

    def test_left_out(self):
        self._record_in(False)
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self._money_of(invoice).action_leave_out()
        self._record_in("xero")
        self._pass(days=2)
        self._run()
        self.assertEqual((self._money_of(invoice).state, len(self._payments(invoice))), ("ignored", 0))

    # === HELD === #

    def test_closed_period(self):
        """Odoo would move it to another day without a word; so it is held until the period is open."""
        invoice = self._sent(self._invoice(100))
        self.env.company.fiscalyear_lock_date = "2026-10-31"
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.cause), ("held", "locked"))
        self.env.company.fiscalyear_lock_date = False
        self._read()
        self._assert_paid(invoice, "2026-10-05", 110)

    def test_more_than_is_open(self):
        """Until what settles the rest here is undone."""
        invoice = self._sent(self._invoice(100))
        self.connection.sync_payment = "off"
        payment = self._money(80, journal_id=self.company_data["default_journal_cash"].id)
        self._match(payment, invoice)
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.cause), ("held", "too_much"))
        payment.action_draft()
        payment.action_cancel()
        self._read()
        self.assertEqual((money.state, invoice.amount_residual), ("booked", 0), money.message)

    def test_account_without_a_journal(self):
        self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.bank).unlink()
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05", account=self.account_code)
        self._read()
        self.assertEqual(self._money_of(invoice).mapped("cause"), ["unmapped"])

    def test_draft_here(self):
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        invoice.button_draft()
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual((money.state, money.cause), ("held", "draft"))
        invoice.action_post()
        self._read()
        self._assert_paid(invoice, "2026-10-05", 110)

    def test_document_of_somebody_else(self):
        """What is for documents that are not here leaves no trace."""
        self._sent(self._invoice(10))
        lines = [{"Description": "x", "UnitAmount": "10", "Quantity": 1, "AccountCode": "200"}]
        theirs = self._rita("write_invoice", contact=self.partner.xero_id, lines=lines)
        self._rita("pay", document=theirs["InvoiceID"], date="2026-10-05")
        self._read()
        self.assertFalse(self.env["xero.money"].search([]))

    # === CHANGED HERE LATER === #

    def test_undone_here(self):
        """A later change by a person in Odoo is one like any other: it goes to Xero."""
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self._payments(invoice).action_draft()
        debt_lines(invoice).remove_move_reconcile()
        self._run()
        self.assertEqual([row["Status"] for row in self.organisation.payments], ["DELETED"])
        self._assert_quiet()

    def test_from_paid_there_to_paid_here(self):
        """Within the interval of reading."""
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._pass(minutes=15)
        self._run()
        self.assertEqual(invoice.amount_residual, 0)

    def _currency(self, name, rates):
        self.organisation.add_currency(name)
        self.connection._read_reference_data()
        currency = self.env.ref(f"base.{name}")
        currency.active = True
        currency.rate_ids = [Command.create({"name": day, "rate": rate, "company_id": self.env.company.id}) for day, rate in rates.items()]
        return currency

    def test_nothing_spins(self):
        """What is held is looked at again at intervals, not in every run."""
        invoice = self._sent(self._invoice(100))
        self.env.company.fiscalyear_lock_date = "2026-10-31"
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        before = money.looked_at
        self._run()
        self.assertTrue(before)
        self.assertEqual(money.looked_at, before)
