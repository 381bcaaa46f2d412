"""Every account and tax of Odoo's standard charts is proposed what was written down by hand (`expected`)."""

# what was measured is shown with -s; pylint: disable=print-used
from odoo.tests import tagged

from ...mapping.proposal.accounts import account_class
from ..common.connected import XeroCommon
from .expected import ACCOUNTS, BANKS, COUNTRIES, PURCHASE_TAXES, SALE_TAXES, SLEEPING_TAXES


@tagged("post_install", "-at_install")
class TestMappingProposals(XeroCommon):
    organisations = tuple(COUNTRIES)

    def _propose_for(self, key, chart=None):
        """The connection of a new company with the country's chart to the simulator's organisation of that country."""
        country = COUNTRIES[key][1]
        chart = chart or COUNTRIES[key][0]
        company = self.env["res.company"].create({"name": f"Company {key}", "country_id": self.env.ref(country).id})
        self.env.user.company_ids |= company
        self.env["account.chart.template"].try_loading(chart, company=company, install_demo=False)
        self.env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        return self._connect(key, company=company)

    def _by_chart_name(self, lines):
        names = self.env["xero.handler.proposal"].sudo()._chart_keys(lines.tax_ids, lines.company_id)
        return {",".join(names[tax.id] for tax in line.tax_ids): line for line in lines}

    def _answers(self, lines, target):
        """What is proposed, or else the reason why nothing is."""
        return {name: line[target].tax_type or line.reason for name, line in lines.items()}

    def _check_accounts(self, connection, chart):
        lines = connection.account_mapping_ids
        self.assertEqual({line.account_id.code: line.xero_account_id.code or line.reason for line in lines}, ACCOUNTS[chart])
        chosen = lines.filtered("xero_account_id")
        for line in chosen:
            self.assertEqual(line.xero_account_id.account_class, account_class(line.account_id.account_type), line.label)
            self.assertTrue(line.xero_account_id.can_post, line.label)
        return f"{len(chosen)} of {len(lines)} accounts proposed, {len(lines - chosen)} left with a reason"

    def _check_taxes(self, connection, key):
        lines = self._by_chart_name(connection.tax_mapping_ids)
        self.assertEqual(self._answers(lines, "xero_tax_rate_id"), {**SALE_TAXES[key], **PURCHASE_TAXES[key]})
        chosen = [line for line in lines.values() if line.xero_tax_rate_id]
        self.assertFalse([line.label for line in chosen if line.rate_differs])
        return lines, f"{len(chosen)} of {len(lines)} taxes proposed, {len(lines) - len(chosen)} left with a reason"

    def _check(self, key):
        connection = self._propose_for(key)
        accounts = self._check_accounts(connection, COUNTRIES[key][0])
        lines, taxes = self._check_taxes(connection, key)
        print(f"{key}: {accounts}; {taxes}")
        banks = {line.journal_id.type: line.xero_account_id.code for line in connection.journal_mapping_ids}
        self.assertEqual(banks, {"bank": BANKS[key]})
        controls = {line.account_id.account_type: line.xero_account_id.system_account for line in connection.control_mapping_ids}
        self.assertEqual(controls, {"asset_receivable": "DEBTORS", "liability_payable": "CREDITORS"})
        self.assertTrue(all(line.reason for name in ("account", "tax", "journal", "control") for line in connection[f"{name}_mapping_ids"]))
        self._check_sleeping(connection, key)
        return connection, lines

    def _check_sleeping(self, connection, key):
        """Taxes that come switched off get their rate when somebody switches them on."""
        expected = SLEEPING_TAXES.get(key, {})
        keys = [f"{connection.company_id.id}_{name}" for name in expected]
        rows = self.env["ir.model.data"].search([("module", "=", "account"), ("model", "=", "account.tax"), ("name", "in", keys)])
        self.env["account.tax"].browse(rows.mapped("res_id")).active = True
        connection._propose_mapping()
        found = self._answers(self._by_chart_name(connection.tax_mapping_ids), "xero_tax_rate_id")
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_australia(self):
        connection, taxes = self._check("AU")
        self.assertEqual(connection.mapping_missing_count, 0, "what has no counterpart is not used yet")
        self.assertEqual(taxes["au_tax_sale_10"].reason, "standard_tax")
        self.assertEqual({line.state for line in taxes.values() if not line.xero_tax_rate_id}, {"unused"})
        self.assertEqual({line.tax_use for name, line in taxes.items() if name in PURCHASE_TAXES["AU"]}, {"purchase"})
        quiet = connection.account_mapping_ids.filtered(lambda line: not line.needed)
        self.assertLess(max((connection.account_mapping_ids - quiet).mapped("rank")), min(quiet.mapped("rank")), "what is used comes first")
        self.assertEqual({line.state for line in quiet if not line.xero_account_id}, {"unused"})
        self.assertFalse(any(taxes[name].can_create for name in taxes), "Xero's own tax types only")
        reasons = {line.account_id.code: line.reason for line in connection.account_mapping_ids}
        self.assertEqual((reasons["41110"], reasons["81000"]), ("usual", "same_name"))

    def test_new_zealand(self):
        connection, taxes = self._check("NZ")
        self.assertEqual(connection.mapping_missing_count, 0)
        self.assertEqual(connection.journal_mapping_ids.reason, "everyday_bank", "the other one is a savings account")

    def test_united_kingdom(self):
        connection, taxes = self._check("UK")
        self.assertEqual(connection.mapping_missing_count, 0)

    def test_united_states(self):
        connection, taxes = self._check("US")
        self.assertEqual(connection.mapping_missing_count, 0)
        self.assertEqual(taxes["sale_tax_template"].reason, "same_rate")

    def test_united_states_with_the_chart_of_l10n_us_account(self):
        if self.env["ir.module.module"]._get("l10n_us_account").state != "installed":
            self.skipTest("l10n_us_account is not installed")
        connection = self._propose_for("US", "us")
        accounts = self._check_accounts(connection, "us")
        taxes = self._by_chart_name(connection.tax_mapping_ids)
        chosen = [line for line in taxes.values() if line.xero_tax_rate_id]
        print(f"US, l10n_us_account: {accounts}; {len(chosen)} of {len(taxes)} taxes proposed, the others have no rate of that percentage")
        for side in ("sale", "purchase"):
            self.assertEqual(taxes[f"account_tax_us_{side}_0"].xero_tax_rate_id.tax_type, "NONE")
        company = connection.company_id
        default = connection.tax_mapping_ids.filtered(
            lambda line: line.tax_ids in (company.account_sale_tax_id, company.account_purchase_tax_id)
        )
        self.assertEqual(connection.mapping_missing_count, len(default.filtered(lambda line: not line.xero_tax_rate_id)))
        with_rate = {line.rate: line.xero_tax_rate_id for line in taxes.values() if line.rate}
        self.assertGreater(len(with_rate), 20)
        self.assertEqual(len(taxes), 47, "23 sales taxes, 23 purchase taxes, and none")
        for percentage, rate in with_rate.items():
            same = self.env["xero.tax.rate"].search([("connection_id", "=", connection.id), ("effective_rate", "=", percentage)])
            self.assertEqual(rate, same, f"{percentage} %")
        missing = [line for line in taxes.values() if not line.xero_tax_rate_id and line not in default]
        self.assertEqual({(line.state, line.reason, line.can_create) for line in missing}, {("unused", "no_rate", True)})

    def test_elsewhere(self):
        connection, taxes = self._check("GLOBAL")
        self.assertEqual(connection.mapping_missing_count, 2, "the default taxes of 15 % have no counterpart")
        missing = taxes["sale_tax_template"]
        self.assertEqual((missing.state, missing.reason, missing.can_create), ("missing", "no_rate", True))
        self.assertFalse(taxes["sale_export_tax_template"].can_create)
        missing.action_create_in_xero()
        self.assertEqual((missing.xero_tax_rate_id.effective_rate, missing.reason, missing.rate_differs), (15, "created", False))
        rates = self.xero.organisation("GLOBAL").tax_rates
        self.assertTrue(rates.get(missing.xero_tax_rate_id.tax_type), "it exists in Xero")
        connection._propose_mapping()
        self.assertEqual(taxes["purchase_tax_template"].xero_tax_rate_id, missing.xero_tax_rate_id, "one rate serves both sides")
        connection.action_confirm_mapping()
        self.assertEqual(connection._mapping_table().tax(missing.tax_ids.ids, "REVENUE").rate, 15)
