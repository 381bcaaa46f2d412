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

    def _prepaid(self, amount=40, **how):
        """Money that came before there was a document, booked in Xero as such; returns what Xero made of it."""
        how = {"account": self.account_code, "date": "2026-10-05", "line_account": "620", "tax_type": "BASEXCLUDED", **how}
        made = self._rita("prepay", contact=self.partner.xero_id, amount=amount, **how)
        self._read()
        return made

    def _prepayment(self):
        return self.env["account.payment"].search([("partner_id", "=", self.partner.id)])

    def test_prepaid_in_xero(self):
        """Booked as what is overpaid is; in Xero it stands on an account of its own, here with what the customer owes."""
        self._sent(self._invoice(100))
        made = self._prepaid()
        payment = self._prepayment()
        self.assertEqual(
            (payment.amount, payment.payment_type, payment.is_reconciled, str(payment.date)), (40, "inbound", False, "2026-10-05")
        )
        self.assertEqual((payment.xero_state, self._on_account(payment)), ("synced", [("RECEIVE-PREPAYMENT", 40.0, 40.0)]))
        self.assertEqual(self._binding_of(payment).on_account_xero_id, made["PrepaymentID"])
        self._assert_quiet()

    def test_prepayment_is_allocated_and_freed_in_xero(self):
        invoice = self._sent(self._invoice(100))
        made = self._prepaid(150)
        self._rita("allocate", credit=made["PrepaymentID"], invoice=invoice.xero_id)
        self._read()
        self.assertEqual((invoice.amount_residual, invoice.xero_state), (0, "synced"), invoice.xero_message)
        self._assert_quiet()
        self._rita("unallocate", credit=made["PrepaymentID"])
        self._read()
        self.assertEqual(invoice.amount_residual, 110)
        self._assert_quiet()

    def test_prepayment_is_matched_here(self):
        """Odoo's match of it is an allocation in Xero, of a prepayment."""
        self.connection.records_allocations = "both"
        invoice = self._sent(self._invoice(100))
        self._prepaid(150)
        self._match(self._prepayment(), invoice)
        self._run()
        self.assertEqual((float(self._xero_invoice(invoice).amount_due), invoice.xero_state), (0, "synced"), invoice.xero_message)
        self.assertEqual(self._on_account(self._prepayment()), [("RECEIVE-PREPAYMENT", 150.0, 40.0)])
        self._assert_quiet()

    def test_prepayment_is_paid_back_in_xero(self):
        self._sent(self._invoice(100))
        made = self._prepaid(150)
        self._rita("refund", credit=made["PrepaymentID"], amount=150, date="2026-10-06", account=self.account_code)
        self._read()
        self.assertEqual(sorted(self._prepayment().mapped("payment_type")), ["inbound", "outbound"])
        self.assertEqual(self._prepayment().mapped("is_reconciled"), [True, True])
        self._assert_quiet()

    def test_prepayment_is_voided_in_xero(self):
        self._sent(self._invoice(100))
        made = self._prepaid()
        change_organisation(self.organisation, {"void_prepaid": [made["BankTransactionID"]]}, self.xero.now())
        self._read()
        self.assertEqual(self._prepayment().mapped("state"), ["canceled"])
        self._assert_quiet()

    def test_prepaid_to_a_supplier(self):
        bill = self._sent(self._bill(50))
        self._prepaid(side="purchase")
        payment = self._prepayment()
        self.assertEqual((payment.partner_id, payment.payment_type, payment.partner_type), (bill.partner_id, "outbound", "supplier"))
        self._assert_quiet()

    def test_prepayment_with_tax_is_asked_about(self):
        """Xero books the tax on that day, Odoo with the invoice: a person says that the money is booked all the same."""
        self._sent(self._invoice(100))
        self._prepaid(44, line_account="200", tax_type="OUTPUT")
        [money] = self.env["xero.money"].search([])
        self.assertEqual((money.state, money.cause, self._prepayment()), ("asked", "taxed", self.env["account.payment"]))
        self.assertIn("$ 4.00 of tax", money.message.replace("\xa0", " "))
        self._pass(days=1)
        self._run()
        self.assertEqual(money.state, "asked", "it waits for a person")
        money.action_book()
        self._run()
        self.assertEqual((money.state, self._prepayment().amount), ("booked", 44))
        self._assert_quiet()

    def test_contact_of_nobody(self):
        """Of contacts that are not in Odoo nothing is noted."""
        self._sent(self._invoice(100))
        contact = self._rita("write_contact", name="Somebody Else")
        self._rita("prepay", contact=contact["ContactID"], amount=40, kind="overpayment", account=self.account_code, date="2026-10-05")
        self._read()
        self.assertFalse(self.env["xero.money"].search([]))
