from odoo.tests import tagged

from ..common.made import MadeCase


@tagged("post_install", "-at_install")
class TestMadeDrafts(MadeCase):
    """Documents that come in as drafts, and what becomes of what was taken in when it is changed on either side."""

    def _prepare(self):
        super()._prepare()
        self._take_in("draft")

    def _draft(self, **how):
        xero_id = self._write(number="X-1", **how)
        self._read()
        row = self._row(xero_id)
        self.assertEqual((row.state, row.move_id.state, row.move_id.name), ("draft", "draft", "X-1"), row.message)
        return row

    def test_confirmed(self):
        row = self._draft()
        self._rita("pay", document=row.xero_id, date="2026-10-06")
        self._read()
        self.assertFalse(row.move_id.xero_id)
        before = self._changes()
        row.move_id.action_post()
        self._run()
        move = self._made(row.xero_id)
        self._assert_as_in_xero(move, row.xero_id)
        self.assertEqual((move.payment_state, self._changes()), ("paid", before))
        self._assert_quiet()

    def test_changed_before_it_is_confirmed(self):
        """Nothing is sent: whose side is right, a person says."""
        row = self._draft()
        row.move_id.invoice_line_ids.price_unit = 90
        before = self._changes()
        row.move_id.action_post()
        self._run()
        self.assertEqual((row.move_id.xero_state, row.state, self._changes()), ("drift", "taken", before))
        drift = self.env["xero.drift"].search([("res_id", "=", row.move_id.id), ("res_model", "=", "account.move")])
        self.assertEqual((drift.state, "99" in drift.in_odoo, "110" in drift.in_xero), ("open", True, True))

    def test_recoded_before_it_is_confirmed(self):
        """The same amounts on another account are a difference, too."""
        row = self._draft()
        row.move_id.invoice_line_ids.name = "something else"
        row.move_id.action_post()
        self._run()
        self.assertEqual(row.move_id.xero_state, "drift")

    def test_changed_in_xero_while_it_is_a_draft(self):
        row = self._draft()
        lines = [{"Description": "Work", "Quantity": 1, "UnitAmount": "120", "AccountCode": "200"}]
        self._rita("edit", item=row.xero_id, fields={"LineItems": lines, "Reference": "new"})
        self._read()
        self.assertEqual((row.state, row.move_id.amount_total, row.move_id.ref, row.move_id.name), ("draft", 132, "new", "X-1"))
        row.move_id.action_post()
        self._run()
        self._assert_as_in_xero(self._made(row.xero_id), row.xero_id)

    def test_changed_on_both_sides_while_it_is_a_draft(self):
        row = self._draft()
        row.move_id.invoice_line_ids.price_unit = 90
        self._rita("edit", item=row.xero_id, fields={"Reference": "new"})
        self._read()
        self.assertEqual((row.state, row.cause, row.move_id.amount_total), ("draft", "changed", 99))

    def test_voided_in_xero_while_it_is_a_draft(self):
        row = self._draft()
        self._rita("void", item=row.xero_id)
        self._read()
        self.assertEqual((row.state, row.move_id.state), ("gone", "cancel"))

    def test_deleted_or_cancelled_here(self):
        """It is not taken in again by itself; a person may."""
        row = self._draft()
        row.move_id.unlink()
        self._pass(days=2)
        self._run()
        self.assertEqual((row.state, row.move_id), ("ignored", self.env["account.move"]))
        row.action_put_back()
        self._run()
        self.assertEqual((row.state, row.move_id.name), ("draft", "X-1"))
        row.move_id.button_cancel()
        self.assertEqual(row.state, "ignored")
        row.move_id.button_draft()
        self.assertEqual(row.state, "draft")

    # === CHANGED HERE, LATER === #

    def _taken(self, what="invoice"):
        self._take_in("posted")
        xero_id = self._write(what, number="X-9")
        self._read()
        return self._made(xero_id)

    def test_changed_here_later(self):
        """One question; from then on it is a document like any other."""
        move = self._taken()
        before = self._changes()
        move.ref = "changed here"
        self._run()
        self.assertEqual((move.xero_state, self._changes()), ("blocked", before), move.xero_message)
        problem = self.env["xero.problem"].search([("code", "=", "made_in_xero"), ("state", "=", "open")])
        self.assertEqual((problem.fix_label, problem.job_count), ("Send the Changes", 1))
        problem.action_fix()
        self._run()
        self.assertEqual((move.xero_state, self._theirs(move.xero_id)["Reference"]), ("synced", "changed here"))
        move.ref = "and again"
        self._run()
        self.assertEqual(self._theirs(move.xero_id)["Reference"], "and again")

    def test_reset_to_draft_and_cancelled_here(self):
        """It is not voided in Xero without the question."""
        move = self._taken("bill")
        move.button_draft()
        move.button_cancel()
        self._pass(hours=2)
        self._run()
        self.assertEqual((self._theirs(move.xero_id)["Status"], move.xero_state), ("AUTHORISED", "blocked"))
        move.action_xero_sync()
        self._run()
        self.assertEqual(self._theirs(move.xero_id)["Status"], "VOIDED")

    def test_reset_to_draft_here(self):
        """The problem's answer reaches Xero whatever became of the document meanwhile."""
        move = self._taken("bill")
        move.button_draft()
        self._pass(hours=2)
        self._run()
        problem = self.env["xero.problem"].search([("code", "=", "made_in_xero"), ("state", "=", "open")])
        problem.action_fix()
        self._run()
        self.assertEqual((self._theirs(move.xero_id)["Status"], problem.state), ("VOIDED", "solved"))

    def test_deleted_here(self):
        move = self._taken("bill")
        xero_id = move.xero_id
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self._pass(hours=2)
        self._run()
        self.assertEqual(self._theirs(xero_id)["Status"], "AUTHORISED")
        self.env["xero.problem"].search([("code", "=", "made_in_xero"), ("state", "=", "open")]).action_fix()
        self._run()
        self.assertEqual(self._theirs(xero_id)["Status"], "VOIDED")

    def test_paid_here(self):
        move = self._taken()
        self._record_in("both")
        self._pay(move, date="2026-10-09")
        self._run()
        self.assertEqual((move.xero_state, self._theirs(move.xero_id)["AmountDue"]), ("synced", 0))
        self._assert_quiet()

    def test_changed_in_xero_later(self):
        move = self._taken()
        lines = [{"Description": "Work", "Quantity": 1, "UnitAmount": "120", "AccountCode": "200"}]
        self._rita("edit", item=move.xero_id, fields={"LineItems": lines})
        self._read()
        self.assertEqual((move.xero_state, move.amount_total), ("drift", 110))
        self.env["xero.drift"].search([("res_id", "=", move.id), ("state", "=", "open")]).action_take()

    def test_a_second_answer_is_told(self):
        self._take_in("no")
        row = (
            self.env["xero.made"]
            .sudo()
            .create({"connection_id": self.connection.id, "kind": "invoice", "xero_id": "x", "told": {"x": 1}, "state": "ignored"})
        )
        said = row.action_take()
        self.assertEqual(said["params"]["type"], "warning")
        self.assertEqual(row.state, "ignored")
