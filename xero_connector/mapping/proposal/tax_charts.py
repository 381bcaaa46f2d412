"""What Odoo's standard taxes mean, and which of Xero's tax types means the same. Plain tables, no Odoo and no network.

Keys on Odoo's side are the names of the charts' records (``au_tax_sale_10``), which stay when a user renames the tax.
Sources: the ``data/template`` files of Odoo 19's ``l10n_au``, ``l10n_nz``, ``l10n_uk``, ``l10n_us_account`` and ``account``;
Xero's page "Tax types", https://developer.xero.com/documentation/api/accounting/types#taxtypes
"""

SALE, PURCHASE = "sale", "purchase"
# the class of account that a tax is chosen for unless a line says otherwise
SIDE_CLASS = {SALE: "REVENUE", PURCHASE: "EXPENSE"}

# Meanings that are no tax type of Xero; each is the reason shown for it.
NOT_IN_XERO = "not_in_xero"  # a box of the tax return rather than a tax on what is sold or bought
NOT_CLAIMABLE = "not_claimable"  # in Odoo a tax, in Xero part of the price
IMPORT_TAX = "import_tax"  # the tax of an import without its value: in Xero a matter of the liability account it is booked on
SPECIAL = "special_tax"
NO_TYPE = (NOT_IN_XERO, NOT_CLAIMABLE, IMPORT_TAX, SPECIAL)

# suffixes of the Australian taxes that differ only in the yearly report on payments to contractors
_REPORTED = ("_service", "_service_tpar")


def _reported(meanings: dict[str, str]) -> dict[str, str]:
    return {f"au_tax_purchase_{name}{suffix}": meaning for name, meaning in meanings.items() for suffix in _REPORTED}


# chart -> name of the tax in the chart -> what it means
CHART_TAXES = {
    "au": {
        "au_tax_sale_10": "standard",
        "au_tax_sale_0": "export",
        "au_tax_sale_exempt": "free",
        "au_tax_sale_input": "input_taxed",
        **dict.fromkeys(
            (
                "au_tax_sale_adj", "au_tax_sale_lct", "au_tax_sale_fbt", "au_tax_sale_ftc", "au_tax_sale_payg_i", "au_tax_sale_payg_w",
                "au_tax_sale_wet", "au_tax_payg_w3",
            ),
            NOT_IN_XERO,
        ),
        **_reported(
            {
                "10": "standard",
                "capital": "capital",
                "0": "free",
                # The customs bill brings the tax, and Xero works out the value from it: the supplier's bill stays out of the statement.
                "taxable_import": "import_untaxed",
                "input": NOT_CLAIMABLE,
                "private": NOT_CLAIMABLE,
                "gst_only": IMPORT_TAX,
                "adj": NOT_IN_XERO,
            }
        ),
    },
    "nz": {
        "nz_tax_sale_15": "standard",
        "nz_tax_sale_0": "zero",
        "nz_tax_purchase_15": "standard",
        "nz_tax_purchase_0": "zero",
        "nz_tax_purchase_taxable_import": "zero",
        "nz_tax_purchase_gst_only": IMPORT_TAX,
    },
    "uk": {
        "ST11": "standard",
        "ST5": "reduced",
        "ST0": "zero",
        "ST2": "exempt",
        "ST4": "eu_goods",
        "ST_20_RCD": "domestic_reverse",
        "ST_0_EX": "zero",
        "PT_20_G": "standard",
        "PT_20_S": "standard",
        "PT5": "reduced",
        "PT2": "exempt",
        "PT_0_EX": "zero",
        "PT_20_RCD": "domestic_reverse",
        "PT_20_RCI": "reverse_charge",
        "PT7": "eu_goods",
        "PT8": "eu_acquisition",
        "PT_20_PVA": SPECIAL,  # postponed import VAT: an adjustment of the return in Xero
    },
    "us": {"account_tax_us_sale_0": "zero", "account_tax_us_purchase_0": "zero"},
    "generic_coa": {"sale_export_tax_template": "export", "purchase_import_tax_template": "zero"},
}  # fmt: skip

