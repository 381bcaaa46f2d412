"""What somebody does by hand in Xero while nobody looks."""

from odoo.tests import tagged

from ..common.engine import BadInputCase
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestChangedByHandInXero(BadInputCase):
    def _sent(self, pay=None):
        invoice = self._invoice(100)
        payment = self._pay(invoice, pay) if pay else None
        self._run()
        return invoice, payment

    def test_voided_then_edited(self):
        invoice, _none = self._sent()
        self._by_hand("invoices", invoice.xero_id, Status="VOIDED")
        good, _none = self._sent()
        (invoice + good).ref = "changed"
        self._run()
        self._assert_in_step(good)
        self._assert_stands(invoice, "void")
        invoice.action_xero_retry()
        self._run()
        self._assert_stands(invoice, "void")
        self._assert_healthy()

    def test_voided_then_paid(self):
        invoice, _none = self._sent()
        self._by_hand("invoices", invoice.xero_id, Status="VOIDED")
        payment = self._pay(invoice)
        self._run()
        self._assert_stands(payment, "void")
        self.assertFalse(self.xero.organisation("AU").payments_of(invoice.xero_id))
        self._assert_healthy()

    def test_voided_then_cancelled(self):
        invoice, _none = self._sent()
        xero_id = invoice.xero_id
        self._by_hand("invoices", xero_id, Status="VOIDED")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        self.assertEqual((self._job(invoice).state, self._binding(invoice).xero_status), ("done", "VOIDED"))
        self.assertFalse(self._open_problems())

    def test_gone_then_edited_and_cancelled(self):
        """The id is not known any more, as after a reset of the demo organisation."""
        invoice, _none = self._sent()
        good, _none = self._sent()
        self.xero.organisation("AU").invoices._restore(invoice.xero_id, None)
        (invoice + good).ref = "changed"
        self._run()
        self._assert_in_step(good)
        self._assert_stands(invoice, "does not have this record")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        self._assert_stands(invoice, "does not have this record")
        self._assert_healthy()

    @every_value("unknown_own_id_refuses_batch")
    def test_credit_note_gone_then_edited(self):
        notes = self._credit_note(100) + self._credit_note(200)
        self._run()
        self.organisation.credit_notes.remove(notes[0].xero_id)
        notes.ref = "changed"
        self._run()
        self.assertEqual((notes[1].xero_state, self.organisation.credit_notes.get(notes[1].xero_id)["Reference"]), ("synced", "changed"))
        self.assertEqual(notes[0].xero_state, "failed", self._reason(notes[0]))
        self._assert_healthy()

    @every_value("unknown_id_refuses_batch")
    def test_gone_then_paid(self):
        invoice, _none = self._sent()
        good, _none = self._sent()
        self.xero.organisation("AU").invoices._restore(invoice.xero_id, None)
        payment, fine = self._pay(invoice), self._pay(good)
        self._run()
        self.assertEqual(fine.xero_state, "synced", self._reason(fine))
        self.assertEqual(payment.xero_state, "failed", self._reason(payment))
        self._assert_healthy()

    def test_payment_removed_then_reset_in_odoo(self):
        invoice, payment = self._sent(30)
        self._by_hand("payments", self._xero_payments(invoice)[0].xero_id, Status="DELETED")
        payment.action_draft()
        self._run()
        binding = self.env["xero.binding"].sudo().search([("payment_id", "=", payment.id), ("kind", "=", "payment")])
        self.assertEqual(binding.xero_status, "DELETED")
        self.assertFalse(self._open_problems())

    def test_payment_removed_then_changed_in_odoo(self):
        """It is made anew as Odoo has it now."""
        invoice, payment = self._sent(30)
        self._by_hand("payments", self._xero_payments(invoice)[0].xero_id, Status="DELETED")
        payment.action_draft()
        payment.date = "2026-10-09"
        payment.action_post()
        self._runs(2)
        self.assertEqual([str(each.date) for each in self._xero_payments(invoice)], ["2026-10-09"])
        self.assertEqual(payment.xero_state, "synced", self._reason(payment))

    @every_value("reconciled_delete")
    def test_payment_reconciled_in_xero_then_reset_in_odoo(self):
        invoice, payment = self._sent(30)
        [remote] = self._xero_payments(invoice)
        self._change(reconcile_payments=[remote.xero_id])
        payment.action_draft()
        self._run()
        if self.xero.switches.reconciled_delete == "refused":
            self._assert_stands(payment, "reconciled")
        else:
            self.assertFalse(self._xero_payments(invoice) or self._open_problems())
        self._assert_healthy()

    @every_value("unarchive_contacts")
    def test_contact_archived_then_changed(self):
        self._sent()
        self._change(archive_contacts=[self.partner.xero_id])
        self.partner.email = "new@example.com"
        self._run()
        self._assert_stands(self.partner, "archived")
        self.assertEqual(self.partner.xero_problem_id.code, "contact_archived")

    def test_contact_archived_then_invoiced(self):
        """One problem for all invoices of the customer; restored in Xero, they go."""
        self._sent()
        self._change(archive_contacts=[self.partner.xero_id])
        invoices = self._invoice(10) + self._invoice(20)
        good = self._invoice(30, partner=self.env["res.partner"].create({"name": "Somebody Else"}))
        self._run()
        self._assert_in_step(good)
        for invoice in invoices:
            self._assert_stands(invoice, "archived", state="blocked")
        self.assertEqual(len(invoices.xero_problem_id), 1)
        self._change(restore_contacts=[self.partner.xero_id])
        invoices.xero_problem_id.action_retry()
        self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_contact_gone_then_changed(self):
        """Erased on the person's demand (GDPR), or the demo organisation was reset."""
        self._sent()
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        self._invoice(1, partner=other)
        self._run()
        self.xero.organisation("AU").contacts._restore(self.partner.xero_id, None)
        (self.partner + other).email = "new@example.com"
        self._run()
        self.assertEqual(other.xero_state, "synced")
        self._assert_stands(self.partner, "does not have this record")

    def test_contact_merged_in_xero(self):
        """Xero archives the one that was merged away and names the one that is left."""
        self._sent()
        [winner] = self._xero().create_contacts([{"Name": "Azure Interior Pty"}], "by-hand")
        self._change(merge_contacts={self.partner.xero_id: winner.remote.xero_id})
        invoice = self._invoice(50)
        self._runs(2)
        self.assertEqual(self.partner.xero_id, winner.remote.xero_id, self._reason(self.partner))
        self._assert_in_step(invoice)
        self.partner.email = "new@example.com"
        self._run()
        [contact] = self._xero().contacts(ids=[winner.remote.xero_id])
        self.assertEqual(contact.email, "new@example.com")
