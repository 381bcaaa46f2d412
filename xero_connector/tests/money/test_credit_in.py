from odoo.tests import tagged

from xero_simulator.control_organisation import change_organisation

from ...handlers.money.parts import settling_partials
from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestCreditIn(MoneyInCase):
    """Credit that people use in Xero is matched here, and money on account that they enter there is a payment here."""

    def _prepare(self):
        super()._prepare()
        self.connection.records_allocations = "xero"
        self._run()

    def _read(self):
        """What is read every hour."""
        self._pass(minutes=61)
        self._run()

    def _two(self, credit=30, invoice=100):
        note, document = self._credit_note(credit), self._invoice(invoice)
        self._run()
        return note, document

    # === ALLOCATIONS === #

    def test_allocated_in_xero(self):
        note, invoice = self._two()
        self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id, amount=20)
        self._read()
        self.assertEqual((note.amount_residual, invoice.amount_residual), (13, 90))
        self.assertEqual((note.xero_state, invoice.xero_state), ("synced", "synced"), (note.xero_message, invoice.xero_message))
        self._assert_quiet()

    def test_in_two_parts(self):
        note, invoice = self._two()
        for amount in (20, 13):
            self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id, amount=amount)
        self._read()
        self.assertEqual((note.amount_residual, invoice.amount_residual), (0, 77))
        self._assert_quiet()

    def test_undone_in_xero(self):
        note, invoice = self._two()
        self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id)
        self._read()
        self.assertEqual(invoice.amount_residual, 77)
        self._rita("unallocate", credit=note.xero_id)
        self._read()
        self.assertEqual((note.amount_residual, invoice.amount_residual), (33, 110))
        said = " ".join(invoice.message_ids.mapped("body"))
        self.assertIn("matched in Xero", said)
        self.assertIn("undone in Xero", said)
        self.assertNotIn("Payment of", said)
        self._assert_quiet()

    def test_undone_before_it_was_booked(self):
        self.connection.records_allocations = "odoo"
        note, invoice = self._two()
        self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id)
        self._read()
        [money] = self.env["xero.money"].search([])
        self.assertEqual(money.state, "asked")
        self._rita("unallocate", credit=note.xero_id)
        self._pass(days=1)
        self._run()
        self.assertEqual((money.state, invoice.amount_residual), ("gone", 110))

    def test_lists_that_leave_out_what_is_nested(self):
        """Nothing is undone for that, and what is new is asked for."""
        note, invoice = self._two()
        self.xero.switches.set({"nested_payments": "empty"})
        self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id, amount=20)
        self._read()
        self._read()
        self.assertEqual((note.amount_residual, invoice.amount_residual), (13, 90))

    def test_ours_undone_in_xero(self):
        """Where Odoo matches, it is listed and stays until a person says so."""
        self.connection.records_allocations = "both"
        note, invoice = self._two()
        self._match(note, invoice)
        self._run()
        self.connection.records_allocations = "odoo"
        self._rita("unallocate", credit=note.xero_id)
        self.connection.records_allocations = "both"
        self._read()
        self.assertEqual((note.amount_residual, invoice.amount_residual), (33, 110))
        self._assert_quiet()

    def test_matched_on_both_sides(self):
        """By two people within the hour: it is one."""
        note, invoice = self._two()
        self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id, amount=33)
        self._match(note, invoice)
        self._read()
        self._run()
        self.assertEqual((note.amount_residual, invoice.amount_residual, len(settling_partials(invoice))), (0, 77, 1))
        self.assertEqual(self._xero_invoice(invoice).amount_due, 77)
        self._assert_quiet()

    def test_nobody_has_chosen(self):
        self.connection.records_allocations = False
        note, invoice = self._two()
        self._rita("allocate", credit=note.xero_id, invoice=invoice.xero_id)
        self._read()
        self.assertEqual(invoice.amount_residual, 110)
        self.connection.records_allocations = "xero"
        self._pass(days=1)
        self._run()
        self.assertEqual(invoice.amount_residual, 77)

    # === MONEY ON ACCOUNT === #

    def test_overpaid_in_xero(self):
        """One line of the bank: the payment of what is due, and the rest on account."""
        invoice = self._sent(self._invoice(100))
        self._rita("overpay", document=invoice.xero_id, amount=150, date="2026-10-05", account=self.account_code)
        self._read()
        payments = self.env["account.payment"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual((sorted(payments.mapped("amount")), invoice.amount_residual), ([40, 110], 0))
        rest = payments.filtered(lambda payment: payment.amount == 40)
        self.assertEqual((rest.payment_type, rest.is_reconciled, rest.xero_state), ("inbound", False, "synced"))
        self._assert_quiet()

    def test_overpayment_is_allocated_in_xero(self):
        invoice = self._sent(self._invoice(100))
        made = self._rita(
            "prepay", contact=self.partner.xero_id, amount=150, kind="overpayment", account=self.account_code, date="2026-10-05"
        )
        self._read()
        self._rita("allocate", credit=made["OverpaymentID"], invoice=invoice.xero_id)
        self._read()
        self.assertEqual((invoice.amount_residual, invoice.xero_state), (0, "synced"), invoice.xero_message)
        self._assert_quiet()

    def test_overpayment_is_paid_back_in_xero(self):
        self._sent(self._invoice(100))
        made = self._rita(
            "prepay", contact=self.partner.xero_id, amount=150, kind="overpayment", account=self.account_code, date="2026-10-05"
        )
        self._read()
        self._rita("refund", credit=made["OverpaymentID"], amount=150, date="2026-10-06", account=self.account_code)
        self._read()
        payments = self.env["account.payment"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(sorted(payments.mapped("payment_type")), ["inbound", "outbound"])
        self.assertEqual(payments.mapped("is_reconciled"), [True, True])
        self._assert_quiet()

    def test_spent_on_account(self):
        bill = self._sent(self._bill(50))
        contact = bill.partner_id.xero_id
        self._rita("prepay", contact=contact, amount=40, kind="overpayment", side="purchase", account=self.account_code, date="2026-10-05")
        self._read()
        payment = self.env["account.payment"].search([("partner_id", "=", bill.partner_id.id)])
        self.assertEqual((payment.payment_type, payment.partner_type, payment.amount), ("outbound", "supplier", 40))
        self._assert_quiet()

    def test_voided_in_xero(self):
        """Which only people can."""
        self._sent(self._invoice(100))
        made = self._rita(
            "prepay", contact=self.partner.xero_id, amount=40, kind="overpayment", account=self.account_code, date="2026-10-05"
        )
        self._read()
        change_organisation(self.organisation, {"void_prepaid": [made["BankTransactionID"]]}, self.xero.now())
        self._read()
        self.assertEqual(self.env["account.payment"].search([("partner_id", "=", self.partner.id)]).mapped("state"), ["canceled"])
        self._assert_quiet()

    def test_prepayment_is_held(self):
        """It carries tax, and stands on an account of its own."""
        self._sent(self._invoice(100))
        self._rita("prepay", contact=self.partner.xero_id, amount=40, account=self.account_code, date="2026-10-05")
        self._read()
        [money] = self.env["xero.money"].search([])
        self.assertEqual((money.state, money.cause), ("held", "lacks"))

    def test_contact_of_nobody(self):
        """Of contacts that are not in Odoo nothing is noted."""
        self._sent(self._invoice(100))
        contact = self._rita("write_contact", name="Somebody Else")
        self._rita("prepay", contact=contact["ContactID"], amount=40, kind="overpayment", account=self.account_code, date="2026-10-05")
        self._read()
        self.assertFalse(self.env["xero.money"].search([]))
