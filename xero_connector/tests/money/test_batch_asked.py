from odoo.tests import tagged

from ..common.money_in import MoneyInCase

CALLS = {"GET /BatchPayments": 1, "GET /Payments": 1, "PUT /BatchPayments": 1}


@tagged("post_install", "-at_install")
class TestBatchAsked(MoneyInCase):
    """A batch of a bank that both sides record: before it goes, it is asked whether a part of it has just been paid in Xero."""

    def _prepare(self):
        super()._prepare()
        self._record_in("both")
        self._run()

    def _together(self, amount=40):
        """One payment that pays as much of two invoices of 110 each."""
        invoices = self._invoice(100) + self._invoice(100)
        self._run()
        payment = self._money(2 * amount, date="2026-10-06")
        debts = self._debts(*invoices)
        (debts | self._debts(payment)).with_context(xero_offered=dict.fromkeys(debts.ids, amount)).reconcile()
        self.assertEqual(invoices.mapped("amount_residual"), [70, 70])
        return invoices, payment

    def _paid_there(self):
        return sum(row["Amount"] for row in self.organisation.payments if row["Status"] == "AUTHORISED")

    def _batches(self):
        return [float(row["TotalAmount"]) for row in self.organisation.batch_payments if row["Status"] == "AUTHORISED"]

    def test_nothing_like_it(self):
        """Another amount, or of another week: it goes at once, and is asked about in one call for all of it."""
        invoices, payment = self._together()
        self._rita("pay", document=invoices[0].xero_id, amount=39.99, date="2026-10-05")
        self._rita("pay", document=invoices[1].xero_id, amount=40, date="2026-10-20")
        before = dict(self.xero.calls)
        self._run()
        self.assertEqual((payment.xero_state, self._batches()), ("synced", [80.0]), payment.xero_message)
        asked = {name: count - before.get(name, 0) for name, count in self.xero.calls.items() if "Payments" in name}
        self.assertEqual({name: count for name, count in asked.items() if count}, CALLS)

    def test_one_of_them_was_paid_there(self):
        """There is room for both, so Xero would take it: it waits, and a person says that they are the same."""
        invoices, payment = self._together()
        self._rita("pay", document=invoices[0].xero_id, amount=40, date="2026-10-05")
        self._run()
        self.assertEqual((payment.xero_state, self._batches()), ("blocked", []))
        self.assertIn("may be in Xero already", payment.xero_message)
        self._run()
        [money] = self._money_of(invoices[0])
        self.assertEqual((money.state, money.payment_id), ("proposed", payment))
        money.action_same()
        self._run()
        self.assertEqual((payment.xero_state, self._paid_there(), money.state), ("synced", 80, "booked"), payment.xero_message)
        self.assertEqual(invoices.mapped("amount_residual"), [70, 70])
        self.assertEqual(invoices.mapped("xero_state"), ["synced", "synced"], invoices.mapped("xero_message"))
        self._assert_quiet()

    def test_two_different_ones(self):
        invoices, payment = self._together()
        self._rita("pay", document=invoices[0].xero_id, amount=40, date="2026-10-05")
        self._run()
        self._run()
        self._money_of(invoices[0]).action_another()
        self._run()
        self._run()
        self.assertEqual((payment.xero_state, self._batches(), self._paid_there()), ("synced", [80.0], 120), payment.xero_message)
        self.assertEqual(invoices.mapped("amount_residual"), [30, 70])
        self._assert_quiet()

    def test_the_whole_batch_was_made_there(self):
        invoices, payment = self._together()
        payments = [{"document": invoice.xero_id, "amount": 40} for invoice in invoices]
        self._rita("batch_deposit", payments=payments, date="2026-10-05")
        self._run()
        self.assertEqual((payment.xero_state, self._batches()), ("blocked", [80.0]))
        self._run()
        [money] = self.env["xero.money"].search([])
        self.assertEqual((money.kind, money.state, money.payment_id), ("batch_payment", "proposed", payment))
        money.action_same()
        self._run()
        self.assertEqual((payment.xero_state, self._batches(), self._paid_there()), ("synced", [80.0], 80), payment.xero_message)
        self._assert_quiet()

    def test_only_odoo_records(self):
        """Nothing is asked where nobody else records payments of the bank."""
        self._record_in("odoo")
        invoices, payment = self._together()
        self._rita("pay", document=invoices[0].xero_id, amount=40, date="2026-10-05")
        self._run()
        self.assertEqual((payment.xero_state, self._batches()), ("synced", [80.0]))
