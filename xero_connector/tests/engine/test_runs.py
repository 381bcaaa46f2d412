from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...engine.runner import Runner
from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestRuns(MoneyInCase):
    """Each run that did something is a row, with what it did; a run that did nothing leaves none."""

    def _new_runs(self, act):
        before = self.env["xero.run"].search([])
        act()
        return (self.env["xero.run"].search([]) - before).sorted("id")

    def _counts(self, run):
        return {line.kind: (line.created, line.changed, line.removed, line.taken) for line in run.kind_ids}

    # === WHAT IT DID === #

    def test_what_was_sent(self):
        invoices = self._invoice(100) | self._invoice(200)
        calls = self.env["xero.call"].search_count([])
        [run] = self._new_runs(self._run)
        self.assertEqual(self._counts(run)["invoice"], (2, 0, 0, 0))
        self.assertEqual(self._counts(run)["contact"], (1, 0, 0, 0), "the customer went along")
        self.assertEqual((run.created, run.changed, run.removed, run.taken), (3, 0, 0, 0))
        self.assertEqual((run.state, bool(run.user_ids)), ("done", False))
        self.assertEqual(run.calls, self.env["xero.call"].search_count([]) - calls)
        self.assertLessEqual(run.began_at, run.ended_at)
        bindings = invoices.mapped(self._binding)
        self.assertEqual(len(run.version_ids.filtered(lambda version: version.binding_id in bindings)), 2)

    def test_what_was_changed_and_removed(self):
        kept, gone = self._sent(self._invoice(100)), self._sent(self._invoice(200))
        kept.invoice_line_ids.name = "Another text"
        gone.button_cancel()
        [run] = self._new_runs(self._run)
        self.assertEqual(self._counts(run), {"invoice": (0, 1, 1, 0)})

    def test_what_was_taken(self):
        invoice = self._sent(self._invoice(100))
        self._rita("pay", document=invoice.xero_id, amount=invoice.amount_total, date="2026-10-05")
        [run] = self._new_runs(self._read)
        self.assertEqual(run.money_ids, self._money_of(invoice))
        self.assertEqual((run.taken, run.created), (1, 0))
        self.assertEqual(run.money_ids.payment_id, self._payments(invoice))

    def test_what_a_person_does_belongs_to_no_run(self):
        invoice = self._sent(self._invoice(100))
        self.assertFalse(self.env["xero.run"]._did(self.connection))
        self.env["xero.run"]._took(self._money_of(invoice))
        self.assertFalse(self.env["xero.run"].search([("state", "=", "running")]))

    # === A RUN THAT DID NOTHING === #

    def test_nothing_to_do_leaves_no_row(self):
        self._sent(self._invoice(100))
        self._run()
        self.assertFalse(self._new_runs(self._run))
        self.assertFalse(self._new_runs(self._read), "reading what has not changed is nothing that was done")

    def test_what_is_held_leaves_no_row(self):
        account = self.company_data["default_account_revenue"].copy({"code": "499997", "name": "Seminars"})
        move = self._invoice(100, post=False)
        move.invoice_line_ids.account_id = account
        move.action_post()
        runs = self._new_runs(self._run)
        self.assertEqual(move.xero_state, "blocked")
        self.assertFalse(runs.filtered(lambda run: "invoice" in self._counts(run)))

    # === WHO === #

    def test_who_asked(self):
        invoice = self._sent(self._invoice(100))
        person = new_test_user(self.env, "rosa", "xero_connector.group_xero_user,account.group_account_invoice")
        invoice.invoice_line_ids.name = "Another text"
        invoice.with_user(person).action_xero_sync()
        [run] = self._new_runs(self._run)
        self.assertEqual(run.user_ids, person)
        itself = self._new_runs(lambda: self._sent(self._invoice(100)))
        self.assertFalse(itself.user_ids)
        self.assertNotEqual(itself.why, run.why)

    # === HOW IT ENDED === #

    def test_a_runner_that_died(self):
        """Its row is closed by the next run, with what it had done; what that does has a row of its own."""
        first = self._new_runs(lambda: self._sent(self._invoice(100)))
        first.sudo().write({"state": "running", "ended_at": False, "calls": 0})
        second = self._new_runs(lambda: self._sent(self._invoice(200)))
        self.assertEqual((first.state, second.state), ("stopped", "done"))
        self.assertTrue(first.ended_at and first.calls)
        self.assertEqual(self._counts(second), {"invoice": (1, 0, 0, 0)})

    def test_a_run_that_ended_early(self):
        self._invoice(100)
        with (
            patch.object(Runner, "_compare_marked", side_effect=ValueError("a mistake")),
            mute_logger("odoo.addons.xero_connector.engine.runner"),
        ):
            [run] = self._new_runs(self._run)
        self.assertEqual((run.state, self._counts(run)["invoice"]), ("stopped", (1, 0, 0, 0)))

    # === WHAT IT COSTS, WHO SEES IT === #

    def test_queries_do_not_grow_with_what_is_shown(self):
        counted = []
        for count in (1, 4):
            for _number in range(count):
                self._sent(self._invoice(100))
            runs = self.env["xero.run"].search([])
            for _warm in range(2):  # what Odoo looks up once, about users and rights, is not counted
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                runs.read(["created", "changed", "removed", "taken", "display_name"])
            counted.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counted[0], counted[1])

    def test_who_sees_it(self):
        run = self._new_runs(lambda: self._sent(self._invoice(100)))
        user = new_test_user(self.env, "ursula", "xero_connector.group_xero_user")
        nobody = new_test_user(self.env, "norbert", "base.group_user")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stella", "xero_connector.group_xero_user", company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        self.assertEqual(run.with_user(user).kind_ids.mapped("created")[-1:], run.kind_ids.mapped("created")[-1:])
        self.assertFalse(self.env["xero.run"].with_user(stranger).search([]))
        self.assertFalse(self.env["xero.run.kind"].with_user(stranger).search([]))
        for refused in (nobody, stranger):
            with self.assertRaises(AccessError):
                run.with_user(refused).read(["state"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            run.with_user(user).state = "undone"

    def test_its_calls(self):
        run = self._new_runs(lambda: self._sent(self._invoice(100)))
        calls = self.env["xero.call"].search(run.action_open_calls()["domain"])
        self.assertTrue(calls.filtered(lambda call: call.method != "GET"))
