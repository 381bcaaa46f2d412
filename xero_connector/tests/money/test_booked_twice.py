from odoo.tests import tagged

from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestBookedTwice(MoneyInCase):
    """Xero books lines of the bank by itself: what stands there beside a payment of ours is probably the same money."""

    def _prepare(self):
        super()._prepare()
        self._record_in("both")
        self._run()
        self.invoice = self._sent(self._invoice(100))

    def _hour(self):
        self._pass(minutes=61)
        self._run()

    def _received(self, **values):
        given = {"contact": self.partner.xero_id, "amount": 110, "account": self.account_code, "date": "2026-10-03", **values}
        return self._rita("receive_money", **given)

    def _rows(self, state="twice"):
        return self.env["xero.money"].search([("state", "=", state)])

    def _paid(self):
        payment = self._pay(self.invoice)
        self._run()
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        return payment

    def test_after_our_payment(self):
        payment = self._paid()
        self._received()
        self._hour()
        self.assertEqual(self._rows().payment_id, payment)
        self.assertIn(payment.name, self._rows().message)
        self.assertEqual([len(needs) for needs in self.connection._money_needs()], [1, 0])
        self.assertIn("bankTransactionID", self._rows().action_open_in_xero()["url"])

    def test_before_our_payment(self):
        """The line of the bank came first: nothing is wrong until our payment comes beside it."""
        self._received()
        self._hour()
        self.assertEqual((len(self._rows()), len(self._rows("seen"))), (0, 1))
        payment = self._paid()
        self._run()
        self.assertEqual(self._rows().payment_id, payment)

    def test_removed_in_xero(self):
        self._paid()
        made = self._received()
        self._hour()
        self._rita("remove_and_redo", item=made["BankTransactionID"])
        self._hour()
        self.assertFalse(self._rows())

    def test_two_different_ones(self):
        """Is never asked again, by a whole reading neither."""
        self._paid()
        self._received()
        self._hour()
        self._rows().action_another()
        self._pass(days=2)
        self._run()
        self.assertEqual((len(self._rows()), len(self._rows("seen"))), (0, 1))

    def test_our_payment_is_cancelled(self):
        payment = self._paid()
        self._received()
        self._hour()
        payment.action_draft()
        payment.action_cancel()
        self._run()
        self._run()
        self.assertFalse(self._rows())

    def test_what_is_not_alike(self):
        """Another amount, side, contact, or more days apart."""
        self._paid()
        other = self._rita("write_contact", name="Somebody Else")["ContactID"]
        self._received(amount=109.99)
        self._received(date="2026-10-07")
        self._received(contact=other)
        self._rita("spend_money", contact=self.partner.xero_id, amount=110, account=self.account_code, date="2026-10-01")
        self._hour()
        self.assertFalse(self._rows())

    def test_our_own_bank_transaction_is_none(self):
        """What Odoo has made beside a payment (the bank got 110 more than is owed) is no stranger, though it looks like one of 110."""
        context = {"active_model": "account.move", "active_ids": self.invoice.ids}
        income = self.company_data["default_account_revenue"].id
        handling = {"payment_difference_handling": "reconcile", "writeoff_account_id": income, "writeoff_label": "On top"}
        values = {"payment_date": "2026-10-01", "amount": 220, **handling}
        self.env["account.payment.register"].with_context(**context).create(values)._create_payments()
        self._hour()
        self._hour()
        kinds = [(row["Type"], row["Total"]) for row in self.organisation.bank_transactions]
        self.assertEqual(kinds, [("RECEIVE", 110)])
        self.assertFalse(self.env["xero.money"].search([]))
