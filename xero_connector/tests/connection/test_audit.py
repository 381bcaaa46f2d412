from psycopg2 import errors

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.audit.xero_audit import Entry
from ..common.money import XeroMoneyCommon

ADMIN = "base.group_user,xero_connector.group_xero_admin"


class AuditCase(XeroMoneyCommon):
    def _prepare(self):
        super()._prepare()
        self.env.flush_all()
        self.seen = self.env["xero.audit"].sudo().search([], limit=1).id  # what was kept until the tests begin

    def _new(self):
        """``(what, which value, on what, before, after)`` of what was added, the oldest first."""
        rows = self.env["xero.audit"].sudo().search([("id", ">", self.seen)], order="id")
        return [(row.act, row.about or "", row.name, row.before or "", row.after or "") for row in rows]


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    """Who did what, when, on what, before and after; in the transaction of the act."""

    # === DOCUMENTS === #

    def test_sync(self):
        invoice = self._invoice(100)
        self.assertEqual(self._new(), [])  # that it goes by itself is nobody's act
        self._settle()
        invoice.write({"ref": "changed"})
        invoice.action_xero_sync()
        self.connection.action_sync_now()
        acts = self._new()
        self.assertEqual([act[0] for act in acts], ["send", "sync"])
        self.assertEqual((acts[0][2], acts[1][2]), (invoice.display_name, self.connection.display_name))
        row = self.env["xero.audit"].search([("id", ">", self.seen)], limit=1, order="id")
        self.assertEqual((row.who, row.login), (self.env.user.name, self.env.user.login))
        self.assertEqual(row.company_id, self.env.company)
        self.assertEqual(row.action_open()["res_id"], invoice.id)

    def test_what_was_not_asked_for_is_no_act(self):
        self.connection.sync_invoice = "off"
        invoice = self._invoice(100)
        self._move_on()
        invoice.action_xero_sync()  # is refused
        self.assertEqual(self._new(), [])

    def test_leave_out_and_again(self):
        invoice = self._invoice(100)
        job = self._job(invoice)
        job.action_ignore("Entered twice")
        job.action_retry()
        [out, again] = self._new()
        self.assertEqual(out[:4], ("leave_out", "", invoice.display_name, "Waiting"))
        self.assertIn("Entered twice", out[4])
        self.assertEqual(again, ("retry", "", invoice.display_name, "Left Out", "Waiting"))

    def test_retry_of_a_problem(self):
        account = self.env["account.account"].create({"name": "Unmapped", "code": "977001", "account_type": "income"})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.account_id = account
        invoice.action_post()
        self._settle()
        self._move_on()
        self.env["xero.problem"].search([("code", "=", "account_unmapped")]).action_retry()
        self.assertEqual(self._new(), [("retry", "", invoice.display_name, "Held", "Waiting")])

    def test_approval(self):
        self._map_purchases()
        rule = {"name": "All", "use": "send", "how": "ask", "connection_id": self.connection.id, "domain": "[('amount_total', '>=', 10)]"}
        self.env["xero.rule"].create(rule)
        one, other = self._invoice(100), self._invoice(200)
        self._settle()
        self._move_on()
        groups = "base.group_user,account.group_account_readonly,xero_connector.group_xero_approver"
        ann = new_test_user(self.env, "ann", groups=groups, name="Ann", company_id=self.env.company.id)
        rows = self.env["xero.approval"].search([("state", "=", "asked")]).with_user(ann)
        rows.filtered(lambda row: row.res_id == one.id).action_approve()
        back = self.env["xero.approval.back"].with_user(ann)
        back.create({"approval_ids": rows.filtered(lambda row: row.res_id == other.id).ids, "reason": "Wrong price"}).action_send_back()
        self.assertEqual(
            self._new(),
            [
                ("approve", "", one.name, "To Approve", "Approved"),
                ("send_back", "", other.name, "To Approve", "Sent Back: Wrong price"),
            ],
        )
        self.assertEqual(self.env["xero.audit"].search([("id", ">", self.seen)]).mapped("who"), ["Ann"] * 2)

    # === WHAT IS SET === #

    def test_mapping(self):
        line = self.connection.account_mapping_ids.filtered("confirmed")[:1]
        before, other = line.xero_account_id, self.env["xero.account"].search([("can_post", "=", True)])[-1:]
        self._move_on()
        line.xero_account_id = other
        line.xero_account_id = other  # says the same
        self.assertEqual(self._new(), [("mapping", "Xero Account", line.label, before.display_name, other.display_name)])

    def test_proposals_are_nobodys_choice(self):
        self.connection.account_mapping_ids.unlink()
        self._move_on()
        self.connection.action_propose_mapping()
        self.assertTrue(self.connection.account_mapping_ids.xero_account_id)
        self.assertEqual(self._new(), [])
        self.connection.action_confirm_mapping()
        kept = {act[2]: act[4] for act in self._new() if act[0] == "mapping"}
        chosen = self.connection.account_mapping_ids.filtered(lambda line: line.state == "confirmed")
        self.assertEqual(kept, {line.label: line.xero_account_id.display_name for line in chosen})

    def test_rules(self):
        rule = self.env["xero.rule"].create({"name": "A", "use": "send", "how": "leave", "domain": "[('amount_total', '>=', 10)]"})
        rule.write({"how": "ask", "name": "A"})
        rule.domain = "[('amount_total', '>=', 20)]"
        rule.unlink()
        [made, how, domain, gone] = self._new()
        self.assertEqual(made[:3], ("rule", "New", "A"))
        self.assertIn("What It Does: Leave Out", made[4])
        self.assertEqual(how, ("rule", "What It Does", "A", "Leave Out", "Ask First"))
        self.assertEqual((domain[1], domain[3] != domain[4]), ("Condition", True))
        self.assertNotIn("[(", domain[3] + domain[4])  # as it reads
        self.assertEqual(gone[:3], ("rule", "Deleted", "A"))

    def test_settings(self):
        self.connection.write({"sync_invoice": "manual", "create_options": True, "sync_bill": self.connection.sync_bill})
        self.assertCountEqual(
            self._new(),
            [
                ("setting", "Customer Invoices", self.connection.name, "Automatically", "On demand"),
                ("setting", "Create Missing Tracking Options", self.connection.name, "No", "Yes"),
            ],
        )

    def test_settings_page(self):
        self.env.user.group_ids += self.env.ref("base.group_system")
        settings = self.env["res.config.settings"].create({"xero_sync_payment": "manual"})
        settings.execute()
        self.assertEqual(self._new(), [("setting", "Payments", self.connection.name, "Automatically", "On demand")])

    def test_what_a_run_notes_is_no_setting(self):
        self._invoice(100)
        self._settle(2)
        self.connection.sudo().write({"failures": 3, "paused_until": "2026-01-01 00:00:00"})
        self.assertEqual([act for act in self._new() if act[0] in ("setting", "connection")], [])

    def test_how_entries_are_sent(self):
        journal = self.company_data["default_journal_misc"]
        policy = self.env["xero.entry.policy"].create({"connection_id": self.connection.id, "journal_id": journal.id, "policy": "each"})
        policy.policy = "day"
        words = ("setting", "How Its Entries Are Sent", journal.display_name, "One manual journal per entry", "One summary a day")
        self.assertEqual(self._new()[1:], [words])

    def test_secrets(self):
        self.connection.write({"client_secret": "top-secret-one", "webhook_key": "top-secret-two"})
        self.connection.action_forget_webhook_keys()
        self.assertEqual(
            [act[1:] for act in self._new()],
            [
                ("Client Secret", self.connection.name, "", "Changed"),
                ("Webhook Key", self.connection.name, "", "Changed"),
                ("Webhook Key", self.connection.name, "", "Removed"),
            ],
        )
        self.env.flush_all()
        self.env.cr.execute("SELECT string_agg(xero_audit::text, ' ') FROM xero_audit")
        self.assertNotIn("top-secret", self.env.cr.fetchone()[0])

    def test_connection(self):
        self.connection.action_disconnect()
        self._authorise(self.connection)
        acts = [act for act in self._new() if act[0] == "connection"]
        name = self.connection.organisation_name
        self.assertEqual([act[1:2] + act[3:] for act in acts[:1]], [("State", "Connected", "Not Connected")])
        self.assertIn(("connection", "Consent in Xero", name, "", name), acts)
        self.assertIn(("connection", "State", name, "Not Connected", "Connected"), acts)

    def test_lost_by_itself(self):
        self.connection.with_user(SUPERUSER_ID)._set_state("reconnect", "gone")
        row = self.env["xero.audit"].search([("id", ">", self.seen)])
        self.assertEqual((row.who, row.login, row.after), ("By itself", False, "Reconnect"))
        self._move_on()
        self.connection._set_state("connected")
        self._move_on()
        self.connection._set_state("paused", "a limit")
        self.assertEqual(self._new(), [])  # a limit is nobody's act

    # === TRANSACTION === #

    def test_undone_leaves_nothing(self):
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.connection.sync_invoice = "off"
            self.env.flush_all()
            self.assertEqual(len(self._new()), 1)
            self.connection._set_state("no such state")
        self.env.invalidate_all()
        self.assertEqual(self._new(), [])

    def _move_on(self):
        self.env.flush_all()
        self.seen = self.env["xero.audit"].sudo().search([], limit=1).id


