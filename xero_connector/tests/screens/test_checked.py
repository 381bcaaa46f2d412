from odoo.tests import tagged

from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestChecked(XeroPushCommon):
    """Who presses Sync to Xero on a document that is in step wants to be sure (E4): it is read in Xero."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _press(self, document):
        return document.action_xero_sync()["params"]

    def test_the_same(self):
        for document in (self._invoice(100), self._bill(50), self._credit_note(30)):
            with self.subTest(document.name):
                self._run()
                before, logged = self._calls(), self.env["xero.call"].search_count([])
                said = self._press(document)
                self.assertEqual(self.env["xero.call"].search_count([]) - logged, 1, "and the call is on the Calls screen")
                self.assertRegex(said["message"], r"^Checked .+: the same in Xero\.$")
                self.assertEqual((said["type"], self._calls() - before), ("success", 1))
                self.assertFalse(self._job(document, "pending"))
                self._run()
                self.assertEqual(self._calls() - before, 1)

    def test_changed_there(self):
        invoice = self._invoice(100)
        self._run()
        row = self.organisation.invoices.get(invoice.xero_id)
        self.organisation.invoices.put({**row, "Total": row["Total"] - 10, "AmountDue": row["AmountDue"] - 10})
        said = self._press(invoice)
        self.assertEqual((said["type"], invoice.xero_state), ("danger", "drift"))
        self.assertIn("100.00", said["message"])
        self.assertIn("110.00", said["message"])
        self.assertEqual(invoice.xero_message, said["message"])
        self.organisation.invoices.put(row)
        self.assertIn("the same in Xero", self._press(invoice)["message"])
        self.assertEqual((invoice.xero_state, invoice.xero_message), ("synced", False))

    def test_paid_or_voided_there(self):
        invoice = self._invoice(100)
        self._run()
        row = self.organisation.invoices.get(invoice.xero_id)
        self.organisation.invoices.put({**row, "Status": "VOIDED"})
        self.assertIn("voided in Xero", self._press(invoice)["message"])
        self.assertEqual(invoice.xero_state, "drift")

    def test_money_on_its_way_is_no_difference(self):
        """What is open there is compared when all that settles it here is there."""
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)
        self.assertIn("the same in Xero", self._press(invoice)["message"])
        self.assertEqual(invoice.xero_state, "synced")
        self._run()
        self.assertIn("the same in Xero", self._press(invoice)["message"])
        row = self.organisation.invoices.get(invoice.xero_id)
        self.organisation.invoices.put({**row, "AmountDue": row["AmountDue"] - 10})
        self.assertIn("70.00 are open in Xero", self._press(invoice)["message"])
        self.assertEqual(invoice.xero_state, "drift")

    def test_what_has_changed_here_is_sent(self):
        invoice = self._invoice(100)
        self._run()
        invoice.ref = "PO 8"
        self.assertIn("On its way", self._press(invoice)["message"])
        self._run()
        self.assertEqual(self._xero_invoice(invoice).reference, "PO 8")

    def test_xero_does_not_answer(self):
        invoice = self._invoice(100)
        self._run()
        self._order_fault("reset_before", path="Invoices", method="GET")
        said = self._press(invoice)
        self.assertEqual((said["type"], invoice.xero_state), ("warning", "synced"))

    def test_several_and_others_are_sent_as_before(self):
        invoices = self._invoice(100) + self._invoice(50)
        self._run()
        self.assertIn("On their way: 2", self._press(invoices)["message"])
        self.assertTrue(self.partner.action_xero_sync())
