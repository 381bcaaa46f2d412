from odoo.tests import tagged

from ..common.drift import DriftCase

ASKED = "It was changed in Odoo too. Nothing goes to Xero until somebody has said whose side is right."


@tagged("post_install", "-at_install")
class TestBothSides(DriftCase):
    """What was changed in Xero is overwritten by nothing that anybody does in Odoo but an answer."""

    def _changed_both(self, **values):
        """An invoice with another reference in Xero, and then here."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        invoice.write(values or {"ref": "PO 9"})
        self._run()
        return invoice, drift

    def _in_xero(self, invoice):
        return self._xero_invoice(invoice).reference

    def test_a_change_here_waits(self):
        invoice, drift = self._changed_both()
        self.assertEqual((self._in_xero(invoice), invoice.xero_state, drift.state), ("PO 8", "drift", "open"))
        self.assertTrue(drift.is_both)
        self.assertEqual((drift.in_odoo, drift.in_xero), ("“PO 9”", "“PO 8”"), "what is shown is what both have now")
        self.assertEqual(drift.said_in_odoo, "“PO 9”\nChanged here too")
        self.assertEqual(invoice.xero_message, f"Reference is “PO 8” in Xero, “PO 9” here. {ASKED}")
        self.assertEqual(self.env["xero.drift"].search([("is_both", "=", True)]), drift)
        self.assertFalse(self._job(invoice).is_open, "it is asked once, and not again in every run")

    def test_nothing_else_that_people_do_sends_it(self):
        invoice, drift = self._changed_both()
        invoice.action_xero_sync()
        self._run()
        self.connection.action_sync_now()
        self._run()
        self._read()
        self.assertEqual((self._in_xero(invoice), drift.state, invoice.xero_state), ("PO 8", "open", "drift"))

    def test_figures(self):
        """Another amount, set to draft and posted again."""
        invoice = self._invoice(100)
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self._run()
        self.assertEqual((float(self._xero_invoice(invoice).total), invoice.xero_state, drift.is_both), (110, "drift", True))
        self._answer(drift, "send")
        self._assert_in_step(invoice)
        self.assertEqual(self._in_xero(invoice), invoice.name)

    def test_send_odoos(self):
        invoice, drift = self._changed_both()
        self.assertEqual(self._answer(drift, "send"), "On their way: 1")
        self.assertEqual((self._in_xero(invoice), invoice.xero_state, drift.state), ("PO 9", "synced", "answered"))
        self.assertFalse(drift.is_both)
        self.assertFalse(invoice.xero_message)

    def test_take_xeros(self):
        invoice, drift = self._changed_both()
        self.assertEqual(self._answer(drift, "take"), "Taken: 1")
        self.assertEqual((self._in_xero(invoice), invoice.ref, invoice.xero_state), ("PO 8", "PO 8", "synced"))
        before = self._calls("POST")
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._calls("POST"), before)

    def test_leave_as_it_is(self):
        """Both stay, whatever is asked for; another change here asks again, as one in Xero does."""
        invoice, drift = self._changed_both()
        self.assertEqual(self._answer(drift, "leave"), "Left as they are: 1")
        self.assertEqual((invoice.xero_state, drift.is_both), ("accepted", False))
        self.connection.action_sync_now()
        self._run()
        self.assertEqual((self._in_xero(invoice), invoice.ref, invoice.xero_state, drift.state), ("PO 8", "PO 9", "accepted", "left"))
        invoice.ref = "PO 10"
        self._run()
        self.assertEqual((self._in_xero(invoice), invoice.xero_state, drift.state, drift.answer), ("PO 8", "drift", "open", False))
        self.assertEqual((drift.in_odoo, drift.is_both), ("“PO 10”", True))

    def test_changed_here_to_what_xero_has(self):
        """Nothing differs any more, and nobody has to answer."""
        invoice, drift = self._changed_both(ref="PO 8")
        self.assertEqual((invoice.xero_state, drift.state, self._in_xero(invoice)), ("synced", "gone", "PO 8"))

    def test_waiting_when_the_other_change_is_read(self):
        """Changed here, and not sent yet, when what was changed in Xero comes in."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._read()
        self._rita("edit", invoice.xero_id, {"DueDate": "2027-02-28"})
        invoice.ref = "PO 9"
        self._read()
        row = self.organisation.invoices.get(invoice.xero_id)
        self.assertEqual((row["Reference"], str(row["DueDate"])[:10]), ("PO 7", "2027-02-28"))
        drift = self._drifts(invoice)
        self.assertEqual((invoice.xero_state, drift.state, drift.is_both), ("drift", "open", True))
        self.assertEqual(set(drift.field_ids.filtered("differs").mapped("name")), {"due_date", "reference"})

    def test_what_xero_approved_meanwhile_is_nobodys_question(self):
        """Approved, or sent to the customer, in Xero while a change waits here: that one goes."""
        self.connection.invoice_approval = "draft"
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._read()
        self._rita("edit", invoice.xero_id, {"Status": "AUTHORISED", "SentToContact": True})
        invoice.ref = "PO 9"
        self._read()
        row = self.organisation.invoices.get(invoice.xero_id)
        self.assertEqual((row["Reference"], row["Status"], invoice.xero_state), ("PO 9", "AUTHORISED", "synced"), invoice.xero_message)
        self.assertFalse(self._drifts(invoice))

    def test_voided_there_and_changed_here(self):
        """Nothing is made a second time, and a person says what becomes of it."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._rita("void", invoice.xero_id)
        self._read()
        invoice.ref = "PO 9"
        self._run()
        drift = self._drifts(invoice)
        self.assertEqual(
            (invoice.xero_state, drift.state, drift.is_both, len(list(self.organisation.invoices))), ("drift", "open", True, 1)
        )
        self._answer(drift, "take")
        self.assertEqual((invoice.state, invoice.xero_state), ("cancel", "voided"))

    def test_deleted_here_and_edited_there_at_once(self):
        """Who deletes a document here says all there is to say: it goes in Xero too, and nobody is asked about what is no more."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        xero_id = invoice.xero_id
        invoice.button_draft()
        invoice.unlink()
        self._run()
        self.assertEqual((self.organisation.invoices.get(xero_id)["Status"], drift.exists().state), ("VOIDED", "gone"))

    def test_a_contact(self):
        self._invoice(100)
        self._run()
        self._read()
        drift = self._changed(self.partner, EmailAddress="there@example.com")
        self.partner.phone = "+61 2 9999 0000"
        self._run()
        row = self.organisation.contacts.get(self.partner.xero_id)
        self.assertEqual((row["EmailAddress"], drift.state, drift.is_both), ("there@example.com", "open", True))
        self.assertIn(ASKED, self.partner.xero_message)
        self.partner.action_xero_sync()
        self._run()
        self.assertEqual((self.organisation.contacts.get(self.partner.xero_id)["EmailAddress"], drift.state), ("there@example.com", "open"))
        self._answer(drift, "send")
        row = self.organisation.contacts.get(self.partner.xero_id)
        self.assertEqual((row["EmailAddress"], row["Phones"]["DEFAULT"]["PhoneNumber"]), ("azure@example.com", "+61 2 9999 0000"))
        self.assertEqual((self.partner.xero_state, drift.state, drift.is_both), ("synced", "answered", False))

    def test_a_contact_that_waits(self):
        self._invoice(100)
        self._run()
        self._read()
        self._rita("edit", self.partner.xero_id, {"EmailAddress": "there@example.com"})
        self.partner.ref = "C-7"
        self._read()
        drift = self._drifts(self.partner)
        self.assertEqual((drift.state, drift.is_both, drift.first_field), ("open", True, "email"))
        row = self.organisation.contacts.get(self.partner.xero_id)
        self.assertEqual((row["EmailAddress"], row.get("AccountNumber") or ""), ("there@example.com", ""))
