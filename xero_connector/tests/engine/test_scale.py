from odoo import Command
from odoo.tests import tagged

from ..common.push import XeroPushCommon

STATES = ["pending", "approval", "blocked", "failed", "synced", "drift", "ignored"]


@tagged("post_install", "-at_install")
class TestScale(XeroPushCommon):
    """What is done for many documents at once comes to the same as doing it one by one."""

    # === SENDING === #

    def _queries_to_send(self, count):
        moves = self.env["account.move"].union(*[self._invoice(100 + number, 7) for number in range(count)])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._run()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})
        return queries

    def test_queries_do_not_grow_with_the_batch(self):
        self._queries_to_send(2)  # the customer goes along
        few, many = self._queries_to_send(5), self._queries_to_send(45)
        self.assertLess(many - few, 5)

    def test_queries_do_not_grow_with_what_is_held(self):
        account = self.company_data["default_account_revenue"].copy({"code": "499997", "name": "Seminars"})
        figures = []
        for count in (3, 30):
            moves = self.env["account.move"].union(*[self._invoice(100, post=False) for _number in range(count)])
            moves.invoice_line_ids.account_id = account
            moves.action_post()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._run()
            figures.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(moves.mapped("xero_state")), {"blocked"})
        self.assertLess(figures[1] - figures[0], 5)

    def test_two_that_are_given_the_same_contact(self):
        client = self._xero()
        [made] = client.create_contacts([{"Name": "Twin", "EmailAddress": "twin@example.com"}], "a key")
        twins = self.env["res.partner"].create([{"name": "Twin", "email": "twin@example.com"} for _number in range(2)])
        twins.action_xero_sync()
        self._run()
        self.assertEqual(twins.mapped("xero_state"), ["synced", "blocked"])
        self.assertEqual(twins[0].xero_id, made.remote.xero_id)
        self.assertEqual(twins[1].xero_problem_id.code, "contact_namesake")

    # === AMOUNTS === #

    def _assert_amounts_as_by_the_engine(self, move):
        handler, table = self.env["xero.handler.invoice"], self.connection._mapping_table()
        quick, engine = handler._booked(move, table), handler._booked_by_engine(move, table, set())
        self.assertEqual(quick.keys(), engine.keys())
        for line, booked in engine.items():
            self.assertEqual((quick[line].taxes, round(quick[line].net, 6)), (booked.taxes, round(booked.net, 6)), line.name)
            self.assertEqual(round(quick[line].tax, 6), round(booked.tax, 6), line.name)

    def test_amounts_of_the_lines_are_those_of_the_engine(self):
        included = self.tax.copy({"name": "10% incl", "price_include_override": "tax_included"})
        second = self.tax.copy({"name": "5%", "amount": 5})
        self._assert_amounts_as_by_the_engine(self._invoice(33.33, 0.05, 19.99, quantity=3))
        self._assert_amounts_as_by_the_engine(self._invoice(110, 33.33, taxes=included))
        self._assert_amounts_as_by_the_engine(self._invoice(110, 33.33, taxes=self.tax + second))
        self._assert_amounts_as_by_the_engine(self._invoice(110, -10.01, taxes=self.env["account.tax"]))
        group = {"name": "both", "amount_type": "group", "children_tax_ids": [Command.set((included + second).ids)], "type_tax_use": "sale"}
        self._assert_amounts_as_by_the_engine(self._invoice(110, 3.33, taxes=self.env["account.tax"].create(group)))

    def test_tax_rounded_over_the_document(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self._invoice(0.05, 0.05, 0.05)
        self._assert_amounts_as_by_the_engine(move)
        booked = self.env["xero.handler.invoice"]._booked(move, self.connection._mapping_table())
        self.assertAlmostEqual(sum(line.tax for line in booked.values()), move.amount_tax)

    def test_tax_changed_by_hand(self):
        move = self._invoice(100, 50, post=False)
        tax_line = move.line_ids.filtered("tax_line_id")
        move.write({"line_ids": [Command.update(tax_line.id, {"amount_currency": tax_line.amount_currency - 0.01})]})
        move.action_post()
        self.assertEqual(move.amount_tax, 15.01)
        self._assert_amounts_as_by_the_engine(move)

    # === SCREENS === #

    def _documents_in_all_states(self):
        """Invoices, customers and payments, some of which stand in each state."""
        moves = [self._invoice(100 + number) for number in range(9)]
        self._run()
        self._pay(moves[0])
        self._pay(moves[1], 10)
        self._run()
        job = {"connection_id": self.connection.id, "kind": "invoice", "res_model": "account.move"}
        Job, Binding = self.env["xero.job"].sudo(), self.env["xero.binding"].sudo()
        Job.create(
            [{**job, "res_id": moves[2 + number].id, "state": state} for number, state in enumerate(("failed", "blocked", "ignored"))]
        )
        Job.create([{**job, "res_id": moves[5].id, "state": state} for state in ("sending", "failed")])
        for move, state in ((moves[6], "drift"), (moves[3], "drift"), (moves[7], "ignored")):
            Binding.search([("res_model", "=", "account.move"), ("res_id", "=", move.id)]).state = state
        Binding.search([("res_model", "=", "account.move"), ("res_id", "=", moves[8].id)]).xero_status = "VOIDED"
        self._invoice(5, post=False)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_what_is_found_by_state_is_what_shows_it(self):
        self._documents_in_all_states()
        for model in ("account.move", "account.payment", "res.partner"):
            records = self.env[model].search([])
            for states in (*([state] for state in STATES), [False], ["synced", "drift"], ["blocked", "failed"], [False, "synced"], STATES):
                shown = records.filtered(lambda record, states=states: record.xero_state in states)
                self.assertEqual(self.env[model].search([("xero_state", "in", states)]), shown, f"{model} {states}")
                self.assertEqual(self.env[model].search([("xero_state", "not in", states)]), records - shown, f"{model} not {states}")

    def test_groups_by_state_count_every_record_once(self):
        self._documents_in_all_states()
        for model in ("account.move", "account.payment", "res.partner"):
            groups = dict(self.env[model]._read_group([], ["xero_state"], ["__count"]))
            expected = self.env[model].search([]).grouped("xero_state")
            self.assertEqual(groups, {state: len(records) for state, records in expected.items()})

    def test_pages_of_the_documents(self):
        self._documents_in_all_states()
        Document = self.env["xero.document"]
        for domain in ([], [("state", "=", "synced")], [("kind", "=", "invoice")], [("state", "in", ("failed", "synced"))]):
            whole = Document.search(domain)
            self.assertEqual(len(whole), Document.search_count(domain))
            for size in (1, 2, 5):
                pages = [Document.search(domain, offset=offset, limit=size) for offset in range(0, len(whole) + size, size)]
                self.assertEqual([record.id for each in pages for record in each], whole.ids, f"{domain} by {size}")

    def test_documents_have_their_names_at_once(self):
        self._documents_in_all_states()
        Document = self.env["xero.document"]
        documents = Document.search([])
        for document in documents:
            self.assertEqual(document.name, document._records()[document.id].display_name)
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            documents.mapped("name")