# country of the organisation -> side -> meaning -> Xero's tax type
TAX_TYPES = {
    "AU": {
        SALE: {
            "none": "BASEXCLUDED",
            "standard": "OUTPUT",
            "export": "EXEMPTEXPORT",
            "free": "EXEMPTOUTPUT",
            "input_taxed": "INPUTTAXED",
        },
        PURCHASE: {
            "none": "BASEXCLUDED",
            "standard": "INPUT",
            "capital": "CAPEXINPUT",
            "free": "EXEMPTEXPENSES",
            "free_capital": "EXEMPTCAPITAL",
            "input_taxed": "INPUTTAXED",
            "import_untaxed": "BASEXCLUDED",
        },
    },
    "NZ": {
        SALE: {"none": "NONE", "standard": "OUTPUT2", "zero": "ZERORATED"},
        # zero-rated purchases have no box in the return
        PURCHASE: {"none": "NONE", "standard": "INPUT2", "zero": "NONE"},
    },
    "GB": {
        SALE: {
            "none": "NONE",
            "standard": "OUTPUT2",
            "reduced": "RROUTPUT",
            "zero": "ZERORATEDOUTPUT",
            "exempt": "EXEMPTOUTPUT",
            "eu_goods": "ECZROUTPUT",
            "domestic_reverse": "DRCHARGESUPPLY20",
        },
        PURCHASE: {
            "none": "NONE",
            "standard": "INPUT2",
            "reduced": "RRINPUT",
            "capital": "CAPEXINPUT2",
            "zero": "ZERORATEDINPUT",
            "exempt": "EXEMPTINPUT",
            "eu_goods": "ECZRINPUT",
            "eu_acquisition": "ECACQUISITIONS",
            "reverse_charge": "REVERSECHARGES",
            "domestic_reverse": "DRCHARGE20",
        },
    },
}
# Everywhere else (US, Global and the editions we have no table for) only "no tax" is certain; nothing is due on exports either.
_NOTHING_DUE = {"none": "NONE", "zero": "NONE", "export": "NONE", "exempt": "NONE"}
TAX_TYPES_ELSEWHERE = {SALE: _NOTHING_DUE, PURCHASE: _NOTHING_DUE}

# country -> side -> (word in the name or description of a 0 % tax, meaning); the first that occurs decides
ZERO_WORDS = {
    "AU": {
        SALE: (("export", "export"), ("input tax", "input_taxed"), ("gst free", "free"), ("gst-free", "free")),
        PURCHASE: (
            ("capital", "free_capital"),
            ("input tax", "input_taxed"),
            ("separately", "import_untaxed"),
            ("import", SPECIAL),
            ("gst free", "free"),
            ("gst-free", "free"),
        ),
    },
    "NZ": {
        SALE: (("export", "zero"), ("zero", "zero")),
        PURCHASE: (("zero", "zero"), ("free", "zero"), ("exempt", "zero"), ("import", "zero")),
    },
    "GB": {
        SALE: (("reverse charge", "domestic_reverse"), ("exempt", "exempt"), ("export", "zero"), ("zero", "zero")),
        PURCHASE: (("reverse charge", SPECIAL), ("postponed", SPECIAL), ("exempt", "exempt"), ("zero", "zero")),
    },
}
_WORDS = (("exempt", "exempt"), ("export", "export"), ("zero", "zero"))
ZERO_WORDS_ELSEWHERE = {SALE: _WORDS, PURCHASE: (*_WORDS, ("import", "zero"))}

# Countries whose tax return is filled from Xero's own tax types: rates made over the API do not reach it.
FIXED_TAX_COUNTRIES = frozenset({"AU", "NZ", "GB"})
# classes of account for which another tax rate is wanted, likeliest first: deposits are liabilities, sold equipment is an asset
EXCEPTIONS = ("LIABILITY", "ASSET", "EXPENSE", "EQUITY", "REVENUE")

# A tax with one of these words is a special case of its percentage: the percentage alone does not decide.
SPECIAL_WORDS = ("capital", "reverse", "import", "intra", "acquisition", "private", "input tax", "not deductible", "non deductible")
