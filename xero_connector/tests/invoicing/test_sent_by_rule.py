from odoo.tests import Form, tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestSentByRule(XeroMoneyCommon):
    """Rules say which documents go to Xero; what stays out says why, needs nothing there, and holds nothing up."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _rule(self, domain, how="leave", **values):
        own = {"name": "Not for Xero", "use": "send", "how": how, "connection_id": self.connection.id, "domain": repr(list(domain))}
        return self.env["xero.rule"].create({**own, **values})

    def _of(self, partner):
        return [("partner_id", "=", partner.id)]

    def _state(self, *moves):
        self.env.invalidate_all()
        return [move.xero_state for move in moves]

    def test_left_out(self):
        stranger = self.env["res.partner"].create({"name": "Only in Odoo"})
        rule = self._rule(self._of(stranger))
        out, other = self._invoice(100, partner=stranger), self._invoice(100)
        self._run()
        self.assertEqual(self._state(out, other), ["ignored", "synced"], other.xero_message)
        self.assertEqual(out.xero_message, "Left out by the rule “Not for Xero”.")
        self.assertNotIn("Only in Odoo", [row["Name"] for row in self._organisation().contacts], "nothing is made for it")
        self.assertFalse(self._job(stranger))
        self.assertEqual((rule.recent_count >= 1, rule.waiting_count, rule.outcome), (True, 1, "Leave Out"))
        self.assertEqual(self.env[rule.action_show_waiting()["res_model"]].search(rule.action_show_waiting()["domain"]), out)

    def test_nothing_holds_what_is_left_out(self):
        """An account that has no counterpart matters to nobody then."""
        account = self.env["account.account"].create({"name": "Seminars", "code": "SEM1", "account_type": "income"})
        self._rule([("journal_id", "=", self.company_data["default_journal_sale"].id)])
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.account_id = account
        invoice.action_post()
        self._run()
        self.assertEqual(self._state(invoice), ["ignored"])
        self.assertFalse(self._open_problems())

    def _open_problems(self):
        return self.env["xero.problem"].search([("connection_id", "=", self.connection.id), ("state", "!=", "solved")])

    def test_the_first_that_fits(self):
        everything = self._rule([("move_type", "=", "out_invoice")], sequence=20)
        self._rule([("amount_total", ">", 1000)], how="send", name="Large ones", sequence=10)
        small, large = self._invoice(100), self._invoice(2000)
        self._run()
        self.assertEqual(self._state(small, large), ["ignored", "synced"])
        everything.sequence = 5
        another = self._invoice(3000)
        self._run()
        self.assertEqual(self._state(small, large, another), ["ignored", "synced", "ignored"])

    def test_changed_document(self):
        """Whether a rule is about it is asked again when it changes."""
        self._rule([("ref", "ilike", "internal")])
        invoice = self._invoice(100, ref="internal")
        self._run()
        self.assertEqual(self._state(invoice), ["ignored"])
        invoice.ref = "for the customer"
        self._run()
        self.assertEqual(self._state(invoice), ["synced"], invoice.xero_message)

    def test_changed_rule(self):
        rule = self._rule(self._of(self.partner))
        invoice = self._invoice(100)
        self._run()
        for change in ({"active": False}, {"domain": "[('amount_total', '<', 0)]"}, {"how": "send"}, {"until": "2026-09-30"}):
            with self._undone():
                rule.write(change)
                self._run()
                self.assertEqual(self._state(invoice), ["synced"], change)
        rule.unlink()
        self._run()
        self.assertEqual(self._state(invoice), ["synced"])

    def test_what_is_in_xero_stays_in_step(self):
        invoice = self._invoice(100)
        self._run()
        self._rule([])
        invoice.ref = "changed"
        self._run()
        self.assertEqual((self._remote(invoice).reference, *self._state(invoice)), ("changed", "synced"))
        invoice.button_draft()
        invoice.button_cancel()
        self._settle(2)
        self.assertEqual(self._remote(invoice).status, "VOIDED")

    def test_money_of_what_is_left_out(self):
        """It is not there either, and says so; nothing waits."""
        self._rule([("move_type", "=", "out_invoice")])
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._settle(3)
        self.assertEqual(self._state(invoice), ["ignored"])
        open_jobs = self.env["xero.job"].search([("is_open", "=", True), ("state", "!=", "ignored")])
        self.assertFalse(open_jobs, open_jobs.mapped("message"))
        self.assertEqual((payment.xero_state, payment.xero_message), (False, "What it pays is not in Xero."))
        self.assertFalse(list(self._organisation().payments))

    def test_why_and_the_way_on(self):
        rule = self._rule(self._of(self.partner))
        invoice = self._invoice(100)
        self._run()
        reason = self.env["xero.reason"].search([("reason", "=", "rule")])
        self.assertEqual((reason.why, reason.documents, reason.fix_label), ("Left out by the rule “Not for Xero”.", 1, "Open the Rule"))
        self.assertEqual((reason.action_fix()["res_model"], reason.action_fix()["res_id"]), ("xero.rule", rule.id))
        document = self.env["xero.document"].search([("res_model", "=", "account.move"), ("res_id", "=", invoice.id)])
        self.assertEqual((document.fix_label, document.action_fix()["res_id"]), ("Open the Rule", rule.id))
        invoice.action_xero_sync()
        self._run()
        self.assertEqual(self._state(invoice), ["ignored"], "who clicks does not change what the administrator has decided")

    def test_people_put_back_what_people_left_out(self):
        invoice = self._invoice(100)
        self._job(invoice).action_ignore("not yet")
        self._rule(self._of(self.partner))
        self._run()
        self.assertIn("not yet", invoice.xero_message)

    def test_show_me_why_names_the_rule(self):
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(self._why_rows(invoice), [])
        rule = self._rule([("amount_total", ">", 10_000)])
        self.assertEqual([row[1]["text"] for row in self._why_rows(invoice)], ["None is about it: everything else is sent."])
        rule.domain = repr(self._of(self.partner))
        [row] = self._why_rows(invoice)
        self.assertEqual((row[1]["text"], row[1]["open"], row[2]["text"]), (rule.name, {"model": rule._name, "id": rule.id}, "Leave Out"))

    def _why_rows(self, invoice):
        invoice.invalidate_recordset()
        return invoice.xero_why[0]["rows"]

    def _break(self, rule):
        """As if an addon with a field that the rule asks for had been taken away."""
        self.env.cr.execute("UPDATE xero_rule SET domain = %s WHERE id = %s", ["[('gone_field', '=', 1)]", rule.id])
        self.env.invalidate_all()

    def test_a_rule_that_cannot_be_read_lets_nothing_go(self):
        """Whom it keeps out, nobody can tell: what comes to it waits, behind one problem, until it can be read or is switched off."""
        for how in ("leave", "ask"):
            with self.subTest(how):
                self._rule([("amount_total", ">", 10_000)], how="send", sequence=1)
                rule = self._rule(self._of(self.partner), how=how, sequence=2, name="Of the lost field")
                self._break(rule)
                large, other, bill = self._invoice(20_000), self._invoice(100), self._bill(10)
                self._run()
                self.assertEqual(self._state(large, other, bill), ["synced", "blocked", "blocked"])
                [problem] = self._open_problems()
                self.assertEqual((problem.code, problem.job_count, problem.fix_label), ("rule_unread", 2, "Open the Rule"))
                self.assertIn("no longer there", problem.help)
                self.assertEqual(problem.action_fix()["res_id"], rule.id)
                self.assertIn("no longer there", rule.warning)
                rule.active = False
                self._run()
                self.assertEqual(self._state(large, other, bill), ["synced"] * 3)
                self.assertFalse(self._open_problems())

    def test_a_mended_rule_decides(self):
        rule = self._rule(self._of(self.partner))
        self._break(rule)
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(self._state(invoice), ["blocked"])
        rule.domain = repr(self._of(self.partner))
        self._run()
        self.assertEqual((self._state(invoice), self._open_problems().ids), (["ignored"], []))

    def test_a_rule_that_would_keep_nothing_back_is_passed_over(self):
        """One that sends, and one whose last day is before the document's, which is what counts, not today."""
        self._break(self._rule(self._of(self.partner), how="send"))
        self._break(self._rule(self._of(self.partner), until="2026-09-01"))
        invoice, earlier = self._invoice(100), self._invoice(100, date="2026-09-01")
        self._run()
        self.assertEqual(self._state(invoice, earlier), ["synced", "blocked"])

    def test_a_change_waits_for_a_rule_that_cannot_be_read(self):
        """Of what is in Xero, changes that might have to be approved wait; what would only have been left out stays in step."""
        invoice = self._invoice(100)
        self._run()
        rule = self._rule(self._of(self.partner), how="ask")
        self._break(rule)
        self._reprice(invoice, 120)
        self._run()
        self.assertEqual(self._state(invoice), ["blocked"])
        rule.unlink()
        self._run()
        self.assertEqual(self._state(invoice), ["synced"])

    def _reprice(self, invoice, price):
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = price
        invoice.action_post()

    def test_any_field_that_people_ask_for(self):
        category = self.env["product.category"].create({"name": "Samples"})
        product = self.env["product.product"].create({"name": "Sample", "categ_id": category.id})
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        north = self.env["account.analytic.account"].create({"name": "North", "plan_id": plan.id})
        tag = self.env["res.partner.category"].create({"name": "Family"})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.write({"product_id": product.id, "analytic_distribution": {north.id: 100}})
        invoice.invoice_user_id = self.env.user
        invoice.action_post()
        self.partner.category_id = tag
        conditions = [
            ("invoice_line_ids.product_id.categ_id", "child_of", category.id),
            ("invoice_line_ids.distribution_analytic_account_ids", "in", north.ids),
            ("partner_id.category_id", "in", tag.ids),
            ("partner_id.country_id", "=", self.partner.country_id.id),
            ("invoice_user_id", "=", self.env.user.id),
            ("payment_state", "=", "not_paid"),
            ("currency_id.name", "=", invoice.currency_id.name),
            ("invoice_date", ">=", "2026-01-01"),
        ]
        for condition in conditions:
            with self._undone():
                rule = self._rule([condition, ("id", "=", invoice.id)])
                self._run()
                self.assertEqual((*self._state(invoice), rule.warning), ("ignored", False), condition)
                self.assertTrue(rule.sentence)

    def test_what_a_change_changes(self):
        """Said before it is saved."""
        self._rule(self._of(self.partner))
        self._invoice(100), self._invoice(200)
        self._run()
        form = Form(self.env["xero.rule"].search([("use", "=", "send")]))
        self.assertFalse(form.consequences)
        form.domain = "[('amount_total', '<', 150)]"
        self.assertEqual(form.consequences, "Would be sent: 1")
        form.active = False
        self.assertEqual(form.consequences, "Would be sent: 2")

    def test_rule_from_a_document(self):
        invoice, alike = self._invoice(100), self._invoice(200)
        action = invoice.action_xero_rule()
        rule = Form(self.env["xero.rule"].with_context(**action["context"])).save()
        self.assertEqual((rule.use, rule.how, rule.name), ("send", "leave", self.partner.name))
        self._run()
        self.assertEqual(self._state(invoice, alike), ["ignored", "ignored"])

    def test_nothing_changes_for_what_is_there(self):
        """A change of it that waits goes whatever the rule says, and is not counted."""
        invoice = self._invoice(100)
        self._run()
        invoice.ref = "changed"
        rule = self.env["xero.rule"].new(
            {"use": "send", "how": "leave", "connection_id": self.connection.id, "domain": "[]", "active": True}
        )
        self.assertFalse(rule.consequences)
        self._invoice(200)
        rule.invalidate_recordset()
        self.env.flush_all()
        again = self.env["xero.rule"].new(
            {"use": "send", "how": "leave", "connection_id": self.connection.id, "domain": "[]", "active": True}
        )
        self.assertEqual(again.consequences, "Would be left out: 1")

    def test_another_companys_rule(self):
        other = self.env["res.company"].create({"name": "Other Company", "country_id": self.env.ref("base.au").id})
        self._rule([], connection_id=self._new_connection(other).id)
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(self._state(invoice), ["synced"])
