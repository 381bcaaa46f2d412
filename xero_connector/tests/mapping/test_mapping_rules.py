from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_mapping import MappingCase


@tagged("post_install", "-at_install")
class TestMappingRules(MappingCase):
    """What the screen does not offer is refused over RPC too."""

    def test_no_tax_rate_is_made_where_xero_fixes_them(self):
        line = self.connection.tax_mapping_ids.filtered(lambda line: line.rate > 0)[:1]
        line.xero_tax_rate_id = False
        self.assertFalse(line.can_create)
        before = len(list(self.xero.organisation("AU").tax_rates))
        with self.assertRaises(UserError):
            line.action_create_in_xero()
        self.assertEqual(len(list(self.xero.organisation("AU").tax_rates)), before)

    def test_no_second_control_account_is_made(self):
        line = self.connection.control_mapping_ids[:1]
        before = len(list(self.xero.organisation("AU").accounts))
        with self.assertRaises(UserError):
            line.action_create_in_xero()
        self.assertEqual(len(list(self.xero.organisation("AU").accounts)), before)

    def test_nothing_is_made_for_a_line_that_has_its_counterpart(self):
        account = self.env["account.account"].create({"code": "4999", "name": "Consulting", "account_type": "income"})
        self.connection._propose_mapping()
        line = self._line(account.code)
        line.xero_account_id = self._xero_account("200")
        before = len(list(self.xero.organisation("AU").accounts))
        with self.assertRaises(UserError):
            line.action_create_in_xero()
        self.assertEqual(len(list(self.xero.organisation("AU").accounts)), before)

    def test_what_was_made_in_xero_stays_chosen(self):
        journal = self.env["account.journal"].create({"name": "Shop till", "type": "cash", "code": "CSH9"})
        self.connection._propose_mapping()
        line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        line.action_create_in_xero()
        made = line.xero_account_id
        journal.name = "Till in the shop"
        self.connection._propose_mapping()
        self.assertEqual((line.xero_account_id, line.reason), (made, "created"))

    def test_archived_counterpart_is_not_chosen(self):
        line = self._line("41110")
        line.xero_account_id = False
        target = self._xero_account("270")
        self._change(archive_accounts=["270"])
        self.connection._read_reference_data()
        self.assertFalse(target.active)
        with self.assertRaises(ValidationError):
            line.xero_account_id = target

    def test_account_without_code_is_refused_in_words(self):
        journal = self.env["account.journal"].create({"name": "Shop till", "type": "cash", "code": "CSH9"})
        journal.default_account_id = False
        self.connection._propose_mapping()
        line = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        with self.assertRaisesRegex(UserError, "needs a code"):
            line.action_create_in_xero()