@tagged("post_install", "-at_install")
class TestAuditStays(AuditCase):
    """Nobody adds, changes or deletes a row, whatever the rights; administrators of the company read and export it."""

    def _prepare(self):
        super()._prepare()
        self.connection.sync_invoice = "manual"
        self.row = self.env["xero.audit"].search([], limit=1)
        self.people = {
            name: new_test_user(self.env, f"trail-{name}", groups=groups, company_id=self.env.company.id)
            for name, groups in {
                "admin": ADMIN,
                "user": "base.group_user,xero_connector.group_xero_user",
                "system": "base.group_system",
                "both": f"base.group_system,{ADMIN}",
            }.items()
        }

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule")
    def test_by_rpc(self):
        values = {"who": "x", "act": "send", "happened_at": "2026-01-01 00:00:00", "company_id": self.env.company.id}
        for user in (*self.people.values(), self.env.ref("base.user_root")):
            model = self.env(user=user, context={})["xero.audit"]
            for method, args in (("create", [[values]]), ("write", [self.row.ids, {"who": "x"}]), ("unlink", [self.row.ids])):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    call_kw(model, method, args, {})
            with self.assertRaises(AccessError):
                call_kw(model, "_keep", ["send", self.env.company, []], {})

    def test_by_sudo(self):
        row_sudo = self.row.sudo()
        for change in (
            lambda: row_sudo.write({"who": "x"}),
            lambda: setattr(row_sudo, "who", "x"),
            row_sudo.unlink,
            row_sudo.copy,
            lambda: row_sudo.create({"who": "x"}),
        ):
            with self.assertRaises(AccessError):
                change()
        self.env.invalidate_all()
        self.assertEqual(row_sudo.who, self.env.user.name)

    @mute_logger("odoo.sql_db")
    def test_by_sql(self):
        self.env.flush_all()
        for statement in ("UPDATE xero_audit SET who = 'x'", "DELETE FROM xero_audit", "TRUNCATE xero_audit"):
            with self.assertRaises(errors.InsufficientPrivilege), self.env.cr.savepoint():
                self.env.cr.execute(statement)

    def test_who_left_stays(self):
        gone = new_test_user(self.env, "leaver", groups=ADMIN, name="A Leaver", company_id=self.env.company.id)
        self.connection.with_user(gone).sync_bill = "manual"
        self.env.flush_all()
        gone.unlink()
        self.assertEqual(self.env["xero.audit"].search([("login", "=", "leaver")]).who, "A Leaver")

    def test_what_is_gone_stays(self):
        rule = self.env["xero.rule"].create({"name": "A", "use": "send", "how": "leave", "domain": "[('amount_total', '>=', 10)]"})
        rule.unlink()
        row = self.env["xero.audit"].search([("res_model", "=", "xero.rule")], limit=1)
        self.assertEqual(row.action_open()["params"]["type"], "warning")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_who_reads(self):
        for name, may in (("admin", True), ("both", True), ("user", False), ("system", False)):
            self.assertEqual(self.row.with_user(self.people[name]).has_access("read"), may, name)

    def test_other_company(self):
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "stranger", groups=ADMIN, company_id=other.id)
        self.assertFalse(self.env["xero.audit"].with_user(stranger).search([]))
        self.env["xero.audit"]._keep("sync", other, [Entry(self.connection)])
        self.assertEqual(self.env["xero.audit"].with_user(stranger).search([]).company_id, other)

    def test_export(self):
        user = self.people["admin"]
        user.group_ids += self.env.ref("base.group_allow_export")
        rows = self.env["xero.audit"].with_user(user).search([("act", "=", "setting")], limit=1)
        exported = rows.export_data(["who", "act", "name", "about", "before", "after"])["datas"]
        self.assertEqual(
            exported,
            [[self.env.user.name, "Setting", self.connection.name, "Customer Invoices", "Automatically", "On demand"]],
        )

    def test_many_at_once(self):
        """Queries do not grow with the documents."""
        audit = self.env["xero.audit"]

        def queries(count):
            partners = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            audit._keep("send", self.env.company, [Entry(partner) for partner in partners])
            return self.env.cr.sql_log_count - before

        few = queries(10)
        self.assertLessEqual(queries(100), few)


