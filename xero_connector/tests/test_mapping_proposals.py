"""What is proposed for Odoo's standard charts, written by hand: Odoo's code or xml id -> what it must become in Xero."""

from odoo.tests import tagged

from .common import XeroCommon

# country -> (chart, Odoo's country record)
COUNTRIES = {
    "AU": ("au", "base.au"),
    "NZ": ("nz", "base.nz"),
    "UK": ("uk", "base.uk"),
    "US": ("generic_coa", "base.us"),  # what a US company gets from l10n_us; its own chart is in l10n_us_account
    "GLOBAL": ("generic_coa", "base.us"),
}
OCEANIA_INCOME = {
    "41110": "200",  # Sales Product #1 -> Sales
    "41120": "200",  # Sales Product #2
    "41130": "200",  # Sales Product #3
    "42000": "200",  # Wholesale Sales
    "43000": "200",  # Consignment Sales
    "44000": "260",  # Freight Income -> Other Revenue
    "45000": "260",  # Late Fees Collected
    "46000": "260",  # Miscellaneous Income
    "47000": "260",  # Fuel Tax Credits
    "81000": "270",  # Interest Income -> Interest Income
}
# The income accounts a user can choose. Those Odoo books by itself (currency gains, cash differences, cash discounts) are not part of it.
INCOME = {
    "AU": OCEANIA_INCOME,
    "NZ": OCEANIA_INCOME,
    "UK": {
        "400000": "200",  # Sales category 1 -> Sales
        "400100": "200",
        "400200": "200",
        "400300": "200",
        "490000": "270",  # Bank Interest received -> Interest Income
        "491000": "270",  # Investment Interest received
        "900000": "260",  # Profits/Losses on disposals of assets -> Other Revenue
    },
    "US": {"400000": "200", "450000": "260"},  # Product Sales, Other Income
    "GLOBAL": {"400000": "200", "450000": "260"},
}
# The tax of each chart, by its name in the chart; "" is a line without tax. None: nothing in Xero means the same, so nothing is proposed.
SALE_TAXES = {
    "AU": {
        "": "BASEXCLUDED",
        "au_tax_sale_10": "OUTPUT",
        "au_tax_sale_0": "EXEMPTEXPORT",  # GST Free on Export Sales
        "au_tax_sale_exempt": "EXEMPTOUTPUT",  # GST Free Sales
        "au_tax_sale_input": "INPUTTAXED",
        "au_tax_sale_adj": None,
        "au_tax_sale_lct": None,
        "au_tax_sale_fbt": None,
        "au_tax_sale_ftc": None,
        "au_tax_sale_payg_i": None,
        "au_tax_sale_payg_w": None,
        "au_tax_sale_wet": None,
    },
    "NZ": {"": "NONE", "nz_tax_sale_15": "OUTPUT2", "nz_tax_sale_0": "ZERORATED"},
    "UK": {
        "": "NONE",
        "ST11": "OUTPUT2",
        "ST5": "RROUTPUT",
        "ST0": "ZERORATEDOUTPUT",
        "ST2": "EXEMPTOUTPUT",
        "ST_0_EX": "ZERORATEDOUTPUT",  # exports
        # Odoo charges 0 % and leaves the rest to the customer. Proposed only if Xero's rate of that name charges nothing either.
        "ST_20_RCD": "DRCHARGESUPPLY20",
    },
    # Sales taxes in the US are the organisation's own rates: only where it has one of that percentage is there something to propose.
    # For the others the line offers to create the rate in Xero.
    "US": {"": "NONE", "sale_tax_template": "TAX003", "sale_export_tax_template": "NONE"},
    "GLOBAL": {"": "NONE", "sale_tax_template": None, "sale_export_tax_template": "NONE"},
}
BANKS = {"AU": "090", "NZ": "090", "UK": "090", "US": "090", "GLOBAL": "090"}


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

    def _check(self, key):
        connection = self._propose_for(key)
        proposed = {line.account_id.code: line.xero_account_id.code for line in connection.account_mapping_ids}
        self.assertEqual(proposed, INCOME[key])
        taxes = self._by_chart_name(connection.tax_mapping_ids)
        found = {name: taxes[name].xero_tax_rate_id.tax_type or None for name in SALE_TAXES[key]}
        self.assertEqual(found, SALE_TAXES[key])
        banks = {line.journal_id.type: line.xero_account_id.code for line in connection.journal_mapping_ids}
        self.assertEqual(banks, {"bank": BANKS[key]})
        controls = {line.account_id.account_type: line.xero_account_id.system_account for line in connection.control_mapping_ids}
        self.assertEqual(controls, {"asset_receivable": "DEBTORS", "liability_payable": "CREDITORS"})
        self.assertTrue(all(line.reason for name in ("account", "tax", "journal", "control") for line in connection[f"{name}_mapping_ids"]))
        return connection, taxes

    def test_australia(self):
        connection, taxes = self._check("AU")
        self.assertEqual(set(taxes), set(SALE_TAXES["AU"]))
        self.assertEqual(connection.mapping_missing_count, 0, "what has no counterpart is not used yet")
        self.assertEqual(taxes["au_tax_sale_10"].reason, "standard_tax")
        self.assertEqual({taxes[name].reason for name, target in SALE_TAXES["AU"].items() if not target}, {"not_a_sales_tax"})
        self.assertEqual({taxes[name].state for name, target in SALE_TAXES["AU"].items() if not target}, {"unused"})
        self.assertFalse(any(taxes[name].can_create for name in taxes), "Xero's own tax types only")
        reasons = {line.account_id.code: line.reason for line in connection.account_mapping_ids}
        self.assertEqual((reasons["41110"], reasons["81000"]), ("usual", "same_name"))

    def test_new_zealand(self):
        connection, taxes = self._check("NZ")
        self.assertEqual(set(taxes), set(SALE_TAXES["NZ"]))
        self.assertEqual(connection.mapping_missing_count, 0)
        self.assertEqual(connection.journal_mapping_ids.reason, "everyday_bank", "the other one is a savings account")

    def test_united_kingdom(self):
        connection, taxes = self._check("UK")
        self.assertEqual(set(taxes), set(SALE_TAXES["UK"]))
        self.assertEqual(connection.mapping_missing_count, 0)

    def test_united_states(self):
        connection, taxes = self._check("US")
        self.assertEqual(set(taxes), set(SALE_TAXES["US"]))
        self.assertEqual(connection.mapping_missing_count, 0)
        self.assertEqual(taxes["sale_tax_template"].reason, "same_rate")

    def test_united_states_with_the_chart_of_l10n_us_account(self):
        if self.env["ir.module.module"]._get("l10n_us_account").state != "installed":
            self.skipTest("l10n_us_account is not installed")
        connection = self._propose_for("US", "us")
        self.assertEqual({line.account_id.code: line.xero_account_id.code for line in connection.account_mapping_ids}, INCOME["US"])
        taxes = self._by_chart_name(connection.tax_mapping_ids)
        self.assertEqual(taxes["account_tax_us_sale_0"].xero_tax_rate_id.tax_type, "NONE")
        default = connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == connection.company_id.account_sale_tax_id)
        self.assertEqual(connection.mapping_missing_count, 0 if default.xero_tax_rate_id else 1)
        with_rate = {line.rate: line.xero_tax_rate_id for line in taxes.values() if line.rate}
        self.assertGreater(len(with_rate), 20)
        for percentage, rate in with_rate.items():
            same = self.env["xero.tax.rate"].search([("connection_id", "=", connection.id), ("effective_rate", "=", percentage)])
            self.assertEqual(rate, same, f"{percentage} %")
        missing = [line for line in taxes.values() if not line.xero_tax_rate_id and line != default]
        self.assertEqual({(line.state, line.reason, line.can_create) for line in missing}, {("unused", "no_rate", True)})

    def test_elsewhere(self):
        connection, taxes = self._check("GLOBAL")
        self.assertEqual(set(taxes), set(SALE_TAXES["GLOBAL"]))
        self.assertEqual(connection.mapping_missing_count, 1, "the default sales tax of 15 % has no counterpart")
        missing = taxes["sale_tax_template"]
        self.assertEqual((missing.state, missing.reason, missing.can_create), ("missing", "no_rate", True))
        self.assertFalse(taxes["sale_export_tax_template"].can_create)
        missing.action_create_in_xero()
        self.assertEqual((missing.xero_tax_rate_id.effective_rate, missing.reason, missing.rate_differs), (15, "created", False))
        rates = self.xero.organisation("GLOBAL").tax_rates
        self.assertTrue(rates.get(missing.xero_tax_rate_id.tax_type), "it exists in Xero")
        connection.action_confirm_mapping()
        self.assertEqual(connection._mapping_table().tax(missing.tax_ids.ids, "REVENUE").rate, 15)
