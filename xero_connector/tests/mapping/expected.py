"""What is proposed for Odoo's standard charts, written by hand: Odoo's code or xml id -> what it must become in Xero."""

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
