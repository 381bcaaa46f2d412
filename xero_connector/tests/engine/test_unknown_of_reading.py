from odoo.tests import tagged

from xero_simulator.webhooks.subscriptions import sign

from ..common.every_value import every_value
from ..common.reading import ReadingCase

KEY = "the key of the app"
CATEGORIES = ("CONTACT", "INVOICE", "CREDITNOTE", "PREPAYMENT", "OVERPAYMENT")


@tagged("post_install", "-at_install")
class TestUnknownOfReading(ReadingCase):
    """What nobody knows of Xero's rings and stamps decides when something is seen, never whether: the whole reading of the day sees it."""

    def _day(self):
        """Nothing rang and no stamp was moved: a day later everything is read whole."""
        self._pass(hours=25)
        for _again in range(2):
            self._run()
            self._pass(minutes=1)
        self.env.invalidate_all()

    @every_value("silent_edits")
    def test_edits_that_move_no_stamp(self):
        due, coded = self._invoice(100), self._invoice(50)
        self._run()
        self._rita("edit", item=due.xero_id, fields={"DueDate": "2027-02-28"})
        self._rita("edit_line_account", document=coded.xero_id, account="260")
        self._day()
        self.assertEqual((due + coded).mapped("xero_state"), ["drift", "drift"])
        self.assertIn("Due date", due.xero_message)
        self.assertIn("account", coded.xero_message)

    @every_value("reconcile_moves_stamp", "payment_moves_invoice_stamp", "nested_payments", "payment_rate")
    def test_what_is_matched_on_the_bank(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        self._rita("reconcile", items=[self._payment_id(payment)])
        self._day()
        self.assertEqual((payment.xero_bank, payment.xero_state, invoice.xero_state), ("matched", "synced", "synced"))

    @every_value("deleted_payment_moves_stamp", "deleted_payment_listed", "payment_moves_invoice_stamp")
    def test_payment_that_was_taken_back_there(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        self._rita("delete_payment", payment=self._payment_id(payment))
        self._day()
        self.assertEqual(invoice.xero_state, "drift")
        self.assertIn("are open in Xero", invoice.xero_message)
        self.assertEqual((payment.xero_state, payment.xero_message), ("drift", "It was deleted in Xero."))

    @every_value("deleted_payment_moves_stamp", "deleted_payment_listed")
    def test_batch_that_was_taken_back_there(self):
        """Whether or not the payments of it are listed, it is taken back where people record payments on both sides."""
        self.connection.journal_mapping_ids.write({"recorded_in": "both"})
        invoices = self._invoice(100) + self._invoice(50)
        self._run()
        payments = [{"document": invoice.xero_id} for invoice in invoices]
        batch = self._rita("batch_deposit", payments=payments, account="090", date="2026-09-14")
        self._day()
        self.assertEqual(invoices.mapped("payment_state"), ["paid", "paid"])
        self._rita("remove_and_redo", item=batch["BatchPaymentID"])
        self._day()
        self.assertEqual(invoices.mapped("payment_state"), ["not_paid", "not_paid"])
        self.assertEqual(invoices.mapped("xero_state"), ["synced", "synced"])

    @every_value("merge_restamps_documents")
    def test_contact_that_was_merged_there(self):
        invoice = self._invoice(100)
        self._run()
        self._rita("write_contact", name="The Winner")
        self._rita("merge", loser=self.partner.xero_id, winner="The Winner")
        self._day()
        self.assertEqual(invoice.xero_state, "synced", "it is with the one that is left, which is this partner's contact now")
        self.assertEqual((self.partner.xero_state, self._contact("The Winner")["ContactID"]), ("drift", self.partner.xero_id))
        self.assertIn("The Winner", self.partner.xero_message)

    @every_value("allocation_moves_stamp")
    def test_credit_that_was_taken_back_there(self):
        invoice, credit = self._invoice(100), self._credit_note(100)
        debts = (invoice + credit).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        debts.reconcile()
        self._run()
        self._rita("unallocate", credit=credit.xero_id)
        self._day()
        self.assertEqual((invoice + credit).mapped("xero_state"), ["drift", "drift"])

    @every_value(
        "webhook_sequence", "webhook_order", "webhook_duplicates", "webhook_drop_percent", "webhook_event_case", "overpayment_event_data",
        "payment_fires_invoice_event", "allocation_fires", "reconcile_fires",
    )  # fmt: skip
    def test_rings_of_any_kind(self):
        invoice, paid = self._invoice(100), self._invoice(70)
        payment = self._pay(paid)
        self._run()
        subscription = self._subscription()
        self._rita("edit", item=invoice.xero_id, fields={"Reference": "PO 8"})
        self._rita("rename", contact=self.partner.xero_id, name="Renamed There")
        self._rita("delete_payment", payment=self._payment_id(payment))
        self._rita("prepay", contact="Renamed There", amount=20, kind="overpayment")
        self.assertEqual(set(self._deliver(subscription)), {200})
        self._pass(seconds=40)
        self._run()
        self.env.invalidate_all()
        if not self.xero.switches.webhook_drop_percent:
            self.assertEqual(invoice.xero_state, "drift", "it rang, and was read")
        self._day()
        self.assertEqual((invoice.xero_state, paid.xero_state, self.partner.xero_state), ("drift", "drift", "drift"))
        left = [("connection_id", "=", self.connection.id), ("state", "=", "open")]
        self.assertFalse(self.env["xero.event"].sudo().search(left), "what rang was read")

    @every_value("intent_body")
    def test_intent_to_receive(self):
        subscription = self._subscription()
        for events, signature, status in (([], None, 200), ([], "wrong", 401)):
            body = self.xero.webhooks.body(events if self.xero.switches.intent_body == "events" else None, 0, 0)
            self.assertEqual(self._heard(body, signature or sign(subscription.key, body)), status)

    # === HOW THINGS ARE DONE === #

    def _contact(self, name):
        return next(row for row in self.organisation.contacts if row["Name"] == name)

    def _payment_id(self, payment):
        own = [("payment_id", "=", payment.id), ("kind", "=", "payment"), ("is_there", "=", True)]
        return self.env["xero.binding"].sudo().search(own).xero_id

    def _subscription(self):
        self.connection.webhook_key = KEY
        address = f"https://odoo.example.com/xero/webhook/{self.connection.external_key}"
        self.xero.webhooks.collect(self.xero)  # what happened before nobody is told
        found = self.xero.webhooks.register("demo-client", address, KEY, CATEGORIES)
        self.xero.webhooks.enabled(found, self.xero.now())
        return found

    def _deliver(self, subscription):
        """Have Xero send all it has to tell; returns the answers."""
        answers = []
        self.xero.webhooks.collect(self.xero)
        while batch := self.xero.webhooks.next_batch(subscription, self.xero.now(), self.xero.switches, True):
            answers.append(self._heard(batch.body, sign(subscription.key, batch.body)))
            self.xero.webhooks.succeeded(subscription, batch)
        return answers

    def _heard(self, body, signature):
        self.env.flush_all()
        stranger = self.env["xero.connection"].with_user(self.env.ref("base.public_user"))
        return stranger._heard(self.connection.external_key, body, signature)
