from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common.every_value import every_value
from ..common.tracking import TrackingCase


@tagged("post_install", "-at_install")
class TestTracking(TrackingCase):
    """Analytic distributions arrive as tracking, to the cent, and never silently blank."""

    def test_mapping_is_read_without_analytic_accounting(self):
        """An administrator who does not use it sees the mapping all the same."""
        user = new_test_user(self.env, "no_analytic", groups="xero_connector.group_xero_admin", company_id=self.env.company.id)
        self.assertFalse(user.has_group("analytic.group_analytic_accounting"))
        connection = self.connection.with_user(user)
        self.assertEqual(connection.plan_mapping_ids.mapped("label"), self.connection.plan_mapping_ids.mapped("label"))
        self.assertEqual(connection.option_mapping_ids.mapped("label"), self.connection.option_mapping_ids.mapped("label"))
        self.assertTrue(connection.plan_mapping_ids.mapped("label"))

    def test_distribution_splits_the_line(self):
        self._confirm()
        invoice = self._tracked((99.99, {(self.north,): 60, (self.south,): 40}), (10, None), (33.33, {(self.north,): 25}))
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"North": 68.32, "South": 40.0, "": 35.0})

    def test_two_plans_on_one_line(self):
        api_category = self.xero.organisation("AU").add_tracking("Machines", ("Press",))
        self.connection.action_refresh_reference_data()
        self._confirm()
        self.assertEqual(self._plan_line(self.other_plan).xero_category_id.xero_id, api_category["TrackingCategoryID"])
        invoice = self._tracked((100, {(self.north, self.press): 60, (self.south,): 40}), (50, {(self.north,): 100, (self.press,): 100}))
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"North / Press": 110.0, "South": 40.0})

    def test_bills_and_credit_notes_are_tracked_too(self):
        self._confirm()
        self._map_purchases()
        for move_type in ("in_invoice", "out_refund", "in_refund"):
            purchase = {"ref": f"V {move_type}", "taxes": self.purchase_tax, "account": "expense"} if move_type.startswith("in") else {}
            move = self._tracked((99.99, {(self.north,): 60, (self.south,): 40}), move_type=move_type, **purchase)
            self._run()
            self.assertEqual(move.xero_state, "synced", f"{move_type}: {move.xero_message}")
            self.assertEqual(self._sums(move), {"North": 59.99, "South": 40.0}, move_type)

    def test_undistributed_document_costs_no_query_and_no_line(self):
        invoice = self._invoice(100)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"": 100.0})

    def test_subplans_belong_to_their_root(self):
        child = self.env["account.analytic.plan"].create({"name": "Cities", "parent_id": self.plan.id})
        self.north.plan_id = child
        self._confirm()
        invoice = self._tracked((100, {(self.north,): 100}))
        self._run()
        self.assertEqual(self._sums(invoice), {"North": 100.0})

    def test_changed_distribution_changes_the_lines_in_xero(self):
        self._confirm()
        invoice = self._tracked((100, {(self.north,): 60, (self.south,): 40}))
        self._run()
        for distribution, sums in (
            ({self.north: 30, self.south: 70}, {"North": 30.0, "South": 70.0}),
            ({self.south: 100}, {"South": 100.0}),
            ({}, {"": 100.0}),
        ):
            invoice.button_draft()
            invoice.invoice_line_ids.analytic_distribution = {str(account.id): part for account, part in distribution.items()} or False
            invoice.action_post()
            self._run()
            self._assert_in_step(invoice)
            self.assertEqual(self._sums(invoice), sums)

    # === HELD === #

    def test_plan_nobody_decided_on_holds(self):
        self._confirm()
        invoice = self._tracked((100, {(self.press,): 100}))
        self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("blocked", "tracking_unmapped"))
        self.assertIn("Machine", invoice.xero_message)
        self.assertFalse(self._xero_invoice(invoice))
        self.connection._propose_mapping()
        line = self._plan_line(self.other_plan)
        self.assertEqual(line.state, "missing")
        line.not_tracked = True
        self.assertEqual(line.state, "confirmed")
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"": 100.0})

    def test_not_tracked_plan_beside_a_tracked_one(self):
        self._confirm()
        self._plan_line(self.other_plan).not_tracked = True
        invoice = self._tracked((100, {(self.north, self.press): 60, (self.press,): 40}))
        self._run()
        self.assertEqual(self._sums(invoice), {"North": 60.0, "": 40.0})

    def test_missing_option_holds_unless_it_may_be_created(self):
        self._confirm()
        invoice, second = (self._tracked((100, {(self.east,): 50, (self.north,): 50})) for _number in range(2))
        self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("blocked", "option_missing"))
        self.assertEqual(invoice.xero_problem_id, second.xero_problem_id)
        self.assertIn("Far East", invoice.xero_problem_id.name)
        self.assertEqual(self._calls("Options"), 0)
        self.connection.create_options = True
        self._run()
        self._assert_in_step(invoice)
        self._assert_in_step(second)
        self.assertEqual(self._sums(invoice), {"Far East": 50.0, "North": 50.0})
        self.assertEqual(self._calls("Options"), 1)
        line = self._option_line(self.east)
        self.assertEqual((line.state, line.reason, line.xero_option_id.name), ("confirmed", "created", "Far East"))

    def test_option_chosen_by_hand_lets_the_document_go(self):
        self._confirm()
        invoice = self._tracked((100, {(self.east,): 100}))
        self._run()
        self.connection._propose_mapping()
        self.assertEqual(self._option_line(self.east).state, "missing")
        self._option_line(self.east).xero_option_id = self.env["xero.tracking.option"].search([("name", "=", "Eastside")])
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"Eastside": 100.0})
        self.assertFalse(self.env["xero.problem"].search([("state", "=", "open")]))

    def test_button_creates_one_option(self):
        self._confirm()
        invoice = self._tracked((100, {(self.east,): 100}))
        self._run()
        self.connection._propose_mapping()
        line = self._option_line(self.east)
        self.assertTrue(line.can_create)
        line.action_create_in_xero()
        self.assertEqual(line.state, "confirmed")
        self._run()
        self.assertEqual(self._sums(invoice), {"Far East": 100.0})
        with self.assertRaises(UserError):
            line.action_create_in_xero()

    def test_namesake_that_appears_later_is_taken(self):
        self._confirm()
        west = self.env["account.analytic.account"].create({"name": " west  coast", "plan_id": self.plan.id})
        invoice = self._tracked((100, {(west,): 100}))
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"West Coast": 100.0})

    def test_namesake_that_stands_for_another_account_is_not_taken(self):
        self.connection.create_options = True
        self._confirm()
        self.north.name = "Up North"
        new = self.env["account.analytic.account"].create({"name": "North", "plan_id": self.plan.id})
        invoice = self._tracked((100, {(new,): 40, (self.north,): 60}))
        self._run()
        self.assertEqual(invoice.xero_problem_id.code, "option_missing")
        self.assertIn("Up North", invoice.xero_problem_id.name)
        new.name = "New North"
        invoice.xero_problem_id.action_retry()
        self._run()
        self.assertEqual(self._sums(invoice), {"New North": 40.0, "North": 60.0})

    def test_two_accounts_of_one_name_are_not_mixed(self):
        self.connection.create_options = True
        self._confirm()
        twins = self.env["account.analytic.account"].create([{"name": "Twin", "plan_id": self.plan.id}] * 2)
        invoice = self._tracked((100, {(twins[0],): 40, (twins[1],): 60}))
        self._run()
        self.assertEqual(invoice.xero_problem_id.code, "option_missing")
        self.assertEqual(self._calls("Options"), 0)

    def test_archived_option_is_not_made_a_second_time(self):
        self.connection.create_options = True
        self._confirm()
        self._set_option("North", Status="ARCHIVED")
        self.connection.action_refresh_reference_data()
        self.assertEqual(self._option_line(self.north).state, "archived")
        invoice = self._tracked((100, {(self.north,): 100}))
        self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("blocked", "option_missing"))
        self.assertIn("no longer in use", invoice.xero_message)
        self.assertEqual(self._calls("Options"), 0)
        self._set_option("North", Status="ACTIVE")
        self.connection.action_refresh_reference_data()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"North": 100.0})

    def test_archived_namesake_of_an_unmapped_account(self):
        self.connection.create_options = True
        self._confirm()
        self._set_option("West Coast", Status="ARCHIVED")
        self.connection.action_refresh_reference_data()
        west = self.env["account.analytic.account"].create({"name": "West Coast", "plan_id": self.plan.id})
        invoice = self._tracked((100, {(west,): 100}))
        self._run()
        self.assertEqual(invoice.xero_problem_id.code, "option_missing")
        self.assertEqual(self._calls("Options"), 0)

    def test_no_room_for_another_option(self):
        self.connection.create_options = True
        self._confirm()
        category = self._category()
        full = tuple({"TrackingOptionID": self.xero.organisation("AU").new_id(), "Name": f"o{n}", "Status": "ACTIVE"} for n in range(96))
        self.xero.organisation("AU").tracking.put({**category, "Options": (*category["Options"], *full)})
        invoice = self._tracked((100, {(self.east,): 100}))
        self._run()  # our copy is older: Xero refuses
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("blocked", "option_missing"))
        self.assertIn("100", invoice.xero_problem_id.name)
        self.assertEqual(self._calls("Options"), 1)
        self.connection._read_reference_data()
        invoice.xero_problem_id.action_retry()
        self._run()  # now it is known beforehand
        self.assertEqual(self._calls("Options"), 1)
        self.assertIn("100", invoice.xero_problem_id.name)

    def test_long_name_is_not_cut(self):
        self.connection.create_options = True
        self._confirm()
        self.east.name = "x" * 101
        invoice = self._tracked((100, {(self.east,): 100}))
        self._run()
        self.assertEqual(invoice.xero_problem_id.code, "option_missing")
        self.assertIn("too long", invoice.xero_problem_id.name)

    def test_renamed_account_keeps_its_option(self):
        self._confirm()
        self.north.name = "Far North"
        invoice = self._tracked((100, {(self.north,): 100}))
        self._run()
        self.assertEqual(self._sums(invoice), {"North": 100.0})

    # === NO ANSWER === #

    def test_lost_answer_makes_no_second_option(self):
        self.connection.create_options = True
        self._confirm()
        for kind in ("timeout_before", "timeout_after", "reset_after", "error_500_after", "empty_200"):
            account = self.env["account.analytic.account"].create({"name": f"Site {kind}", "plan_id": self.plan.id})
            self._order_fault(kind, method="PUT", path="Options")
            invoice = self._tracked((100, {(account,): 100}))
            self._run()
            self.assertFalse(self._xero_invoice(invoice))
            self._later()
            self._run()
            self._later()
            self._run()
            self._assert_in_step(invoice)
            self.assertEqual(self._sums(invoice), {f"Site {kind}": 100.0})
            self._option(f"Site {kind}")

    def test_tracked_document_whose_answer_was_lost(self):
        """Xero's lists, by which it is found again, name options without their ids."""
        self._confirm()
        for kind in ("timeout_after", "reset_after", "error_500_after", "empty_200"):
            for make in (self._tracked, self._tracked_note):
                with self.subTest(kind=kind, make=make.__name__):
                    self._order_fault(kind, method="PUT", path="Invoices|CreditNotes")
                    move = make((100, {(self.north,): 60, (self.south,): 40}), (50, {(self.south,): 100}))
                    for _number in range(3):
                        self._run()
                        self._later()
                    self.assertEqual((move.xero_state, move.xero_message), ("synced", False))
                    self.assertEqual(self._sums(move), {"North": 60.0, "South": 90.0})

    def _tracked_note(self, *lines):
        return self._tracked(*lines, move_type="out_refund")

    # === XERO AND WE DISAGREE === #

    @every_value("unknown_tracking")
    def test_option_archived_behind_our_back(self):
        self._confirm()
        invoice = self._tracked((100, {(self.south,): 100}))
        self._set_option("South", Status="ARCHIVED")
        self._run()
        self.assertEqual(invoice.xero_problem_id.code, "option_missing")
        self._set_option("South", Status="ACTIVE")
        self.connection.action_refresh_reference_data()
        invoice.action_xero_retry()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._sums(invoice), {"South": 100.0})

    def test_query_count_does_not_grow(self):
        self._confirm()
        counts = []
        for size in (3, 12):
            moves = [self._tracked((100 + n, {(self.north,): 60, (self.south,): 40})) for n in range(size)]
            jobs = self.env["xero.job"].union(*(self._job(move) for move in moves))
            self.env.flush_all()
            self.env.invalidate_all()
            handler = self.env["xero.handler.invoice"]
            with patch.object(type(self.env.cr), "execute", autospec=True, side_effect=type(self.env.cr).execute) as execute:
                handler._enqueue_first(self.connection, jobs.ids)
                reading = handler._read(self.connection, jobs)
                for move in moves:
                    handler._detailed([], reading.moves[move.id], reading.details)
            counts.append(execute.call_count)
        self.assertLessEqual(counts[1], counts[0] + 1)