@tagged("post_install", "-at_install")
class TestAuditOfBank(AuditCase):
    def test_match_and_undo(self):
        invoice = self._invoice(1200)
        line = self._statement_line(1320, payment_ref=f"CUSTOMER {invoice.name}", partner_id=False)
        self.env["xero.bank.match"]._refresh(self.connection)
        row = self.env["xero.bank.match"].search([("line_id", "=", line.id)])
        row.action_match()
        row.action_undo()
        self.assertEqual(
            self._new(),
            [("match", "", line.payment_ref, "", invoice.name), ("undo_match", "", line.payment_ref, invoice.name, "")],
        )

    def test_answer(self):
        invoice = self._invoice(20)
        self._settle()
        binding = self._binding(invoice)
        binding.write({"state": "drift", "message": "x"})
        own = {"binding_id": binding.id, "connection_id": self.connection.id, "kind": "invoice", "name": invoice.name}
        drift = self.env["xero.drift"].sudo().create({**own, "res_model": "account.move", "res_id": invoice.id, "message": "Total is 1"})
        drift.sudo(False)._leave()
        self.assertEqual(self._new(), [("answer", "", invoice.name, "Total is 1", "Both stay as they are.")])

    def test_made_there(self):
        values = {"connection_id": self.connection.id, "kind": "invoice", "xero_id": "x", "told": {"x": 1}, "state": "asked"}
        made = self.env["xero.made"].sudo().create({**values, "number": "INV-1"}).sudo(False)
        made.action_leave_out()
        made.action_put_back()
        self.assertEqual(
            self._new(),
            [("leave_out", "", "INV-1", "To Decide", "Left Out"), ("put_back", "", "INV-1", "Left Out", "Waiting")],
        )
