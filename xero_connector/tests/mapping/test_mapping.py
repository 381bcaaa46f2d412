from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from xero_simulator.control_organisation import change_organisation

from ..common.connected import XeroCommon


class MappingCase(XeroCommon):
    def _prepare(self):
        super()._prepare()
        self.connection = self._connect()

    def _change(self, **changes):
        change_organisation(self.xero.organisation("AU"), changes, self.xero.now())

    def _xero_account(self, code):
        accounts = self.env["xero.account"].with_context(active_test=False)
        return accounts.search([("connection_id", "=", self.connection.id), ("code", "=", code)])

    def _xero_rate(self, tax_type):
        return self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id), ("tax_type", "=", tax_type)])

    def _line(self, code):
        return self.connection.account_mapping_ids.filtered(lambda line: line.account_id.code == code)

    def _tax_line(self, taxes):
        return self.connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == taxes)

    @contextmanager
    def _released(self):
        """The codes of the problems whose documents are tried again within the block."""
        released = set()

        def release(problem, connection, codes=None, keys=None):
            released.update(codes or ())

        with patch.object(self.registry["xero.problem"], "_release", release):
            yield released


@tagged("post_install", "-at_install")
class TestMapping(MappingCase):
    # === WHICH LINES === #

    def test_lines_for_what_the_books_use(self):
        liability = self.company_data["default_account_deferred_revenue"]
        before = self.connection.mapping_missing_count
        both = self.tax_sale_a + self.env["account.tax"].create({"name": "Levy", "amount": 2, "type_tax_use": "sale"})
        move = self._create_invoice(
            post=True,
            invoice_line_ids=[
                self._prepare_invoice_line(price_unit=10, account_id=liability.id, tax_ids=both),
                self._prepare_invoice_line(price_unit=10, tax_ids=self.env["account.tax"]),
            ],
        )
        self.assertTrue(move)
        self.connection._propose_mapping()
        self.assertEqual(self.connection.account_mapping_ids.filtered(lambda line: line.account_id == liability).state, "missing")
        levy = self._tax_line(both)
        self.assertEqual((levy.state, levy.reason), ("missing", "several_taxes"))
        self.assertEqual(self._tax_line(self.env["account.tax"]).label, "No tax")
        self.assertEqual(self.connection.mapping_missing_count - before, 2)
        self.assertEqual(self.connection.mapping_summary, f"To choose: {before + 2}.")

    def test_accounts_odoo_books_by_itself_are_left_out(self):
        company = self.env.company
        automatic = company.income_currency_exchange_account_id | company.expense_currency_exchange_account_id
        money = self.company_data["default_journal_bank"].default_account_id | company.transfer_account_id
        self.assertTrue(automatic and money)
        offered = self.connection.account_mapping_ids.account_id
        self.assertFalse((automatic | money) & offered)
        # write-offs and discounts for early payment become lines in Xero
        written_off = company.default_cash_difference_income_account_id | company.account_journal_early_pay_discount_loss_account_id
        self.assertEqual(written_off & offered, written_off)

    def test_proposing_again_keeps_what_people_decided(self):
        sales, freight, other = self._line("41110"), self._line("44000"), self._line("45000")
        sales.xero_account_id = self._xero_account("270")
        freight._confirm()
        ids = self.connection.account_mapping_ids.ids
        other.write({"xero_account_id": False, "reason": "no_match"})
        self.connection.action_propose_mapping()
        self.assertEqual((sales.xero_account_id.code, sales.reason, sales.state), ("270", "chosen", "proposed"))
        self.assertEqual((freight.xero_account_id.code, freight.state), ("260", "confirmed"))
        self.assertEqual(other.xero_account_id.code, "260")
        self.assertEqual(self.connection.account_mapping_ids.ids, ids, "nothing twice, nothing lost")

    def test_unwanted_proposals_go_away(self):
        tax = self.env["account.tax"].create({"name": "Temporary", "amount": 10, "type_tax_use": "sale"})
        self.connection._propose_mapping()
        self.assertEqual(self._tax_line(tax).xero_tax_rate_id.tax_type, "OUTPUT")
        tax.active = False
        self.connection._propose_mapping()
        self.assertFalse(self.connection.tax_mapping_ids.filtered(lambda line: line.tax_key == str(tax.id)))

    # === CONFIRMING === #

    def test_only_what_was_confirmed_is_used(self):
        sales = self._line("41110").account_id
        self.assertIsNone(self.connection._mapping_table().account(sales.id))
        with self._released() as released:
            self.connection.action_confirm_mapping()
        self.assertTrue(self.connection.mapping_confirmed_at)
        expected = {"account_unmapped", "account_archived", "tax_unmapped", "tax_illegal", "journal_unmapped", "not_confirmed"}
        self.assertLessEqual(expected, released)
        self.assertEqual(self._line("41110").state, "confirmed")
        self.assertEqual(self.connection._mapping_table().account(sales.id).code, "200")

    def test_missing_lines_do_not_forbid_confirming_but_are_said(self):
        self._line("41110").write({"xero_account_id": False})
        message = self.connection.action_confirm_mapping()["params"]
        self.assertEqual(message["type"], "warning")
        self.assertEqual(self._line("41110").state, "missing")
        self.assertTrue(self.connection.mapping_confirmed_at)

    def test_a_choice_after_confirming_counts_at_once(self):
        self.connection.action_confirm_mapping()
        with self._released() as released:
            self._line("41110").xero_account_id = self._xero_account("260")
        self.assertLessEqual({"account_unmapped", "account_archived"}, released)
        line = self._line("41110")
        self.assertEqual((line.state, line.reason), ("confirmed", "chosen"))
        self.assertEqual(self.connection._mapping_table().account(line.account_id.id).code, "260")
        line.xero_account_id = False
        self.assertEqual(line.state, "missing")
        self.assertIsNone(self.connection._mapping_table().account(line.account_id.id))

    def test_nothing_to_confirm_before_reading(self):
        self.connection.sudo().reference_read_at = False
        with self.assertRaises(UserError):
            self.connection.action_confirm_mapping()

    # === WHAT IS LEGAL === #

    def test_accounts_nobody_may_post_to(self):
        for code in ("090", "610", "800", "820", "498"):
            with self.assertRaises(ValidationError, msg=code):
                self._line("41110").xero_account_id = self._xero_account(code)

    def test_bank_lines_take_only_accounts_that_accept_payments(self):
        line = self.connection.journal_mapping_ids[:1]
        with self.assertRaises(ValidationError):
            line.xero_account_id = self._xero_account("200")
        line.xero_account_id = self._xero_account("880")
        self.assertEqual(line.reason, "chosen")

    def test_control_lines_take_only_the_control_account(self):
        receivable = self.connection.control_mapping_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")[:1]
        self.assertEqual(receivable.xero_account_id.system_account, "DEBTORS")
        for code in ("200", "800"):
            with self.assertRaises(ValidationError, msg=code):
                receivable.xero_account_id = self._xero_account(code)

    def test_tax_rate_must_be_allowed_on_the_class(self):
        line = self._tax_line(self.tax_sale_a)
        self.assertIn(self._xero_rate("OUTPUT"), line.allowed_rate_ids)
        self.assertNotIn(self._xero_rate("INPUT"), line.allowed_rate_ids)
        with self.assertRaises(ValidationError):
            line.xero_tax_rate_id = self._xero_rate("INPUT")
        line.xero_tax_rate_id = self._xero_rate("EXEMPTOUTPUT")
        self.assertTrue(line.rate_differs)

    def test_no_counterpart_of_another_organisation(self):
        other = self.env["xero.connection"].create({"company_id": self.env["res.company"].create({"name": "Other"}).id})
        values = {"connection_id": other.id, "xero_id": "x", "code": "1", "name": "X", "type": "REVENUE"}
        foreign = self.env["xero.account"].sudo().create(values)
        with self.assertRaises(ValidationError):
            self._line("41110").xero_account_id = foreign

    @mute_logger("odoo.sql_db")
    def test_one_line_each(self):
        no_tax = self._tax_line(self.env["account.tax"])
        for line in (self._line("41110"), self.connection.journal_mapping_ids[:1], self._tax_line(self.tax_sale_a), no_tax):
            with self.assertRaises(IntegrityError):
                line.copy()
                self.env.flush_all()

    # === THE TABLE === #

    def test_mapping_table(self):
        self.connection.action_confirm_mapping()
        table = self.connection._mapping_table()
        account = table.account(self._line("41110").account_id.id)
        self.assertEqual((account.code, account.account_class, account.archived, account.name), ("200", "REVENUE", False, "Sales"))
        self.assertEqual(account.xero_id, self._xero_account("200").xero_id)
        tax = table.tax(self.tax_sale_a.ids, "REVENUE")
        self.assertEqual((tax.tax_type, tax.rate, tax.legal), ("OUTPUT", 10, True))
        self.assertFalse(table.tax(self.tax_sale_a.ids, "EXPENSE").legal)
        self.assertTrue(table.tax(self.tax_sale_a.ids).legal)
        self.assertEqual(table.tax([], "REVENUE").tax_type, "BASEXCLUDED")
        self.assertIsNone(table.tax([-1], "REVENUE"))
        bank = self.company_data["default_journal_bank"]
        self.assertEqual(table.journal(bank.id).xero_id, self._xero_account("090").xero_id)
        receivable = self.company_data["default_account_receivable"]
        self.assertIsNone(table.account(receivable.id), "never posted to")
        self.assertEqual(table.control(receivable.id).code, "610")
        self.assertEqual(table.currencies, {"AUD"})

    def test_a_line_for_the_class_wins(self):
        general = self._tax_line(self.tax_sale_a)
        general.action_add_exception()
        special = self._tax_line(self.tax_sale_a) - general
        special.account_class = "LIABILITY"
        special.xero_tax_rate_id = self._xero_rate("BASEXCLUDED")
        self.connection.action_confirm_mapping()
        table = self.connection._mapping_table()
        self.assertEqual(table.tax(self.tax_sale_a.ids, "LIABILITY").tax_type, "BASEXCLUDED")
        self.assertEqual(table.tax(self.tax_sale_a.ids, "REVENUE").tax_type, "OUTPUT")
        self.connection._propose_mapping()
        self.assertTrue(special.exists())
        special.action_remove_exception()
        self.assertFalse(special.exists())

    def test_table_takes_four_queries(self):
        self.connection.action_confirm_mapping()
        self.env.flush_all()
        with self.assertQueryCount(4):
            self.connection._mapping_table()

    def test_archived_in_xero_after_mapping(self):
        self.connection.action_confirm_mapping()
        self._change(archive_accounts=["200"], delete_tax_rates=["OUTPUT"])
        self.connection._read_reference_data()
        line = self._line("41110")
        self.assertEqual(line.state, "archived")
        self.assertGreater(self.connection.mapping_missing_count, 0)
        table = self.connection._mapping_table()
        self.assertTrue(table.account(line.account_id.id).archived)
        tax = table.tax(self.tax_sale_a.ids, "REVENUE")
        self.assertEqual((tax.archived, tax.legal), (True, False))
        self.assertEqual(self.connection.account_mapping_ids.sorted("rank")[0].state, "archived", "first on the screen")
        self._change(restore_accounts=["200"])
        self.connection._read_reference_data()
        self.assertEqual(line.state, "confirmed")

    # === CREATE IN XERO === #

    def test_create_account_in_xero(self):
        account = self.env["account.account"].create({"code": "4999", "name": "Consulting", "account_type": "income"})
        self.connection._propose_mapping()
        line = self._line("4999")
        self.assertTrue(line.can_create)
        accounts, calls = len(list(self.xero.organisation("AU").accounts)), self._calls("PUT")
        line.action_create_in_xero()
        self.assertEqual((line.xero_account_id.code, line.xero_account_id.name, line.reason), ("4999", "Consulting", "created"))
        self.assertEqual(line.xero_account_id.account_class, "REVENUE")
        self.assertEqual((len(list(self.xero.organisation("AU").accounts)) - accounts, self._calls("PUT") - calls), (1, 1))
        self.connection._read_reference_data()
        self.assertEqual(len(self._xero_account("4999")), 1)
        self.connection.action_confirm_mapping()
        self.assertEqual(self.connection._mapping_table().account(account.id).code, "4999")

    def _ask(self, line):
        """The dialog that the button opens."""
        action = line.action_ask_create()
        return self.env[action["res_model"]].with_context(**action["context"]).create({}), action

    def test_what_would_be_created_is_said_first(self):
        """Screens 6.3: the dialog names code, name and type, and nothing is done before it is answered."""
        self.env["account.account"].create({"code": "4999", "name": "Consulting", "account_type": "income"})
        self.connection._propose_mapping()
        line, calls = self._line("4999"), self._calls("PUT")
        dialog, action = self._ask(line)
        self.assertEqual(action["name"], "Create the Account in Xero")
        [section] = dialog.facts
        said = [[cell["text"] for cell in row] for row in section["rows"]]
        self.assertEqual(said, [["Code", "4999"], ["Name", "Consulting"], ["Type", "Revenue"]])
        self.assertEqual(self._calls("PUT"), calls)
        answer = dialog.action_create()["params"]
        self.assertEqual((line.xero_account_id.code, line.reason, self._calls("PUT") - calls), ("4999", "created", 1))
        self.assertEqual(answer["message"], "Created in Xero: 4999 Consulting")
        with self.assertRaisesRegex(UserError, "has its counterpart already"):
            dialog.action_create()
        self.assertEqual(self._calls("PUT") - calls, 1, "a second click makes nothing")

    def test_what_cannot_be_created_is_said_in_the_dialog(self):
        account = self.env["account.account"].create({"code": "200", "name": "Consulting", "account_type": "expense"})
        line = self.env["xero.account.mapping"].create({"connection_id": self.connection.id, "account_id": account.id})
        dialog, _action = self._ask(line)
        self.assertIn("200 Sales", dialog.why_not)
        journal = self.env["account.journal"].create({"name": "Second Bank", "type": "bank", "code": "BNK9"})
        self.connection._propose_mapping()
        line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        line.xero_account_id = False
        dialog, _action = self._ask(line)
        self.assertIn("account number", dialog.why_not)
        journal.set_bank_account("062-000 12345678")
        dialog, _action = self._ask(line)
        self.assertFalse(dialog.why_not)
        self.assertIn("062-000 12345678", str(dialog.facts))

    def test_create_is_refused_in_words(self):
        self.env["account.account"].create({"code": "200", "name": "Consulting", "account_type": "expense"})
        account = self.env["account.account"].search([("code", "=", "200")])
        line = self.env["xero.account.mapping"].create({"connection_id": self.connection.id, "account_id": account.id})
        with self.assertRaisesRegex(UserError, "200 Sales"):
            line.action_create_in_xero()
        account.write({"code": "4998", "name": "Sales"})
        with self.assertRaisesRegex(UserError, "(?i)unique name"):
            line.action_create_in_xero()
        self.assertFalse(line.xero_account_id)

    def test_create_bank_account_in_xero(self):
        journal = self.env["account.journal"].create({"name": "Second Bank", "type": "bank", "code": "BNK9"})
        self.connection._propose_mapping()
        line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        line.xero_account_id = False
        with self.assertRaisesRegex(UserError, "account number"):
            line.action_create_in_xero()
        journal.set_bank_account("062-000 12345678")
        line.action_create_in_xero()
        self.assertEqual((line.xero_account_id.type, line.xero_account_id.name), ("BANK", "Second Bank"))

    def test_create_cash_account_in_xero(self):
        journal = self.env["account.journal"].create({"name": "Shop till", "type": "cash", "code": "CSH9"})
        self.connection._propose_mapping()
        line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        self.assertEqual(line.state, "missing")
        line.action_create_in_xero()
        self.assertTrue(line.xero_account_id.can_receive_payments)

    def test_lost_answer_is_said(self):
        self.env["account.account"].create({"code": "4999", "name": "Consulting", "account_type": "income"})
        self.connection._propose_mapping()
        for fault, advice in (("minute_limit", "try again in a minute"), ("day_limit", "try again tomorrow")):
            self._order_fault(fault)
            with self.subTest(fault), self.assertRaisesRegex(UserError, advice):
                self._line("4999").action_create_in_xero()
        self._order_fault("timeout_after")
        with self.assertRaisesRegex(UserError, "Read from Xero"):
            self._line("4999").action_create_in_xero()
        self.connection.action_refresh_reference_data()
        self.assertEqual(self._line("4999").xero_account_id.code, "4999", "found again, not created twice")

    # === WHO === #

    def test_users_look_and_administrators_decide(self):
        user = new_test_user(self.env, "xero_user", "xero_connector.group_xero_user", company_id=self.env.company.id)
        connection = self.connection.with_user(user)
        self.assertEqual(connection.action_open_mapping()["res_id"], connection.id)
        self.assertTrue(connection.account_mapping_ids.read(["label", "state", "xero_account_id"]))
        calls = self._calls()
        with self.assertRaises(AccessError):
            connection.action_confirm_mapping()
        for name in ("account", "tax", "journal"):
            line = connection[f"{name}_mapping_ids"][:1]
            with self.assertRaises(AccessError):
                line.write({"confirmed": True})
            with self.assertRaises(AccessError):
                line.action_create_in_xero()
        self.assertEqual(self._calls(), calls)

    def test_screen(self):
        self.env["ir.ui.menu"]._visible_menu_ids()
        self._line("41110").write({"xero_account_id": False})
        with Form(self.connection, view="xero_connector.xero_connection_view_form_mapping") as form, form.account_gap_ids.edit(0) as line:
            self.assertTrue(line.label.startswith("41110"))
            line.xero_account_id = self._xero_account("200")
        self.assertEqual(self._line("41110").state, "proposed")
        self.assertNotIn("accounts", self.connection.mapping_gaps.split(","))
        for kind in ("accounts", "taxes", "banks", "tracking", "controls"):
            action = getattr(self.connection, f"action_open_{kind}")()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.connection_id, self.connection if found else found.connection_id)
            with Form(found[:1]) as shown:
                self.assertTrue(shown.label)
        action = self.env.ref("xero_connector.xero_connection_action_mapping").run()
        self.assertEqual(action["res_id"], self.connection.id)
        line = self._line("41110")
        self.connection.write({"account_mapping_ids": [Command.update(line.id, {"xero_account_id": self._xero_account("260").id})]})
        self.assertEqual(line.reason, "chosen")
