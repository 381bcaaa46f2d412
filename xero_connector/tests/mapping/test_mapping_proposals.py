"""What is proposed for Odoo's standard charts, written by hand: Odoo's code or xml id -> what it must become in Xero."""

# what was measured is shown with -s; pylint: disable=print-used
from odoo.tests import tagged

from ...mapping.proposal.accounts import account_class
from ..common.connected import XeroCommon

# country -> (chart, Odoo's country record)
COUNTRIES = {
    "AU": ("au", "base.au"),
    "NZ": ("nz", "base.nz"),
    "UK": ("uk", "base.uk"),
    "US": ("generic_coa", "base.us"),  # what a US company gets from l10n_us; its own chart is in l10n_us_account
    "GLOBAL": ("generic_coa", "base.us"),
}


def _table(text):
    """Lines of ``what it must become: Odoo's codes`` as ``{Odoo's code: what it must become}``."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {code: target.strip() for target, codes in rows for code in codes.split()}


# Every account of each chart that a line can be posted to: the code of the Xero account it must be proposed, or the reason why none is.
# Accounts of banks and of money on its way, of exchange differences, and receivable and payable accounts are not part of it.
ACCOUNTS = {
    "au": _table(
        """
        200: 41110 41120 41130 42000 43000
        260: 44000 45000 46000 47000 99901
        270: 81000
        310: 51110 51120 51130 52000 53000 54000 55000 56000 57000
        400: 61000
        416: 61500
        420: 63120
        425: 61700
        433: 61800
        437: 61910 61920 61930 91000
        441: 62200
        445: 62910 62920
        449: 61200
        453: 62300
        473: 62500
        477: 62430
        478: 62420
        489: 62800
        505: 92000
        620: 12100 12200
        710: 13310
        711: 13320
        825: 21370 21380 21420
        826: 21400
        830: 21365
        900: 22100
        970: 31100
        computed: 39000
        kept_by_xero: 21300 21410 38000
        money: 11110 11130 11140
        no_match: 11180 11190 11210 11340 13110 13120 13130 13140 13210 13220 13410 13420 21110 21210 21350 21360 21390 21395 21500 21600
        no_match: 21700 21760 21800 22200 22300 31200 39999 61300 61610 61620 62000 62110 62120 62410 62440 62450 62460 62550 62600 62700
        no_match: 62930 95000 97000 99902
        several: 63110
        stock: 11310 11320 11330 11350
        tax_account: 21310 21330 21340 21355
        """
    ),
    "nz": _table(
        """
        200: 41110 41120 41130 42000 43000
        260: 44000 45000 46000 47000 99901
        270: 81000
        310: 51110 51120 51130 52000 53000 54000 55000 56000 57000
        400: 61000
        416: 61500
        420: 63120
        425: 61700
        433: 61800
        437: 61910 61920 61930 91000
        441: 62200
        445: 62910 62920
        449: 61200
        453: 62300
        473: 62500
        477: 62430
        478: 62420
        489: 62800
        505: 92000
        620: 12100 12200
        710: 13310
        711: 13320
        825: 21370 21380 21420
        900: 22100
        970: 31100
        980: 31200
        computed: 39000
        kept_by_xero: 21410 38000
        money: 11110 11130 11140
        no_match: 11180 11190 11210 11340 13110 13120 13130 13140 13210 13220 13410 13420 21110 21210 21350 21360 21600 21700 22200 22300
        no_match: 39999 61300 61610 61620 62000 62110 62120 62410 62440 62450 62550 62600 62700 62930 99902
        several: 63110
        stock: 11310 11320 11330 11350
        tax_account: 21310 21330
        """
    ),
    "uk": _table(
        """
        200: 400000 400100 400200 400300
        260: 900000 999001 999997
        270: 490000 491000
        310: 500000 500100 500200 500300 630000 660000
        400: 600000 600100
        401: 760100 760200
        404: 791000
        412: 761000
        416: 800000 800100
        425: 603000
        429: 771000
        433: 840000
        437: 790000
        441: 762000
        445: 711000
        449: 730000 730100 730200
        461: 750600
        463: 751000
        465: 680000
        469: 710000
        473: 712000
        479: 670000
        480: 810000
        485: 620000
        489: 750200 750300
        493: 720000
        620: 110300
        720: 001000
        721: 001100
        760: 005000
        761: 005100
        764: 007000
        765: 007100
        770: 002000
        771: 002100
        805: 210900
        900: 230000 233000
        910: 231000
        950: 300000
        computed: 999999
        no_match: 003000 003100 004000 004001 004100 004101 006000 006100 008000 008100 009000 009100 110200 124000 210100 210200 215000
        no_match: 220400 301000 302000 303000 610000 640000 650000 690000 700100 702000 703000 750601 751300 785000 870000 870001 999002
        no_match: 999998
        several: 740000 850000 860000
        stock: 100100 100200 100300
        tax_account: 220000 220100
        """
    ),
    "us": _table(
        """
        200: 400000
        260: 450000
        310: 500000 601000
        400: 673000
        404: 650000
        412: 621000
        420: 671000
        425: 652000
        429: 690000
        433: 615000 655000 655300 668000
        437: 704000
        441: 622000
        445: 642000
        449: 665000 666000 667000
        453: 651500
        461: 652100
        469: 631000
        473: 651000
        477: 611000
        479: 616000 618000
        485: 625000
        489: 641000
        493: 661000 662000
        505: 801000 802000
        620: 128000 141000
        720: 152000
        825: 230100
        835: 212000
        970: 301000 303000
        computed: 999999
        kept_by_xero: 230000
        money: 201100
        no_match: 101000 121100 151000 152500 153000 153500 154000 154500 155000 155500 159000 191000 201000 211100 230200 291000 302000
        no_match: 304000 442000 443000 612000 613000 614000 617000 623000 624000 643000 652500 653000 653500 654000 655100 655200 656000
        no_match: 672000 681000 701000 702000 705000 803000 804000 805000
        several: 663000 664000
        stock: 110100 110400 110500
        tax_account: 131000 251000
        """
    ),
    "generic_coa": _table(
        """
        200: 400000
        260: 450000
        310: 500000 610000
        404: 620000
        429: 600000
        469: 612000
        477: 630000
        620: 128000 141000
        825: 230100
        835: 212000
        970: 301000
        computed: 999999
        kept_by_xero: 230000
        money: 201100
        no_match: 101000 121100 151000 191000 201000 211100 230200 291000 302000 442000 443000 611000 642000 643000 961000 962000
        stock: 110100 110400 110500
        tax_account: 131000 251000
        """
    ),
}
# The taxes of each chart, by their names in the chart; "" is a line without tax. Capitals are Xero's tax type, the rest the reason why
# nothing is proposed.
SALE_TAXES = {
    "AU": {
        "": "BASEXCLUDED",
        "au_tax_sale_10": "OUTPUT",
        "au_tax_sale_0": "EXEMPTEXPORT",  # GST Free on Export Sales
        "au_tax_sale_exempt": "EXEMPTOUTPUT",  # GST Free Sales
        "au_tax_sale_input": "INPUTTAXED",
        "au_tax_sale_adj": "not_a_sales_tax",
        "au_tax_sale_lct": "not_a_sales_tax",
        "au_tax_sale_fbt": "not_a_sales_tax",
        "au_tax_sale_ftc": "not_a_sales_tax",
        "au_tax_sale_payg_i": "not_a_sales_tax",
        "au_tax_sale_payg_w": "not_a_sales_tax",
        "au_tax_sale_wet": "not_a_sales_tax",
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
    "GLOBAL": {"": "NONE", "sale_tax_template": "no_rate", "sale_export_tax_template": "NONE"},
}
PURCHASE_TAXES = {
    "AU": {
        "au_tax_purchase_10_service": "INPUT",
        "au_tax_purchase_capital_service": "CAPEXINPUT",
        "au_tax_purchase_0_service": "EXEMPTEXPENSES",
        # The GST of an import is on the customs bill, from which Xero works out the value: the supplier's bill must not count again.
        "au_tax_purchase_taxable_import_service": "BASEXCLUDED",
        # 10 % in Odoo, but GST that cannot be claimed is part of the price in Xero, whose types for it charge nothing.
        "au_tax_purchase_input_service": "not_claimable",
        "au_tax_purchase_private_service": "not_claimable",
        "au_tax_purchase_gst_only_service": "import_tax",  # GSTONIMPORTS is legal on liability accounts only: a person must say which
        "au_tax_purchase_adj_service": "not_a_purchase_tax",
        "au_tax_witheld": "withheld",
        "au_tax_payg_w3": "not_a_purchase_tax",
    },
    "NZ": {
        "nz_tax_purchase_15": "INPUT2",
        "nz_tax_purchase_0": "NONE",  # ZERORATED is for income; zero-rated purchases have no box in the return
        "nz_tax_purchase_taxable_import": "NONE",
        "nz_tax_purchase_gst_only": "import_tax",
    },
    "UK": {
        "PT_20_G": "INPUT2",
        "PT_20_S": "INPUT2",
        "PT5": "RRINPUT",
        "PT2": "EXEMPTINPUT",
        "PT_0_EX": "ZERORATEDINPUT",
        "PT_20_RCD": "DRCHARGE20",
        "PT_20_RCI": "REVERSECHARGES",
        "PT_20_PVA": "special_tax",  # postponed import VAT: an adjustment of the return in Xero
    },
    "US": {"purchase_tax_template": "TAX003", "purchase_import_tax_template": "NONE"},
    "GLOBAL": {"purchase_tax_template": "no_rate", "purchase_import_tax_template": "NONE"},
}
# Taxes that the charts bring switched off.
SLEEPING_TAXES = {
    "AU": {
        "au_tax_purchase_10_service_tpar": "INPUT",
        "au_tax_purchase_10_service_tpar_no_abn": "withheld",
        "au_tax_purchase_capital_service_tpar": "CAPEXINPUT",
        "au_tax_purchase_0_service_tpar": "EXEMPTEXPENSES",
        "au_tax_purchase_taxable_import_service_tpar": "BASEXCLUDED",
        "au_tax_purchase_private_service_tpar": "not_claimable",
    },
    "UK": {"ST4": "ECZROUTPUT", "PT7": "ECZRINPUT", "PT8": "ECACQUISITIONS"},
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
