from odoo import Command, fields
from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestMovements(XeroMoneyCommon):
    """Orders of events that random histories found: whatever was decided before, Xero holds what the matches say now."""

    def _prepare(self):
        super()._prepare()
        self.xero.switches.void_prepaid = "allowed"

    def _lock(self, day):
        self._organisation().period_lock_date = fields.Date.to_date(day)
        self.connection._read_reference_data()

    def test_one_of_two_bills_paid_together_is_a_draft(self):
        """The other's money arrives; that of the draft follows when it is confirmed."""
        self._map_purchases()
        for sent_before in (False, True):
            with self.subTest(sent_before=sent_before):
                first, second = self._bill(100, ref=f"A{sent_before}"), self._bill(50, ref=f"B{sent_before}")
                payment = self._money(165, "outbound", "supplier", date="2026-10-03")
                self._match(payment, first, second)
                if sent_before:
                    self._run()
                second.button_draft()
                self.env.flush_all()
                self.env.cr.execute("UPDATE account_move SET write_date = write_date - interval '61 minutes' WHERE id = %s", [second.id])
                self.env.invalidate_all()
                self._settle(3)
                self.assertEqual(self._remote(first).status, "PAID")
                second.action_post()
                self._match(payment, second)
                self._settle(3)
                self.assertEqual([self._remote(bill).status for bill in (first, second)], ["PAID", "PAID"])
                self._assert_balances()

    @every_value("allocation_contact")
    def test_on_account_then_matched_with_another_currency_or_contact(self):
        """Xero cannot allocate that: the money is made anew, as a payment of the document."""
        self._organisation().add_currency("USD")
        self.connection._read_reference_data()
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": "2026-01-01", "rate": 0.8, "company_id": self.env.company.id})]
        other = self.env["res.partner"].create({"name": "Deco Addict"})
        foreign, theirs = self._invoice(80, currency_id=usd.id), self._invoice(100, partner=other)
        for invoice, amount in ((foreign, 110), (theirs, 110)):
            with self.subTest(invoice.currency_id.name):
                payment = self._money(amount)
                self._settle()
                self._match(payment, invoice)
                self._settle(3)
                self.assertEqual(self._xero_invoice(invoice).status, "PAID")
                self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        self.assertEqual(float(self._xero_bank()), 220)

    def test_no_room_as_long_as_other_money_is_still_there(self):
        """A closed period keeps a payment on an invoice that was paid otherwise since: the new one names it, and follows it."""
        invoice = self._invoice(100)
        old = self._money(110, date="2026-08-20")
        self._match(invoice, old)
        self._settle()
        self._lock("2026-08-31")
        self._unmatch(invoice)
        new = self._money(110, date="2026-10-05")
        self._match(invoice, new)
        self._settle(2)
        self.assertEqual((old.xero_state, old.xero_problem_id.code), ("blocked", "lock_date"))
        self.assertEqual((new.xero_state, new.xero_problem_id.code), ("blocked", "payment_too_large"))
        self.assertIn(old.name, new.xero_message)
        before = self._calls("PUT")
        self._settle()
        self.assertEqual(self._calls("PUT"), before, "it is not tried again before that has gone")
        self._lock(None)
        self._settle(3)
        self._assert_balances()
        self.assertEqual(float(self._xero_bank()), 220)

    def test_what_pays_back_money_that_is_held_stands_behind_its_cause(self):
        """Money of two contacts cannot stand on account with what is left of it; what pays that back waits for the same reason."""
        other = self.env["res.partner"].create({"name": "Deco Addict"})
        theirs = self._invoice(100, partner=other)
        payment, back = self._money(150), self._money(40, "outbound", "customer", date="2026-10-03")
        self._match(theirs, payment)
        self._match(payment, back)
        self._settle(2)
        self.assertEqual((payment.xero_state, payment.xero_problem_id.code), ("blocked", "not_ready"))
        self.assertEqual((back.xero_state, back.xero_problem_id), ("blocked", payment.xero_problem_id))
