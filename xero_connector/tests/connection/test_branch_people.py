"""B8: a branch that was connected for itself, what people see who have only the branch, and its settings."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...access import clients
from ..common.branches import XeroBranchCommon


@tagged("post_install", "-at_install")
class TestBranchWithItsOwn(XeroBranchCommon):
    """A branch that was connected for itself keeps its connection, and speaks for the branches below."""

    organisations = ("AU", "NZ")

    def _prepare(self):
        super()._prepare()
        with self._in(self.branch):
            own = self._new_connection(self.branch)
            self._authorise(own, "NZ")
            self.own = own.with_env(self.env)
        self.own.action_confirm_mapping()

    def test_each_its_own(self):
        """B8"""
        self.assertEqual(self.own.state, "connected")
        self.assertEqual(self.connection._companies(), self.main)
        self.assertEqual(self.own._companies(), self.branch | self.twig)
        self.assertIn(self.company_data["default_journal_bank"], self.own.journal_mapping_ids.journal_id)
        invoices = self._in_every_company(lambda: self._invoice(100))
        self.connection.action_sync_now()
        self.own.action_sync_now()
        jobs = [self._job(invoice).connection_id for invoice in invoices]
        self.assertEqual(jobs, [self.connection, self.own, self.own])

    def test_only_set_up_it_speaks_for_nobody(self):
        """B8: a connection that was begun and never used does not keep documents from their way."""
        twigs = self._new_connection(self.twig)
        self.assertEqual(self.env["xero.connection"]._get_active(self.twig), self.own)
        self.assertTrue(twigs)

    def test_given_up(self):
        """B8: archived, the company's takes over."""
        self.own.action_disconnect()
        self.assertEqual(self.env["xero.connection"]._get_active(self.branch), self.own)
        self.own.active = False
        self.assertEqual(self.env["xero.connection"]._get_active(self.twig), self.connection)
        with self._in(self.branch):
            invoice = self._invoice(100)
        self._settle()
        self._assert_in_step(invoice)

    def test_settled_by_what_another_organisation_has(self):
        """B8, B1: what cannot be said in Xero is said on the document."""
        invoice = self._invoice(100)
        self._settle()
        with self._in(self.branch):
            credit = self._credit_note(100)
        self._match(invoice, credit)
        self._settle()
        self.assertEqual(invoice.xero_problem_id.code, "settled_by_entry")
        self.assertIn(credit.name, invoice.xero_message)
        self._unmatch(invoice)
        self._settle()
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)


