from odoo.tests import tagged

from xero_simulator.person import act

from ..common.push import XeroPushCommon
from ..common.tracking import TrackingCase


@tagged("post_install", "-at_install")
class TestChangedInXero(XeroPushCommon):
    """What a person changes in Xero of a document that is bound is told field by field; what says the same is not."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _rita(self, verb, *args, **named):
        """What a person does on Xero's own screens."""
        return act(self.xero, self.organisation, verb, "Rita Mills", *args, **named)

    def _check(self, document):
        document.action_xero_sync()
        self.env.invalidate_all()
        return document.xero_state, document.xero_message or ""

    def test_nothing_changed(self):
        for document in self._invoice(100, 33.33), self._bill(50), self._credit_note(30):
            self._run()
            with self.subTest(document.move_type):
                self.assertEqual(self._check(document), ("synced", ""))

    def test_reference(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._rita("edit", invoice.xero_id, {"Reference": "PO 8"})
        state, message = self._check(invoice)
        self.assertEqual(state, "drift")
        self.assertIn("Reference is “PO 8” in Xero, “PO 7” here.", message)

    def test_due_date_which_moves_no_stamp(self):
        for document in self._invoice(100), self._bill(50):
            self._run()
            self._rita("edit", document.xero_id, {"DueDate": "2027-02-28"})
            with self.subTest(document.move_type):
                state, message = self._check(document)
                self.assertEqual(state, "drift")
                self.assertIn("Due date is 28 Feb 2027 in Xero", message)

    def test_account_of_a_line(self):
        invoice = self._invoice(100, 50)
        self._run()
        self._rita("edit_line_account", invoice.xero_id, "260", line=1)
        state, message = self._check(invoice)
        self.assertEqual((state, message), ("drift", "Line 2 is another in Xero: account."))

    def test_amount_and_line(self):
        bill = self._bill(50)
        self._run()
        lines = self.organisation.invoices.get(bill.xero_id)["Lines"]
        line = {
            "Description": "Other",
            "Quantity": 1,
            "UnitAmount": 40,
            "AccountCode": lines[0]["AccountCode"],
            "TaxType": lines[0]["TaxType"],
        }
        self._rita("edit", bill.xero_id, {"LineItems": [line]})
        state, message = self._check(bill)
        self.assertEqual(state, "drift")
        self.assertIn("44.00 in Xero", message.replace("\xa0", " "))
        self.assertIn("Line 1 is another in Xero: text, price.", message)

    def test_read_before_and_asked_about_again(self):
        """What was seen to differ still does, however often it is looked at."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._rita("edit", invoice.xero_id, {"Reference": "PO 8"})
        self.connection.action_read_now()
        self._run()
        self.env.invalidate_all()
        self.assertEqual(invoice.xero_state, "drift")
        for _again in range(2):
            self.assertEqual(self._check(invoice)[0], "drift")
        self._send_ours(invoice)
        self.assertEqual((invoice.xero_state, self._xero_invoice(invoice).reference), ("synced", "PO 7"))

    def test_put_right_in_xero(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._rita("edit", invoice.xero_id, {"Reference": "PO 8"})
        self.assertEqual(self._check(invoice)[0], "drift")
        self._rita("edit", invoice.xero_id, {"Reference": "PO 7"})
        self.assertEqual(self._check(invoice), ("synced", ""))

    def test_sent_to_the_customer_is_no_difference(self):
        invoice = self._invoice(100)
        self._run()
        self._rita("edit", invoice.xero_id, {"SentToContact": True})
        self.assertEqual(self._check(invoice), ("synced", ""))

    def _send_ours(self, document):
        notice = document.action_xero_send_ours()
        self._run()
        self.env.invalidate_all()
        return notice["params"]["message"]

    def test_odoo_is_right(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._rita("edit", invoice.xero_id, {"Reference": "PO 8"})
        self.assertEqual(self._check(invoice)[0], "drift")
        self.assertEqual(self._send_ours(invoice), "On its way to Xero.")
        self.assertEqual((invoice.xero_state, self._xero_invoice(invoice).reference), ("synced", "PO 7"))
        self.assertEqual(self._send_ours(invoice), "Nothing is different in Xero any more.")

    def test_odoo_is_right_about_the_lines_of_a_paid_bill(self):
        bill = self._bill(50)
        self._pay(bill)
        self._run()
        self._rita("edit_line_account", bill.xero_id, "404")
        self.assertEqual(self._check(bill)[0], "drift")
        account = self.organisation.invoices.get(bill.xero_id)["Lines"][0]["AccountCode"]
        self._send_ours(bill)
        self._run()
        self.env.invalidate_all()
        row = self.organisation.invoices.get(bill.xero_id)
        self.assertNotEqual(row["Lines"][0]["AccountCode"], account)
        self.assertEqual((bill.xero_state, row["Status"]), ("synced", "PAID"))

    def test_put_right_meanwhile(self):
        """Somebody in Xero was faster: nothing is sent."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self._rita("edit", invoice.xero_id, {"Reference": "PO 8"})
        self._check(invoice)
        self._rita("edit", invoice.xero_id, {"Reference": "PO 7"})
        before = self._calls("POST")
        self._send_ours(invoice)
        self.assertEqual((invoice.xero_state, self._calls("POST")), ("synced", before))

    def test_voided_in_xero(self):
        """No program brings it back: that is said, and nothing is made a second time."""
        invoice = self._invoice(100)
        self._run()
        self._rita("void", invoice.xero_id)
        self.assertEqual(self._check(invoice)[0], "drift")
        self._send_ours(invoice)
        self.assertNotEqual(invoice.xero_state, "synced")
        self.assertTrue(invoice.xero_message)
        self.assertEqual(len(list(self.organisation.invoices)), 1)


@tagged("post_install", "-at_install")
class TestTrackedChangedInXero(TrackingCase):
    """Lists of Xero name tracking options without their ids."""

    def test_tracking(self):
        self._confirm()
        invoice = self._tracked((100, {(self.north,): 100}))
        self._run()
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        invoice.action_xero_sync()
        self.env.invalidate_all()
        self.assertEqual((invoice.xero_state, invoice.xero_message or ""), ("synced", ""))
        [line] = self.organisation.invoices.get(invoice.xero_id)["Lines"]
        fields = {"LineItems": [{"LineItemID": line["LineItemID"], "Tracking": [{"Name": "Region", "Option": "South"}]}]}
        act(self.xero, self.organisation, "edit", "Rita Mills", invoice.xero_id, fields)
        invoice.action_xero_sync()
        self.env.invalidate_all()
        self.assertEqual((invoice.xero_state, invoice.xero_message), ("drift", "Line 1 is another in Xero: tracking."))
