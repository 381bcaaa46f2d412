from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestApprovedFirst(XeroMoneyCommon):
    """What a rule says to ask about first goes to Xero as somebody has approved it, and not otherwise; nobody approves alone."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        groups = "base.group_user,account.group_account_readonly,xero_connector.group_xero_approver"
        self.ann = new_test_user(self.env, "ann", groups=groups, name="Ann Approver", company_id=self.env.company.id)
        self.rule = self.env["xero.rule"].create(
            {
                **{"name": "Large ones", "use": "send", "how": "ask", "connection_id": self.connection.id},
                "domain": "[('amount_total', '>=', 1000)]",
            }
        )

    def _rows(self, *states):
        return self.env["xero.approval"].search([("state", "in", states)] if states else [])

    def _by(self, user, rows):
        return rows.with_user(user)

    def _approve(self, rows=None, user=None):
        rows = self._rows("asked") if rows is None else rows
        return self._by(user or self.ann, rows).action_approve()["params"]

    def test_asked_approved_sent(self):
        large, small = self._invoice(1000), self._invoice(100)
        self._run()
        self.assertEqual((large.xero_state, small.xero_state), ("approval", "synced"), large.xero_message)
        self.assertEqual(large.xero_message, "Waits for approval by Ann Approver.")
        row = self._rows("asked")
        self.assertEqual((row.name, row.partner_id, row.amount, row.asked_by_id), (large.name, self.partner, 1100, self.env.user))
        self.assertEqual((row.accounts, row.taxes), (self.company_data["default_account_revenue"].name, self.sale_tax_name()))
        said = self._approve()
        self.assertEqual((said["message"], said["type"]), ("Approved: 1 · On their way", "success"))
        self._run()
        self.assertEqual((large.xero_state, float(self._remote(large).total)), ("synced", 1100.0))
        self.assertEqual((row.state, row.decided_by_id), ("approved", self.ann))
        self.assertIn("Approved for Xero by Ann Approver.", "".join(large.message_ids.mapped("body")))

    def test_approved_on_the_document(self):
        """Where it is looked at it can be decided, by whoever may, and once."""
        large, small = self._invoice(1000), self._invoice(100)
        self._run()
        mine = large.with_user(self.ann)
        row = self._rows("asked")
        self.assertEqual((mine.xero_approval_id, mine.xero_approval_why_not), (row, False))
        self.assertIn("The first for this customer.", mine.xero_approval_words)
        self.assertFalse(small.with_user(self.ann).xero_approval_id)
        self.assertIn("approvers", row.with_user(self.env.user).why_not or row._why_not())
        mine.action_xero_approve()
        mine.invalidate_recordset()
        self.assertFalse(mine.xero_approval_id)
        self._run()
        self.assertEqual(large.xero_state, "synced")
        before = self._calls()
        mine.action_xero_approve()  # a second click
        self._run()
        self.assertEqual((self._calls(), large.xero_state), (before, "synced"))

    def test_sent_back_on_the_document(self):
        large = self._invoice(1000)
        self._run()
        action = large.with_user(self.ann).action_xero_send_back()
        Back = self.env["xero.approval.back"].with_user(self.ann).with_context(**action["context"])
        Back.create({"reason": "Wrong day"}).action_send_back()
        self._run()
        self.assertEqual(large.xero_state, "ignored")
        self.assertIn("Wrong day", large.xero_message)

    def sale_tax_name(self):
        return self.company_data["default_tax_sale"].name

    def test_nothing_is_made_for_what_waits(self):
        stranger = self.env["res.partner"].create({"name": "Not Yet in Xero"})
        invoice = self._invoice(2000, partner=stranger)
        self._settle(2)
        self.assertEqual(invoice.xero_state, "approval")
        self.assertNotIn("Not Yet in Xero", [row["Name"] for row in self._organisation().contacts])
        self._approve()
        self._settle(2)
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)

    def test_money_waits_with_it(self):
        invoice = self._invoice(1000)
        payment = self._pay(invoice)
        self._settle(2)
        self.assertEqual((invoice.xero_state, payment.xero_state), ("approval", "pending"), payment.xero_message)
        self._approve()
        self._settle(3)
        self._assert_balances()

    def test_who_pays_it_has_not_asked(self):
        invoice = self._invoice(1000)
        self._run()
        payer = new_test_user(self.env, "payer", groups="base.group_user,account.group_account_invoice", company_id=self.env.company.id)
        self._pay(invoice.with_user(payer))
        self._settle(2)
        self.assertEqual(self._rows("asked").asked_by_id, self.env.user)

    def test_a_change_is_asked_about_again(self):
        invoice = self._invoice(1000)
        self._run()
        self._approve()
        self._run()
        calls = self._calls("POST /api.xro/2.0/Invoices")
        invoice.ref = "for the customer"
        self._run()
        self.assertEqual((invoice.xero_state, self._calls("POST /api.xro/2.0/Invoices")), ("approval", calls))
        row = self._rows("asked")
        self.assertEqual(row.unusual_words, "Changed since approval: Reference.")
        self._approve()
        self._run()
        self.assertEqual((invoice.xero_state, self._remote(invoice).reference), ("synced", "for the customer"))

    def test_what_changes_nothing_is_not_asked_about(self):
        invoice = self._invoice(1000)
        self._run()
        self._approve()
        self._run()
        self._pay(invoice)
        invoice.action_xero_sync()
        self._settle(3)
        self.assertFalse(self._rows("asked"))
        self._assert_balances()

    def test_what_customers_pay_by_is_part_of_it(self):
        invoice = self._invoice(1000)
        self._run()
        self._approve()
        self._run()
        invoice.payment_reference = "another account's"
        self._run()
        self.assertEqual((invoice.xero_state, len(self._rows("asked"))), ("approval", 1))

    def test_changed_while_it_waits(self):
        invoice = self._invoice(1000)
        self._run()
        row = self._rows("asked")
        invoice.ref = "edited"
        said = self._approve(row)
        self.assertEqual((said["type"], row.state), ("warning", "asked"))
        self.assertIn("has been changed meanwhile", said["message"])
        self._run()
        self.assertEqual((self._rows("asked"), row.facts["reference"]), (row, "edited"))
        self._approve(row)
        self._run()
        self.assertEqual(invoice.xero_state, "synced")

    def test_nobody_approves_alone(self):
        self.env.user.group_ids += self.env.ref("xero_connector.group_xero_approver")
        invoice = self._invoice(1000)
        self._run()
        said = self._approve(user=self.env.user)
        self.assertEqual((said["type"], invoice.xero_state), ("warning", "approval"))
        self.assertIn("another approver decides", said["message"])
        self.assertEqual(self._rows("asked").why_not, "You asked for it; another approver decides.")
        self.connection.approves_own = True
        self.env.invalidate_all()
        self.assertEqual(self._approve(user=self.env.user)["type"], "success")

    def test_who_may_not(self):
        self._invoice(1000)
        self._run()
        rows = self._rows("asked")
        blind = new_test_user(
            self.env, "blind", groups="base.group_user,xero_connector.group_xero_approver", company_id=self.env.company.id
        )
        self.assertIn("may not see this document", self._approve(rows, blind)["message"])
        clerk = new_test_user(self.env, "clerk", groups="base.group_user,xero_connector.group_xero_user", company_id=self.env.company.id)
        self.assertIn("Only Xero approvers", self._approve(rows, clerk)["message"])
        nobody = new_test_user(self.env, "nobody", groups="base.group_user", company_id=self.env.company.id)
        with self.assertRaises(AccessError):
            self._approve(rows, nobody)
        with self.assertRaises(AccessError):
            rows.with_user(self.ann).write({"state": "approved"})
        self.assertEqual(rows.state, "asked")

    def test_sent_back(self):
        invoice = self._invoice(1000)
        self._run()
        row = self._rows("asked")
        wizard = self._by(self.ann, row).action_send_back()
        self.env["xero.approval.back"].with_user(self.ann).with_context(**wizard["context"]).create(
            {"reason": "wrong price"}
        ).action_send_back()
        self._run()
        self.assertEqual((row.state, invoice.xero_state), ("back", "ignored"))
        self.assertEqual(invoice.xero_message, "Sent back by Ann Approver: wrong price")
        self.assertEqual(invoice.activity_ids.user_id, self.env.user)
        self.env.invalidate_all()
        [reason] = self.env["xero.reason"].search([("documents", "=", 1), ("state", "=", "ignored")])
        self.assertEqual((reason.why, reason.fix_label), ("Sent back by an approver.", "Show"))
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 1200
        invoice.action_post()
        self._run()
        again = self._rows("asked")
        self.assertEqual((invoice.xero_state, again.unusual_words), ("approval", "Sent back before: wrong price"))
        self._approve(again)
        self._run()
        self.assertEqual((invoice.xero_state, float(self._remote(invoice).total)), ("synced", 1320.0))

    def test_unusual(self):
        stranger = self.env["res.partner"].create({"name": "New Customer"})
        self._invoice(1000, partner=stranger)
        for _each in range(3):
            self._invoice(300)
        self._invoice(1500)
        self._run()
        words = {row.partner_id: row.unusual_words for row in self._rows("asked")}
        self.assertEqual(words, {stranger: "The first for this customer.", self.partner: "Times the usual amount: 5."})

    def test_nobody_has_to_answer_any_more(self):
        cancelled, ruled = self._invoice(1000), self._invoice(2000)
        self._run()
        cancelled.button_draft()
        cancelled.button_cancel()
        self._run()
        self.assertEqual(self._rows("asked").res_id, ruled.id)
        self.rule.active = False
        self._run()
        self.assertEqual((ruled.xero_state, self._rows("asked").ids), ("synced", []))

    def test_told_once(self):
        self._invoice(1000), self._invoice(2000)
        self._settle(2)
        activities = self.connection.activity_ids.filtered(lambda each: each.xero_code == "to_approve")
        self.assertEqual((len(activities), activities.user_id), (1, self.ann))
        need = [each for each in self.connection.overview_needs if each["name"] == "To Approve"]
        self.assertEqual([each["count"] for each in need], [2])
        reason = self.env["xero.reason"].search([("reason", "=", "approval")])
        self.assertEqual((reason.why, reason.documents), ("Waits for approval by Ann Approver.", 2))
        activities.action_done()
        self._settle(2)
        self.assertFalse(self.connection.activity_ids.filtered(lambda each: each.xero_code == "to_approve"), "not again while it waits")
        self._approve()
        self._settle(2)
        self.assertFalse(self.connection.activity_ids.filtered(lambda each: each.xero_code == "to_approve"))

    def test_one_that_cannot_be_read_stops_nobody(self):
        bad, good = self._invoice(1000), self._invoice(2000)
        handler = type(self.env["xero.handler"]._of("invoice"))
        content = handler._content_to_approve

        def broken(this, record):
            if record == bad:
                raise ValueError("poison")
            return content(this, record)

        with patch.object(handler, "_content_to_approve", broken), mute_logger("odoo.addons.xero_connector.engine.guard"):
            self._run()
        self.assertEqual((bad.xero_state, good.xero_state), ("failed", "approval"), bad.xero_message)

    def test_left_out_before_it_is_approved(self):
        invoice = self._invoice(1000)
        self._run()
        self._job(invoice).action_ignore("a mistake")
        self.assertIn("Nobody asks for it any more", self._approve()["message"])
        self.assertEqual(invoice.xero_state, "ignored")

    def test_two_documents_at_once(self):
        """One that cannot be approved does not keep the other."""
        one, two = self._invoice(1000), self._invoice(2000)
        self._run()
        rows = self._rows("asked")
        two.ref = "edited"
        said = self._approve(rows)
        self.assertEqual(said["message"].split("\n")[0], "Approved: 1 · On their way")
        self._run()
        self.assertEqual((one.xero_state, two.xero_state), ("synced", "approval"))
