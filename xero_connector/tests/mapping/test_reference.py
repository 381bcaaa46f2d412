from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from xero_simulator.control_organisation import change_organisation

from ..common.connected import XeroCommon

REFERENCE_MODELS = ("xero.account", "xero.tax.rate", "xero.currency", "xero.tracking.category", "xero.tracking.option")


@tagged("post_install", "-at_install")
class TestReference(XeroCommon):
    def _prepare(self):
        super()._prepare()
        self.connection = self._connect()

    def _change(self, **changes):
        change_organisation(self.xero.organisation("AU"), changes, self.xero.now())

    def _everything(self):
        return {
            model: {record.id: record.read()[0] for record in self.env[model].with_context(active_test=False).search([])}
            for model in REFERENCE_MODELS
        }

    def _account(self, code):
        accounts = self.env["xero.account"].with_context(active_test=False)
        return accounts.search([("connection_id", "=", self.connection.id), ("code", "=", code)])

    def test_connecting_reads_everything(self):
        self.assertEqual(self._account("200").name, "Sales")
        output = self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id), ("tax_type", "=", "OUTPUT")])
        self.assertEqual(output.effective_rate, 10)
        self.assertEqual(output._classes(), {"REVENUE", "ASSET", "LIABILITY", "EQUITY"})
        category = self.env["xero.tracking.category"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual(category.name, "Region")
        self.assertEqual(len(category.option_ids), 4)
        self.assertEqual(self.env["xero.currency"].search([("connection_id", "=", self.connection.id)]).mapped("code"), ["AUD"])
        self.assertEqual((self.connection.base_currency, self.connection.country_code), ("AUD", "AU"))
        self.assertTrue(self.connection.short_code)
        self.assertTrue(self.connection.reference_read_at)

    def test_reading_takes_seven_calls_and_is_idempotent(self):
        before, calls = self._everything(), self._calls()
        self.connection._read_reference_data()
        self.assertEqual(self._calls() - calls, 7)
        self.assertEqual(self._everything(), before)

    def test_what_the_plan_and_the_role_allow(self):
        self.assertNotIn("CreateApprovedInvoice", self.connection._forbidden_actions())
        self._change(period_lock_date="2026-06-30", end_of_year_lock_date="2025-06-30", forbidden_actions=["CreateApprovedBill"])
        self.connection._read_reference_data()
        self.assertIn("CreateApprovedBill", self.connection._forbidden_actions())
        self.assertEqual(self.connection._last_locked_day(), fields.Date.to_date("2026-06-30"))
        self._change(adviser=True, forbidden_actions=[])
        self.connection._read_reference_data()
        self.assertFalse(self.connection._forbidden_actions())
        self.assertEqual(self.connection._last_locked_day(), fields.Date.to_date("2025-06-30"), "advisers write before the period lock")

    def test_archived_contacts_are_noted(self):
        contact = self.xero.organisation("AU").contacts
        change_organisation(self.xero.organisation("AU"), {"add_contacts": ["Old", "New", "Strange"]}, self.xero.now())
        ids = {record["Name"]: record["ContactID"] for record in contact}
        values = {"connection_id": self.connection.id, "kind": "contact", "res_model": "res.partner", "xero_status": "ACTIVE"}
        partners = self.env["res.partner"].create([{"name": name} for name in ("Old", "New")])
        old, new = self.env["xero.binding"].sudo().create(
            [{**values, "res_id": partner.id, "xero_id": ids[partner.name]} for partner in partners]
        )  # fmt: skip
        calls = self._calls()
        self._change(archive_contacts=["Old", "Strange"])
        self.connection._read_reference_data()
        self.assertEqual((old.xero_status, new.xero_status, self._calls() - calls), ("ARCHIVED", "ACTIVE", 8))
        released = []
        self.patch(self.registry["xero.problem"], "_release", lambda problem, connection, codes=None, keys=None: released.extend(codes))
        self._change(restore_contacts=[ids["Old"]])
        self.connection._read_reference_data()
        self.assertEqual((old.xero_status, released), ("ACTIVE", ["contact_archived"]))

    def test_what_an_account_can_be_used_for(self):
        can_post = {code: self._account(code).can_post for code in ("200", "090", "610", "800", "820", "498", "860", "880")}
        self.assertEqual(
            can_post, {"200": True, "090": False, "610": False, "800": False, "820": False, "498": False, "860": True, "880": True}
        )
        can_receive = {code: self._account(code).can_receive_payments for code in ("200", "090", "880", "610")}
        self.assertEqual(can_receive, {"200": False, "090": True, "880": True, "610": False})

    def test_gone_in_xero_becomes_inactive(self):
        self._change(archive_accounts=["260"], delete_tax_rates=["EXEMPTEXPORT"])
        archived, rates = self._account("260"), self.env["xero.tax.rate"].with_context(active_test=False)
        # one that Xero no longer lists at all
        vanished = self.env["xero.account"].sudo().create({"connection_id": self.connection.id, "xero_id": "gone", "name": "Gone"})
        self.connection._read_reference_data()
        self.assertFalse(archived.active)
        self.assertIn("archived", archived.display_name)
        self.assertFalse(vanished.active)
        self.assertFalse(rates.search([("connection_id", "=", self.connection.id), ("tax_type", "=", "EXEMPTEXPORT")]).active)
        self._change(restore_accounts=["260"])
        self.connection._read_reference_data()
        self.assertTrue(archived.active)

    def test_organisation_facts_follow(self):
        self._change(period_lock_date="2020-06-30", currencies=["EUR"])
        self.connection._read_reference_data()
        self.assertEqual(self.connection.period_lock_date, fields.Date.to_date("2020-06-30"))
        self.assertIn("EUR", self.connection._mapping_table().currencies)
        self._change(period_lock_date=None)
        self.connection._read_reference_data()
        self.assertFalse(self.connection.period_lock_date)

    def test_removed_obstacle_releases_its_documents(self):
        self._change(period_lock_date="2020-06-30", archive_accounts=["260"])
        self.connection._read_reference_data()
        released = []

        def release(problem, connection, codes=None, keys=None):
            released.append((connection, sorted(codes)))

        self.patch(self.registry["xero.problem"], "_release", release)
        self.connection._read_reference_data()
        self.assertFalse(released, "nothing has changed")
        self._change(period_lock_date=None, restore_accounts=["260"], currencies=["EUR"])
        self.connection._read_reference_data()
        [(connection, codes)] = released
        self.assertEqual(connection, self.connection)
        self.assertLessEqual({"account_archived", "currency_missing", "lock_date"}, set(codes))
        self.assertFalse({"contact_archived", "approval_limit", "option_missing", "refused"} & set(codes))

    def test_stale_after_a_day(self):
        self.assertFalse(self.connection._reference_is_stale())
        self.connection.sudo().reference_read_at = fields.Datetime.now() - timedelta(hours=25)
        self.assertTrue(self.connection._reference_is_stale())
        self.connection.sudo().reference_read_at = False
        self.assertTrue(self.connection._reference_is_stale())

    def test_xero_down_changes_nothing_and_says_so(self):
        before = self._everything()
        self._order_fault("unavailable_503", path="Accounts")
        with self.assertRaisesRegex(UserError, "maintenance"):
            self.connection.action_refresh_reference_data()
        self.assertEqual(self._everything(), before)

    def test_users_read_and_nobody_writes(self):
        user = new_test_user(self.env, "xero_reader", "xero_connector.group_xero_user", company_id=self.env.company.id)
        for model in REFERENCE_MODELS:
            records = self.env[model].search([], limit=1)
            self.assertTrue(records.with_user(user).read())
            for person in (user, self.env.user):
                with self.assertRaises(AccessError):
                    records.with_user(person).write({"active": False})
                with self.assertRaises(AccessError):
                    records.with_user(person).unlink()

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "Somebody else"})
        user = new_test_user(
            self.env, "xero_other", "xero_connector.group_xero_admin", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        for model in (*REFERENCE_MODELS, "xero.account.mapping", "xero.tax.mapping", "xero.journal.mapping"):
            self.assertTrue(self.env[model].search_count([]))
            self.assertFalse(self.env[model].with_user(user).search_count([]))
