from unittest.mock import patch

from odoo.tests import tagged

from ..common.drift import DriftCase


@tagged("post_install", "-at_install")
class TestDrift(DriftCase):
    """What was changed in Xero stands in a list with both values, and a person answers it once."""

    def test_both_values(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8", DueDate="2027-02-28")
        self.assertEqual((drift.state, drift.name, drift.partner_id, drift.kind), ("open", invoice.name, self.partner, "invoice"))
        self.assertEqual((drift.what, drift.in_odoo, drift.in_xero), ("Due Date and 1 more", "1 Oct", "28 Feb 2027"))
        self.assertEqual((drift.amount, drift.changes_amount, drift.is_gone), (0, False, False))
        self.assertTrue(drift.changed_at)
        rows = {field.name: (field.agreed, field.odoo, field.xero, field.differs) for field in drift.field_ids}
        self.assertEqual(rows["reference"], ("“PO 7”", "“PO 7”", "“PO 8”", True))
        self.assertEqual(rows["due_date"], ("1 Oct", "1 Oct", "28 Feb 2027", True))
        self.assertFalse(rows["total"][3])
        self.assertEqual(invoice.xero_state, "drift")

    def test_the_weightiest_field_comes_first(self):
        invoice = self._invoice(400)
        self._run()
        line = {**self._line(invoice), "UnitAmount": 360, "Description": "Less"}
        drift = self._changed(invoice, LineItems=[line], Reference="PO 8")
        self.assertEqual(
            drift.field_ids.filtered("differs").mapped("name"), ["total", "unit_amount", "total_tax", "reference", "description"]
        )
        self.assertEqual((drift.what, drift.amount, drift.changes_amount), ("Total and 4 more", 44.0, True))
        self.assertEqual([text.replace("\xa0", " ") for text in (drift.in_odoo, drift.in_xero)], ["$ 440.00", "$ 396.00"])
        self.assertEqual(drift.field_ids[1].label, "Price, line 1")

    def test_changed_back(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        self._rita("edit", invoice.xero_id, {"Reference": "PO 7"})
        self._read()
        self.assertEqual((drift.state, invoice.xero_state), ("gone", "synced"))
        self.assertEqual(self._ask(drift, "leave"), "Nothing is different in Xero any more.")

    def test_money_alone_is_nobodys_question(self):
        invoice = self._invoice(100)
        self._run()
        self._rita("pay", invoice.xero_id, 50)
        self._read()
        self.assertFalse(self._drifts(invoice))

    def test_read_twice_is_one_row(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        self._read()
        invoice.action_xero_sync()
        self.assertEqual(self.env["xero.drift"].search_count([("res_id", "=", invoice.id)]), 1)
        self.assertFalse(drift.again_at)

    def test_changed_again_while_somebody_thinks(self):
        """The answer was about another change: it does not count, and the row shows the new one."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        dialog = self._ask(drift, "leave")
        self._changed(invoice, Reference="PO 9")
        self.assertEqual(drift.in_xero, "“PO 9”")
        said = dialog.action_apply()["params"]["message"]
        self.assertIn("Changed again at", said)
        self.assertEqual((drift.state, invoice.xero_state), ("open", "drift"))

    def test_changed_again_unread(self):
        """Nobody has read the second change yet: the answer reads before it writes."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        dialog = self._ask(self._changed(invoice, Reference="PO 8"), "send")
        self._rita("edit", invoice.xero_id, {"Reference": "PO 9"})
        self.assertIn("Changed again at", dialog.action_apply()["params"]["message"])
        self._run()
        self.assertEqual(self._xero_invoice(invoice).reference, "PO 9")

    def test_two_people(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        first, second = self._ask(drift, "send"), self._ask(drift, "send")
        first.action_apply()
        self.assertIn(f"Already answered by {self.env.user.name} at", second.action_apply()["params"]["message"])
        self.assertIn("Already answered by", self._ask(drift, "leave"))

    def test_send_odoos(self):
        invoice, other = self._invoice(100, ref="PO 7"), self._invoice(50, ref="PO 17")
        self._run()
        self._rita("edit", other.xero_id, {"Reference": "PO 18"})
        self._changed(invoice, Reference="PO 8")
        drifts = self._drifts(invoice, other)
        self.assertEqual(self._answer(drifts, "send"), "On their way: 2")
        self.assertEqual(drifts.mapped("state"), ["answered", "answered"])
        self.assertEqual([self._xero_invoice(each).reference for each in (invoice, other)], ["PO 7", "PO 17"])
        self.assertEqual((invoice + other).mapped("xero_state"), ["synced", "synced"])
        self.assertEqual(drifts.answered_by, self.env.user)

    def test_leave_as_it_is(self):
        """It is calm, says what differs, and is asked again when Xero changes again only."""
        invoice = self._invoice(400, ref="PO 7")
        self._run()
        drift = self._changed(invoice, LineItems=[{**self._line(invoice), "UnitAmount": 360}])
        before = self._calls("POST")
        self.assertIn("44.00", self._ask(drift, "leave").line_ids.sentence)
        self.assertEqual(self._answer(drift, "leave"), "Left as they are: 1")
        self.assertEqual((invoice.xero_state, drift.state, drift.amount), ("accepted", "left", 44.0))
        self.assertIn("396.00 in Xero", invoice.xero_message.replace("\xa0", " "))
        for _again in range(2):
            self._read()
            self.assertEqual((invoice.xero_state, drift.state), ("accepted", "left"))
        invoice.action_xero_sync()
        self.env.invalidate_all()
        self.assertEqual((invoice.xero_state, self._calls("POST")), ("accepted", before))
        self._changed(invoice, Reference="PO 8")
        self.assertEqual((invoice.xero_state, drift.state, drift.answer), ("drift", "open", False))

    def test_left_and_put_right(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        self._answer(drift, "leave")
        self._rita("edit", invoice.xero_id, {"Reference": "PO 7"})
        self._read()
        self.assertEqual((invoice.xero_state, drift.state), ("synced", "gone"))

    def test_left_and_answered_otherwise_later(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        self._answer(drift, "leave")
        self._answer(drift, "send")
        self.assertEqual((invoice.xero_state, drift.state), ("synced", "answered"))
        self.assertEqual(self._xero_invoice(invoice).reference, "PO 7")

    def test_cancelled_in_odoo_meanwhile(self):
        """The document goes in Xero then, and nobody has to answer any more."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        self.assertEqual((drift.state, invoice.xero_state), ("gone", "voided"))

    def test_copied_database(self):
        """A copy asks Xero nothing; what needs no call is answered all the same."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        with patch.object(type(self.connection), "_why_not_read", lambda connection: "This database is a copy."):
            self.assertEqual(self._ask(drift, "take"), "This database is a copy.")
            self.assertEqual(self._ask(drift, "send").action_apply()["params"]["message"], "This database is a copy.")
            self._ask(drift, "leave").action_apply()
        self.assertEqual(drift.state, "left")

    def test_on_its_way_meanwhile(self):
        """What Xero makes of Odoo's last change nobody knows yet: no answer is given before that."""
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        invoice.ref = "PO 10"
        self._job(invoice).sudo()._set_state("sending")
        self.assertEqual(self._ask(drift, "take").line_ids.sentence, "It is on its way to Xero just now.")

    def test_from_the_document(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        self.assertEqual(invoice.action_xero_answer()["res_id"], drift.id)
        invoice.action_xero_send_ours()
        self.assertEqual((drift.state, drift.answer), ("answered", "send"))

    def test_what_is_not_possible_is_said_before(self):
        """Xero brings nothing back that was voided; the answer goes to the rest."""
        voided, edited = self._invoice(100), self._invoice(50, ref="PO 17")
        self._run()
        self._rita("void", voided.xero_id)
        self._changed(edited, Reference="PO 18")
        drifts = self._drifts(voided, edited)
        self.assertEqual((drifts[0].what, drifts[0].in_xero, drifts[0].why_not_send), ("Status", "Voided", "Xero cannot bring it back"))
        dialog = self._ask(drifts, "send")
        self.assertEqual([(each.label, each.count) for each in dialog.class_ids], [("Sent to Xero", 1), ("Not possible", 1)])
        self.assertIn("Xero cannot bring it back.", dialog.class_ids[1].said)
        dialog.action_apply()
        self._run()
        self.assertEqual(drifts.mapped("state"), ["open", "answered"])
        self.assertEqual(self._xero_invoice(edited).reference, "PO 17")
        said = voided.action_xero_send_ours()["params"]
        self.assertEqual((said["type"], said["message"]), ("warning", "Xero cannot bring it back."))
        self._run()
        self.assertEqual((voided.xero_state, drifts[0].state), ("drift", "open"))

    def test_sending_into_a_closed_period_of_xero(self):
        invoice, words = self._invoice(400), self._invoice(100, ref="PO 7")
        self._run()
        self._rita("edit", invoice.xero_id, {"LineItems": [{**self._line(invoice), "UnitAmount": 360}]})
        self._changed(words, Reference="PO 8")
        self.connection.sudo().period_lock_date = "2026-10-31"
        drifts = self._drifts(invoice, words)
        plans = drifts._plans("send")
        self.assertEqual([plans[each].deed for each in drifts], ["", "send"])
        self.assertIn("Xero is locked up to 31 Oct", plans[drifts[0]].sentence)

    def test_first_reading(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        self.assertEqual(drift.since, "connected", "Xero's list had never been read")
        self._answer(drift, "send")
        self.assertEqual(self._changed(invoice, Reference="PO 9").since, "later")

    def test_money_for_what_was_voided_there(self):
        """Noticed or not, it is said why money cannot follow; what is known is not even tried, also after it was left as it is."""
        (paid, credited), note = (self._invoice(100), self._invoice(50)), self._credit_note(30)
        documents = paid + credited
        self._run()
        for document in documents:
            self._rita("void", item=document.xero_id)
        first = self._pay(paid, 40)
        debts = (credited + note).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        debts.reconcile()
        allocation = debts.matched_debit_ids | debts.matched_credit_ids
        self._run()
        for record, document in ((first, paid), (allocation, credited)):
            job = self._job(record)
            self.assertEqual((job.state, job.problem_id.code), ("failed", "voided_in_xero"), job.message)
            self.assertIn(f"{document.name} was voided there", job.message)
        self._read()
        self._answer(self._drifts(*documents), "leave")
        self.assertEqual(documents.mapped("xero_state"), ["accepted", "accepted"])
        second = self._pay(paid, 20)
        before = len(self.xero.log)
        (self._job(first) + self._job(allocation)).action_retry()
        self.connection.action_sync_now()
        self._run()
        for record in (first, second, allocation):
            job = self._job(record)
            self.assertEqual((job.state, job.problem_id.code), ("blocked", "voided_in_xero"), job.message)
        self.assertFalse([call for call in list(self.xero.log)[before:] if call["method"] != "GET"])