@tagged("post_install", "-at_install")
class TestWhoIsInABranch(XeroBranchCommon):
    """What people see who have only the branch."""

    def _prepare(self):
        super()._prepare()
        values = {"company_id": self.branch.id, "company_ids": [Command.set(self.branch.ids)]}
        self.user = new_test_user(self.env, "north", groups="xero_connector.group_xero_user", **values)
        self.admin = new_test_user(self.env, "north-admin", groups="xero_connector.group_xero_admin", **values)

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.branch.ids)

    def test_state_of_their_documents(self):
        """B8"""
        self._invoice(100)
        with self._in(self.branch):
            invoice = self._invoice(100)
        moves = self._as(self.user, self.env["account.move"])
        self.assertEqual(moves.search([("xero_state", "=", "pending")]).ids, invoice.ids)
        self._settle()
        seen = self._as(self.user, invoice)
        self.assertEqual((seen.xero_state, bool(seen.xero_url), seen.xero_connected), ("synced", True, True))
        self.assertEqual(moves.search([("xero_state", "=", "synced")]).ids, invoice.ids)
        self.assertEqual(self._as(self.user, self.partner).xero_state, "synced")

    def test_button(self):
        """B8"""
        with self._in(self.branch):
            invoice = self._invoice(100)
        self._settle()
        self.env["xero.job"].sudo().search([]).unlink()
        self._binding(invoice).unlink()
        self._as(self.user, invoice).action_xero_sync()
        self.assertEqual(self._job(invoice).connection_id, self.connection)

    def test_problems_jobs_and_documents(self):
        """B8: those of the connection; what belongs to the company only is counted, not named."""
        theirs = self._invoice(100)
        with self._in(self.branch):
            self._invoice(100)
        self._settle()
        for model in ("xero.connection", "xero.job", "xero.call", "xero.document", "xero.account", "xero.account.mapping"):
            self.assertTrue(self._as(self.user, self.env[model]).search([]), model)
        rows = self._as(self.user, self.env["xero.document"]).search([("res_model", "=", "account.move"), ("res_id", "=", theirs.id)])
        self.assertEqual(len(rows), 1)
        self.assertEqual(self._as(self.user, self.connection).action_sync_now()["tag"], "display_notification")

    def test_mapping_opens(self):
        """B8"""
        action = self._as(self.user, self.env["xero.connection"]).action_open_company_mapping()
        self.assertEqual(action["res_id"], self.connection.id)
        for lines in ("journal_mapping_ids", "account_mapping_ids", "tax_mapping_ids"):
            self.assertTrue(all(self._as(self.user, self.connection)[lines].mapped("label")), lines)

    def test_company_without_its_branch(self):
        """B8: the mapping with a journal of a branch that is not selected."""
        with self._in(self.branch):
            self.env["account.journal"].create({"name": "North's bank", "code": "NBK", "type": "bank"})
        self.connection._propose_mapping()
        self.env.invalidate_all()
        with self._in(self.main):
            labels = self._here(self.connection).journal_mapping_ids.mapped("label")
        self.assertTrue([label for label in labels if "North" in label])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_settings_of_the_connection_are_changed_in_its_company(self):
        """B8: not by an administrator of the branch alone."""
        connection = self._as(self.admin, self.connection)
        for change in (
            lambda: connection.write({"sync_invoice": "off"}),
            connection.action_disconnect,
            connection.action_disconnect_here,
            connection.action_connect,
            connection.action_confirm_mapping,
            lambda: connection.journal_mapping_ids[:1].write({"xero_account_id": False}),
            connection.journal_mapping_ids[:1].unlink,
            lambda: connection.env["xero.entry.policy"].create(
                {"connection_id": connection.id, "journal_id": self.company_data["default_journal_misc"].id, "policy": "day"}
            ),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(self.connection.state, "connected")

    def test_what_only_the_company_may_is_not_offered(self):
        """B8: the Overview has a sentence in place of a button that would be refused."""
        here = self._here(self.connection)
        self.assertTrue(here.may_administer)
        for user in (self.user, self.admin):
            connection = self._as(user, self.connection)
            self.assertFalse(connection.may_administer)
            self.assertEqual(connection.administered_by, f"A Xero administrator of {self.main.name} does this.")
        self.connection.sudo()._set_state("reconnect")
        self.assertIn("Ask a Xero administrator", self._as(self.admin, self.connection)._trouble_line()["text"])
        self.assertIn("reconnect", here._trouble_line()["text"])

    def test_documents_show_their_own_company(self):
        """E10: the branch, not the company whose connection it uses."""
        with self._in(self.branch):
            invoice = self._invoice(100)
        self._settle()
        rows = self._as(self.user, self.env["xero.document"]).search([("res_model", "=", "account.move"), ("res_id", "=", invoice.id)])
        self.assertEqual(rows.document_company_id, self.branch)

    def test_settings_of_the_branch(self):
        """B8: they say whose connection it is, and neither make nor change one."""
        self.admin.group_ids += self.env.ref("base.group_system")
        before = self.env["xero.connection"].sudo().with_context(active_test=False).search([])
        settings = self._as(self.admin, self.env["res.config.settings"])
        self.assertIn("uses the connection of", Form(settings).xero_branch_note)
        saved = settings.create({"xero_client_id": "evil", "xero_client_secret": "evil", "xero_sync_invoice": "off"})
        self.assertEqual(saved.action_xero_open_options()["res_id"], self.connection.id)
        for press in (saved.action_xero_connect, saved.action_xero_disconnect, saved.action_xero_disconnect_here):
            with self.assertRaises(UserError):
                press()
        self.assertEqual(self.env["xero.connection"].sudo().with_context(active_test=False).search([]), before)
        self.assertEqual((self.connection.client_id, self.connection.sync_invoice), ("demo-client", "auto"))
        self.assertEqual(clients.client_secret(self.connection), "demo-secret")

    def test_settings_of_a_branch_whose_company_is_not_connected(self):
        """B8"""
        root = self.env["res.company"].create({"name": "Root"})
        leaf = self.env["res.company"].create({"name": "Leaf", "parent_id": root.id})
        self.env.user.company_ids |= root | leaf
        with self._in(leaf):
            settings = self.env["res.config.settings"].create({"xero_client_id": "mine"})
            self.assertEqual(settings.xero_branch_note, "Leaf uses the connection of Root, which is not connected to Xero yet.")
            self.assertFalse(self.env["xero.connection"]._get_active(leaf))
        with self._in(root):
            self.assertFalse(self.env["res.config.settings"].create({}).xero_branch_note)
