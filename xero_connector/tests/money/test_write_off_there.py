from odoo.tests import tagged

from ..common.money_in import MoneyInCase
from .test_bank_transactions import DifferenceCommon


@tagged("post_install", "-at_install")
class TestWriteOffThere(MoneyInCase, DifferenceCommon):
    """The credit note that stands in Xero for what was written off here: what people there do to it is seen, told and answered."""

    def _written_off(self):
        """An invoice of 110 that is settled with 100; returns it, the payment, and the id of the credit note."""
        self._record_in("both")
        invoice = self._sent(self._invoice(100))
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        self._assert_balances()
        return invoice, payment, self._note(payment).xero_id

    def _note(self, payment):
        return self._of_kind(payment.move_id, "write_off")

    def _read(self):
        self._pass(minutes=61)
        self._run()

    def _rows(self):
        return self.env["xero.money"].search([("kind", "=", "write_off")])

    def _notes(self):
        return [(row["Status"], float(row["Total"]), float(row["AmountDue"])) for row in self.organisation.credit_notes]

    def test_untouched(self):
        self._written_off()
        for _again in range(2):
            self._read()
        self._pass(days=2)
        self._run()
        self.assertFalse(self._rows())

    def test_removed(self):
        invoice, payment, note = self._written_off()
        self._rita("unallocate", credit=note)
        self._rita("void", item=note)
        self._read()
        row = self._rows()
        self.assertEqual((row.state, row.cause, row.is_gone, row.payment_id, row.move_id), ("asked", "note_gone", True, payment, invoice))
        self.assertIn("was removed there", row.message)
        self.assertEqual(self._note(payment).state, "drift")
        self._read()
        self.assertEqual((row.state, len(self._notes())), ("asked", 1), "nothing is done by itself")
        row.action_send_again()
        self._settle()
        self.assertEqual(self._notes(), [("VOIDED", 10, 10), ("PAID", 10, 0)], payment.xero_messages)
        self.assertEqual((row.state, self._xero_invoice(invoice).status), ("gone", "PAID"))
        self._assert_balances()
        self._assert_quiet()

    def test_freed(self):
        """Taken off its invoice, which is open in Xero by that."""
        invoice, payment, note = self._written_off()
        self._rita("unallocate", credit=note)
        self._read()
        row = self._rows()
        self.assertEqual((row.state, row.cause, row.payment_id), ("asked", "note_freed", payment))
        row.action_send_again()
        self._settle()
        self.assertEqual(self._notes(), [("PAID", 10, 0)], "the same one is used again")
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self._assert_quiet()

    def test_used_for_another(self):
        _invoice, _payment, note = self._written_off()
        other = self._sent(self._invoice(200))
        self._rita("unallocate", credit=note)
        self._rita("allocate", credit=note, invoice=other.xero_id)
        self._read()
        self.assertEqual(self._rows().cause, "note_freed")
        self._rows().action_send_again()
        self._settle()
        self.assertEqual(float(self._xero_invoice(other).amount_due), 220)
        self._assert_balances()

    def test_changed(self):
        _invoice, payment, note = self._written_off()
        self._rita("edit_line_account", document=note, account="260")
        self._pass(days=1, hours=1)
        self._run()
        row = self._rows()
        self.assertEqual((row.state, row.cause, row.payment_id), ("asked", "note_changed", payment))
        row.action_send_again()
        self._settle()
        self.assertEqual(sorted(self._notes()), [("PAID", 10, 0), ("VOIDED", 10, 10)])
        self._assert_quiet()

    def test_put_right_in_xero(self):
        invoice, payment, note = self._written_off()
        self._rita("unallocate", credit=note)
        self._read()
        self._rita("allocate", credit=note, invoice=invoice.xero_id)
        self._read()
        self.assertEqual((self._rows().state, self._note(payment).state), ("booked", "synced"))
        self._assert_quiet()

    def test_left(self):
        """Left as it is: not asked again, until it is changed again."""
        invoice, _payment, note = self._written_off()
        self._rita("unallocate", credit=note)
        self._read()
        self._rows().action_leave_out()
        self._pass(days=2)
        self._run()
        self.assertEqual(self._rows().state, "ignored")
        self._rita("allocate", credit=note, invoice=invoice.xero_id, amount=4)
        self._read()
        self.assertEqual((self._rows().state, self._rows().cause), ("asked", "note_freed"))

    def test_lists_that_leave_out_what_is_nested(self):
        self._written_off()
        self.xero.switches.set({"nested_payments": "empty"})
        self._pass(days=2)
        self._run()
        self.assertFalse(self._rows())
