from odoo import Command
from odoo.tests import tagged

from xero_simulator.person import act

from ...access import clients
from ..common.money import XeroMoneyCommon
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


@tagged("post_install", "-at_install")
class TestLookedAtWhole(XeroMoneyCommon):
    """What says the same in Xero is never told as different, however it is written there; here each is compared whole."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _look(self, *documents):
        """Compare these field by field: as if what Xero said at last had been something else."""
        self._run()
        for document in documents:
            self.assertEqual(document.xero_state, "synced", document.xero_message)
            own = [("res_model", "=", document._name), ("res_id", "=", document.id)]
            self.env["xero.binding"].sudo().search(own).write({"seen": "another"})
            document.action_xero_sync()
            self.env.invalidate_all()
            self.assertEqual((document.xero_state, document.xero_message or ""), ("synced", ""), document.name)

    def test_many_shapes(self):
        cents = self._invoice(0.05, 33.33, 1234.565)
        texts = self._invoice(100, ref="  PO  7 ", post=False)
        texts.invoice_line_ids.name = "First line\nSecond – line  "
        texts.invoice_line_ids.discount = 33.33
        texts.invoice_line_ids.quantity = 7.5
        texts.invoice_line_ids = [Command.create({"display_type": "line_note", "name": "A note"})]
        texts.action_post()
        self._look(cents, texts, self._bill(50, 0.1), self._credit_note(30), self._invoice(80, move_type="in_refund"))

    def test_foreign_currency(self):
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 0.66)])
        self.organisation.add_currency("USD")
        self.connection.action_refresh_reference_data()
        self._look(self._invoice(99.99, currency_id=dollars.id))

    def test_paid_and_part_paid(self):
        paid, part = self._invoice(100), self._invoice(100)
        self._pay(paid)
        self._pay(part, 40)
        self._look(paid, part)

    def test_prices_with_tax(self):
        self.company_data["default_tax_sale"].price_include_override = "tax_included"
        self._look(self._invoice(9.99, 19.99))

    def test_what_cannot_be_sent_as_it_is_cannot_be_the_same(self):
        """The mapping has gone since: nobody knows what differs, but that something does is said."""
        invoice = self._invoice(100)
        self._run()
        act(self.xero, self.organisation, "edit", "Rita Mills", invoice.xero_id, {"Reference": "Theirs"})
        account = invoice.invoice_line_ids.account_id
        self.env["xero.account.mapping"].search([("account_id", "=", account.id)]).sudo().write({"xero_account_id": False})
        handler = self.env["xero.handler.invoice"]
        binding = self.env["xero.binding"].sudo()._by_record(self.connection, "account.move", invoice.ids, ["invoice"])
        remotes = {remote.xero_id: remote for remote in handler._fetch(clients.xero(self.connection), ids=[invoice.xero_id])}
        found = handler._compare(self.connection, invoice, binding, remotes)
        self.assertEqual(found[invoice], ["It was changed in Xero; what differs can be told once it could be sent as it is here."])
        self.assertEqual(binding[invoice.id].state, "drift")
