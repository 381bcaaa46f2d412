from contextlib import contextmanager
from datetime import timedelta

from odoo.tests import tagged

from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestMoneyAway(MoneyInCase):
    """What people did in Xero while this database was disconnected, or did not know of it any more: nothing is lost, nothing is doubled."""

    def _prepare(self):
        super()._prepare()
        self.connection.records_allocations = "xero"
        self._run()

    def _read(self):
        self._pass(minutes=61)
        self._run()

    @contextmanager
    def _since_the_backup(self):
        """What happens in here Xero knows and this database has forgotten: an older backup takes its place, and somebody goes on in it."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        yield
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.env.cr.execute("UPDATE xero_token SET database = 'x/y/1' WHERE connection_id = %s", [self.connection.id])
        self.env.invalidate_all()
        self.assertTrue(self.connection.is_database_copy)
        before = self._changes(), self.env["account.payment"].search_count([])
        self._run()
        self.assertEqual((self._changes(), self.env["account.payment"].search_count([])), before, "until somebody has answered")
        self.connection.action_continue_here()
        for _again in range(3):
            self._run()

    def _there(self, table="payments"):
        return [row for row in getattr(self.organisation, table) if row["Status"] == "AUTHORISED"]

    # === AN OLDER BACKUP === #

    def test_booked_since_the_backup(self):
        invoice = self._sent(self._invoice(100))
        with self._since_the_backup():
            self._rita("pay", document=invoice.xero_id, date="2026-10-05")
            self._read()
            self._assert_paid(invoice, "2026-10-05", 110)
        self._assert_paid(invoice, "2026-10-05", 110)
        self.assertEqual(len(self._there()), 1)
        self._assert_quiet()

    def test_taken_back_since_the_backup(self):
        invoice = self._sent(self._invoice(100))
        made = self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        payment = self._payments(invoice)
        with self._since_the_backup():
            self._rita("delete_payment", payment=made["PaymentID"])
            self._read()
            self.assertEqual(invoice.amount_residual, 110)
        self._pass(days=1)
        self._run()
        self.assertEqual((payment.state, invoice.amount_residual, self._there()), ("canceled", 110, []))
        self._assert_quiet()

    def test_paid_here_since_the_backup(self):
        """Nobody here knows of the payment any more, and it is in Xero all the same: it comes back from there, once."""
        self._record_in("both")
        invoice = self._sent(self._invoice(100))
        with self._since_the_backup():
            payment = self._pay(invoice)
            self._run()
            self.assertEqual(payment.xero_state, "synced")
        self._assert_paid(invoice, "2026-10-01", 110)
        self.assertEqual(len(self._there()), 1)
        self._assert_quiet()

    def test_matched_since_the_backup(self):
        note, invoice = self._credit_note(30), self._invoice(100)
        self._run()
        with self._since_the_backup():
            self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id)
            self._read()
            self.assertEqual(invoice.amount_residual, 77)
        self._read()
        self.assertEqual((note.amount_residual, invoice.amount_residual), (0, 77))
        self._assert_quiet()

    def test_on_account_since_the_backup(self):
        self._sent(self._invoice(100))
        with self._since_the_backup():
            how = {"kind": "overpayment", "account": self.account_code, "date": "2026-10-05"}
            self._rita("prepay", contact=self.partner.xero_id, amount=40, **how)
            self._read()
        self._read()
        self.assertEqual(self.env["account.payment"].search([("partner_id", "=", self.partner.id)]).mapped("amount"), [40])
        self._assert_quiet()

    def test_answered_since_the_backup(self):
        """What was taken, and is forgotten, is asked about once more; nothing goes over what Xero has."""
        invoice = self._sent(self._invoice(100, ref="PO 7"))
        with self._since_the_backup():
            self._rita("edit", item=invoice.xero_id, fields={"Reference": "PO 8"})
            self._read()
            drift = self.env["xero.drift"].search([("res_id", "=", invoice.id)])
            dialog = self.env["xero.drift.answer"].browse(drift.action_take()["res_id"])
            dialog.action_apply()
            self.assertEqual(invoice.ref, "PO 8")
        self.assertEqual((invoice.ref, invoice.xero_state), ("PO 7", "drift"))
        self.assertEqual(self.env["xero.drift"].search([("res_id", "=", invoice.id)]).state, "open")
        self.assertEqual(self._xero_invoice(invoice).reference, "PO 8")

    # === AWAY === #

    def test_disconnected_for_ninety_days(self):
        """Each kind of change, made while nobody could hear of it; and what was there before stays as it is."""
        paid, removed, changed, untouched = (self._sent(self._invoice(price)) for price in (100, 50, 30, 20))
        gone = self._rita("pay", document=removed.xero_id, date="2026-10-02")
        kept = self._rita("pay", document=untouched.xero_id, date="2026-10-02")
        note = self._sent(self._credit_note(10))
        self._read()
        self.connection.action_disconnect()
        self._pass(days=90)
        self._run()
        self._rita("pay", document=paid.xero_id, date="2026-12-01")
        self._rita("delete_payment", payment=gone["PaymentID"])
        self._rita("edit", item=changed.xero_id, fields={"Reference": "PO 8"})
        self._rita("allocate", credit=note.xero_id, invoice=changed.xero_id)
        how = {"kind": "overpayment", "account": self.account_code, "date": "2026-12-05"}
        self._rita("prepay", contact=self.partner.xero_id, amount=40, **how)
        self.assertEqual(paid.amount_residual, 110)
        later, self._skipped = self._skipped, timedelta()  # a consent is good for minutes, by the clock of the machine
        self._connect()
        self._skipped = later
        changes = self._changes()
        for _again in range(3):
            self._run()
        self._assert_paid(paid, "2026-12-01", 110)
        self.assertEqual((removed.amount_residual, note.amount_residual, changed.amount_residual), (55, 0, 22))
        self.assertEqual((changed.xero_state, self.env["xero.drift"].search([]).res_id), ("drift", changed.id))
        payments = self.env["account.payment"].search([("partner_id", "=", self.partner.id), ("state", "!=", "canceled")])
        self.assertEqual(sorted(payments.mapped("amount")), [22, 40, 110])
        self.assertIn(kept["PaymentID"], self.env["xero.binding"].sudo().search([("kind", "=", "payment")]).mapped("xero_id"))
        self.assertEqual(self._changes(), changes, "nothing is sent for it")

    def test_away_longer_than_the_consent(self):
        """A consent that nobody has used for sixty days is none any more: after the next one it goes on as if it had been there."""
        invoice = self._sent(self._invoice(100))
        self.connection.sudo().state = "reconnect"
        self._pass(days=90)
        self._rita("pay", document=invoice.xero_id, date="2026-12-01")
        self._run()
        self.assertEqual(invoice.amount_residual, 110)
        later, self._skipped = self._skipped, timedelta()
        self._authorise(self.connection)
        self._skipped = later
        for _again in range(2):
            self._run()
        self._assert_paid(invoice, "2026-12-01", 110)
        self._assert_quiet()

    # === A COPY === #

    def test_a_copy_books_nothing(self):
        """It reads nothing and decides about nothing, whatever somebody presses in it."""
        self._record_in("odoo")
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        [money] = self._money_of(invoice)
        self.assertEqual(money.state, "asked")
        self._rita("pay", document=self._sent(self._invoice(50)).xero_id, date="2026-10-05")
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_token SET database = 'x/y/1' WHERE connection_id = %s", [self.connection.id])
        self.env.invalidate_all()
        calls = self._calls()
        money.action_book()
        self._pass(days=2)
        self._run()
        self.assertEqual((self._calls(), len(self.env["xero.money"].search([])), invoice.amount_residual), (calls, 1, 110))
