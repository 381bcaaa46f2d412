from decimal import Decimal

from odoo import Command, fields
from odoo.tests import tagged

from ..common.entries import XeroEntriesCommon


@tagged("post_install", "-at_install")
class TestEntryChanges(XeroEntriesCommon):
    """Entries that were sent and change, and what goes wrong on the way."""

    # === CHANGES === #

    def test_reset_and_posted_again_is_updated(self):
        entry = self._entry()
        self._run()
        xero_id = entry.xero_id
        entry.button_draft()
        self._run()
        entry.line_ids = [Command.update(line.id, {"balance": line.balance * 1.2}) for line in entry.line_ids]
        entry.action_post()
        self._run()
        self.assertEqual(self._assert_sent(entry)["DocumentID"], xero_id)
        self.assertEqual(self._sums(), {"477": Decimal(120), "825": Decimal(-120)})
        self.assertEqual(len(self._journals(None)), 1)

    def test_entry_left_in_draft_is_voided(self):
        entry = self._entry()
        self._run()
        entry.button_draft()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET write_date = write_date - interval '1 hour' WHERE id = %s", [entry.id])
        self.env.invalidate_all()
        self._run()
        self.assertFalse(self._journals())
        entry.action_post()
        self._run()
        self._assert_sent(entry)

    def test_cancelled_is_voided_and_comes_back_anew(self):
        entry = self._entry()
        self._run()
        entry.button_draft()
        entry.button_cancel()
        self._run()
        self.assertEqual([journal["Status"] for journal in self._journals(None)], ["VOIDED"])
        self.assertEqual(entry.xero_state, "voided")
        entry.button_draft()
        entry.action_post()
        self._run()
        self._assert_sent(entry)
        self.assertEqual(len(self._journals(None)), 2)

    def test_deleted_entry_is_voided(self):
        entry = self._entry()
        self._run()
        entry.button_draft()
        entry.with_context(force_delete=True).unlink()
        self._run()
        self.assertEqual([journal["Status"] for journal in self._journals(None)], ["VOIDED"])

    def test_changed_reference_is_updated(self):
        entry = self._entry()
        self._run()
        entry.ref = "Salaries of October"
        self._run()
        self.assertIn("Salaries of October", self._assert_sent(entry)["Narration"])

    def test_locked_period_is_held(self):
        entry = self._entry()
        self._run()
        self.xero.organisation("AU").period_lock_date = fields.Date.to_date("2026-10-31")
        self.connection._read_reference_data()
        late = self._entry()
        entry.button_draft()
        entry.button_cancel()
        self._run()
        self.assertEqual((late.xero_state, late.xero_problem_id.code), ("blocked", "lock_date"))
        self.assertEqual(entry.xero_problem_id.code, "lock_date", entry.xero_message)
        self.assertEqual(len(self._journals()), 1)

    # === TROUBLE === #

    def test_lost_answers_make_nothing_twice(self):
        for fault in ("timeout_after", "reset_after", "error_500_after", "nonsense_200", "missing_element_200", "timeout_before"):
            with self.subTest(fault):
                entries = self._entry() | self._entry()
                self._order_fault(fault, method="PUT", path="ManualJournals", times=1)
                self._run()
                self._later()
                self._run()
                self._later()
                self._run()
                for entry in entries:
                    self._assert_sent(entry)
        self.assertEqual(len(self._journals(None)), 12)

    def test_lost_answer_to_a_void(self):
        entry = self._entry()
        self._run()
        entry.button_draft()
        entry.button_cancel()
        self._order_fault("timeout_after", method="POST", path="ManualJournals", times=1)
        self._run()
        self._later()
        self._run()
        self.assertEqual(entry.xero_state, "voided")
        self.assertFalse(self._journals())

    def test_lost_bindings_are_found_again(self):
        entry = self._entry()
        self._run()
        xero_id = entry.xero_id
        self._binding(entry).unlink()
        entry.action_xero_sync()
        self._run()
        self.assertEqual(self._assert_sent(entry)["DocumentID"], xero_id)
        self.assertEqual(len(self._journals(None)), 1)

    def test_missing_permission_stops_nothing_else(self):
        self.xero.organisation("AU").reports_permission = False
        entry, invoice = self._entry(), self._invoice(100)
        self._run()
        self._assert_in_step(invoice)
        self._assert_held(entry, "no_permission")
        self.assertEqual(self.connection.state, "connected")
        self.xero.organisation("AU").reports_permission = True
        entry.action_xero_retry()
        self._run()
        self._assert_sent(entry)

    def test_one_refused_entry_does_not_stop_the_others(self):
        good, bad = self._entry(), self._entry(("super", 5), ("owed", -5))
        self._archive_in_xero("478")
        self._run()
        self._assert_sent(good)
        self.assertEqual((bad.xero_state, bad.xero_problem_id.code), ("blocked", "account_archived"))

    def _archive_in_xero(self, code):
        accounts = self.xero.organisation("AU").accounts
        account = next(account for account in accounts if account["Code"] == code)
        accounts.put({**account, "Status": "ARCHIVED"})

    def test_screens(self):
        """The button and the state are on the entry's form; the connection's page says what is left out."""
        entry = self._entry()
        form = self.env["account.move"].get_view(self.env.ref("account.view_move_form").id, "form")["arch"]
        self.assertIn("action_xero_sync", form)
        listed = self.env["account.move"].get_view(self.env.ref("account.view_move_tree").id, "list")["arch"]
        self.assertIn("xero_state", listed)
        self._run()
        self.assertIn("Journal%2FView.aspx", entry.xero_url)
        document = self.env["xero.document"].search([("res_model", "=", "account.move"), ("res_id", "=", entry.id)])
        self.assertEqual((document.kind, document.name), ("journal", entry.display_name))
        bank = self.company_data["default_journal_bank"]
        self._set_policy("each", bank)
        row = self.connection.entry_policy_ids.filtered(lambda line: line.journal_id == bank)
        self.assertIn("payments reach Xero as such", row.note)

    def test_an_administrator_sets_it_up_without_more_rights(self):
        """As over RPC: a policy, the clearing account, and the mapping renewed by it."""
        user = self.env["res.users"].create(
            {
                "name": "A",
                "login": "journal admin",
                "group_ids": [Command.set(self.env.ref("xero_connector.group_xero_admin").ids)],
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
            }
        )
        journal = self.journal.copy({"code": "OTH"})
        connection = self.connection.with_user(user)
        policies = self.env["xero.entry.policy"].with_user(user)
        row = policies.create({"connection_id": connection.id, "journal_id": journal.id, "policy": "each"})
        suspense = self.env["xero.account"].with_user(user).search([("connection_id", "=", connection.id), ("name", "=", "Suspense")])
        connection.write({"clearing_account_id": suspense.id})
        self.assertEqual((row.policy, connection.clearing_account_id.code), ("each", "850"))
        entry = self._entry(journal=journal)
        self._run()
        self._assert_sent(entry)

    def test_an_accountant_without_xero_rights_posts_and_resets(self):
        user = self.env["res.users"].create(
            {
                "name": "B",
                "login": "plain accountant",
                "group_ids": [Command.set(self.env.ref("account.group_account_user").ids)],
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
            }
        )
        entry = self._entry(post=False).with_user(user)
        entry.action_post()
        self._run()
        self._assert_sent(entry.sudo(False).with_user(self.env.user))
        entry.button_draft()
        entry.button_cancel()
        self._run()
        self.assertFalse(self._journals())

    def test_posting_costs_few_queries(self):
        def queries(connected):
            self.connection.sudo().active = connected
            entry = self._entry(post=False)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            entry.action_post()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._entry()
        self.connection.sudo()._set_state("draft")
        without, again = queries(False), queries(False)
        self.assertEqual(without, again)
        self.assertLessEqual(queries(True) - without, 9)
