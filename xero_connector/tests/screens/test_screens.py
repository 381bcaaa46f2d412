from odoo.tests import tagged

from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestScreens(XeroPushCommon):
    """What the Overview, the Documents and the forms read."""

    def _prepare(self):
        super()._prepare()
        account = self.company_data["default_account_revenue"].copy({"code": "499998", "name": "Seminars"})
        self.held = self._invoice(100, post=False)
        self.held.invoice_line_ids.account_id = account
        self.held.action_post()
        self.good = self._invoice(50)
        self._run()

    def test_newest_first(self):
        """E10: what happened last stands first, page by page, whatever its state."""
        invoices, newest = [("kind", "=", "invoice")], self._invoice(70)
        self.env["xero.job"].sudo().search([("res_id", "=", newest.id)]).requested_at = "2030-01-01"
        Document = self.env["xero.document"]
        every = Document.search(invoices)
        self.assertEqual(every[0].name, newest.display_name)
        self.assertEqual(sorted(every.mapped("state")), ["blocked", "pending", "synced"])
        self.assertEqual(every.mapped("touched"), sorted(every.mapped("touched"), reverse=True))
        pages = [Document.search_fetch(invoices, ["name"], offset=number, limit=1) for number in range(4)]
        self.assertEqual([page.id for page in pages], [*every.ids, False])

    def test_what_documents_say(self):
        """E10: partner, day, amount and company; the reason, and the fix by its name."""
        [held] = self.env["xero.document"].search([("kind", "=", "invoice"), ("state", "=", "blocked")])
        self.assertEqual((held.partner_id, held.date, held.amount), (self.partner, self.held.invoice_date, self.held.amount_total))
        self.assertEqual((held.document_company_id, held.why), (self.env.company, self.held.xero_message))
        self.assertEqual(held.fix_label, self.held.xero_fix_label)
        [contact] = self.env["xero.document"].search([("kind", "=", "contact")])
        self.assertEqual((contact.partner_id, contact.amount, contact.date), (self.partner, 0, False))

    def test_documents_in_order(self):
        """E10: by partner, day and amount as the list shows them, of documents and of money; what has none comes last."""
        small = self._invoice(30, partner=self.env["res.partner"].create({"name": "Zebra Ltd"}), date="2026-09-15")
        self._invoice(70, partner=self.env["res.partner"].create({"name": "Aardvark Ltd"}), date="2026-10-20")
        self._run()
        self._pay(small, 20, date="2026-10-25")
        self._run()
        Document = self.env["xero.document"]
        every = Document.search([])
        for name, value in (("date", "date"), ("amount", "amount"), ("partner_id", "partner_id.complete_name")):
            self.assertTrue(Document.fields_get([name])[name]["sortable"])
            for direction in ("asc", "desc"):
                with self.subTest(name, direction=direction):
                    found = Document.search([], order=f"{name} {direction}")
                    self.assertEqual(found, found & every)
                    self.assertEqual(len(found), len(every))
                    values = [document.mapped(value)[0] for document in found if document[name]]
                    self.assertEqual(values, sorted(values, reverse=direction == "desc"))
                    self.assertGreaterEqual(len(values), 4)
        page = Document.search_fetch([], ["date"], offset=1, limit=2, order="date desc")
        self.assertEqual(page, Document.search([], order="date desc")[1:3])

    def test_documents_are_found_by_name(self):
        Document = self.env["xero.document"]
        self.assertEqual(Document.search([("name", "ilike", self.good.name)]).res_id, self.good.id)
        self.assertEqual(Document.search([("name", "ilike", "azure int"), ("kind", "=", "contact")]).res_id, self.partner.id)
        self.assertFalse(Document.search([("name", "ilike", "nothing of this name")]))

    def test_overview_lists_problems(self):
        [shown] = self.connection.overview_needs
        problem = self.env["xero.problem"].browse(shown["id"])
        self.assertEqual((shown["name"], shown["count"]), (problem.name, 1))
        self.assertEqual(shown["fix_label"], "Choose the Account")
        self.assertEqual(problem.document_ids.mapped("res_id"), self.held.ids)
        self.assertEqual(self.connection.calls_left, 1000 - self.connection.calls_today)

    def test_what_came_of_looking_again(self):
        """E5: who comes back from a fix is told above the rows, of which the problem may be none any more."""
        Problem, problem = self.env["xero.problem"], self.held.xero_problem_id
        problem.action_look()
        [looking] = [line for line in Problem.standing(problem.ids) if problem.name in line["text"]]
        self.assertEqual((looking["text"], looking["kind"]), (f"Looking again… · {problem.name}", "info"))
        self._run()
        self.assertEqual(Problem.standing(problem.ids), [{"text": f"Still there: {problem.name}", "kind": "warning", "buttons": []}])
        line = problem._mapping_line()
        line.xero_account_id = self.env["xero.account"].search([("code", "=", "260")], limit=1)
        self._run()
        texts = [line["text"] for line in Problem.standing(problem.ids)]
        self.assertRegex(texts[0], "^No problems. Checked")
        self.assertEqual(texts[1], f"Solved. On their way: 1 · {problem.name}")
        self.assertEqual(len(Problem.standing()), 1)

    def test_xero_cannot_be_reached(self):
        """A1: the line says so, when Xero last answered, and that nothing is lost; gone when it answers again."""
        self.assertEqual(self.env["xero.connection"].trouble_lines(), [])
        self.assertFalse(self.connection.trouble)
        self._invoice(20)
        self._order_fault("unavailable_503", method="PUT", path="Invoices", times=1)
        self._run()
        [line] = self.env["xero.connection"].trouble_lines()
        self.assertRegex(
            line["text"], r"^Xero is closed for maintenance\. Xero's last answer: .+\. Nothing is lost; it goes on by itself\.$"
        )
        self.assertEqual(line["kind"], "warning")
        self.connection.invalidate_recordset(["trouble"])
        self.assertEqual(self.connection.trouble, line["text"])
        self.assertEqual(self.env["xero.problem"].standing()[0], line)
        self.assertEqual(self.env["xero.reason"].xero_figures()[0]["notice"], line["text"])
        self._later()
        self._run()
        self.assertEqual(self.env["xero.connection"].trouble_lines(), [])

    def test_journals_of_the_accounting_dashboard(self):
        """E16: each journal of sales or purchases says how many of its documents are not in Xero, and opens them."""
        sales, purchases = self.company_data["default_journal_sale"], self.company_data["default_journal_purchase"]
        self._bill(30)
        self._invoice(10, post=False)
        self.assertEqual((sales.xero_missing_count, purchases.xero_missing_count), (1, 1))
        self.connection.sync_bill = "off"
        (sales | purchases).invalidate_recordset(["xero_missing_count"])
        self.assertEqual(purchases.xero_missing_count, 0, "never sent, so not missed")
        self.connection.sync_invoice = "manual"
        asked_by_nobody = self._invoice(40)
        (sales | purchases).invalidate_recordset(["xero_missing_count"])
        action = sales.action_xero_missing()
        found = self.env["account.move"].search(action["domain"])
        self.assertEqual(found, self.held | asked_by_nobody)
        self.assertEqual(sales.xero_missing_count, len(found))
        self.connection.sync_from = "2026-12-01"
        sales.invalidate_recordset(["xero_missing_count"])
        self.assertEqual(sales.xero_missing_count, 0, "dated before the first day")
        self.assertEqual(self.company_data["default_journal_bank"].xero_missing_count, 0)

    def test_contacts_are_no_documents(self):
        """E14: the counters count what their lists show."""
        shown = self.env["xero.document"].search_count([("kind", "!=", "contact"), ("state", "=", "synced")])
        self.assertEqual((self.connection.synced_count, shown), (1, 1))

    def test_fix_on_this_very_screen_has_no_button(self):
        self.assertEqual(self.held.xero_fix_label, "Choose the Account")
        self.held.xero_problem_id.sudo().write({"code": "totals_differ", "res_model": "account.move", "res_id": self.held.id})
        self.held.invalidate_recordset(["xero_fix_label"])
        self.assertFalse(self.held.xero_fix_label)

    def test_waiting_says_that_the_connection_is_interrupted(self):
        self.connection._set_state("reconnect", "Xero no longer accepts the connection.")
        waiting = self._invoice(10)
        self.assertEqual((waiting.xero_state, waiting.xero_message), ("pending", "Xero no longer accepts the connection."))

    def test_empty_overview_says_what_to_do(self):
        Connection = self.env["xero.connection"].with_context(xero_overview=True)
        self.assertIn("xero_settings_action", Connection.get_empty_list_help(""))
        user = self.env["res.users"].create(
            {"name": "User", "login": "xero user", "group_ids": self.env.ref("xero_connector.group_xero_user").ids}
        )
        self.assertNotIn("href", Connection.with_user(user).get_empty_list_help(""))
