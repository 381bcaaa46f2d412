"""What Odoo's standard charts and Xero's default charts call the same thing. Plain tables, no Odoo and no network.

Keys on Odoo's side are the names of the chart's records (``au_tax_sale_10``), which stay when a user renames the record. Names on Xero's
side are those of Xero's default charts: a user may have renumbered accounts, so codes are never used here.
Sources: the ``data/template`` files of Odoo 19's ``l10n_au``, ``l10n_nz``, ``l10n_uk``, ``l10n_us_account`` and ``account``;
Xero's page "Tax types".
"""

# --- accounts -----------------------------------------------------------------------------------

# kind of account -> what Xero's charts call it, best first
ACCOUNT_NAMES = {
    "sales": ("sales", "sales revenue", "sales income", "revenue", "trading income"),
    "other_income": ("other revenue", "other income", "sundry income"),
    "interest": ("interest income", "interest received"),
    "freight": ("freight income", "freight recovered", "shipping income", "delivery income", "other revenue", "other income"),
}

_OCEANIA = {
    "41110": "sales", "41120": "sales", "41130": "sales", "42000": "sales", "43000": "sales", "44000": "freight",
    "45000": "other_income", "46000": "other_income", "47000": "other_income", "81000": "interest",
}  # fmt: skip

# chart -> name of the account in the chart -> kind of account
CHART_ACCOUNTS = {
    "au": {f"au_{code}": kind for code, kind in _OCEANIA.items()},
    "nz": {f"nz_{code}": kind for code, kind in _OCEANIA.items()},
    "uk": {
        "400000": "sales", "400100": "sales", "400200": "sales", "400300": "sales",
        "490000": "interest", "491000": "interest", "900000": "other_income",
    },
    "us": {"account_account_us_income": "sales", "account_account_us_other_income": "other_income"},
    "generic_coa": {"income": "sales", "other_income": "other_income"},
}  # fmt: skip

# word in an account's name -> kind of account; the first that occurs decides
ACCOUNT_WORDS = (
    ("interest", "interest"),
    ("freight", "freight"),
    ("shipping", "freight"),
    ("delivery", "freight"),
    ("sales", "sales"),
    ("sale", "sales"),
)

# with one of these, "sale" is not the trade: the profit on a sale of equipment does not belong among the sales
NOT_TRADE_WORDS = frozenset({"asset", "assets", "disposal", "disposals", "gain", "gains", "loss", "losses", "profit", "profits", "tax"})

# --- taxes --------------------------------------------------------------------------------------

NOT_IN_XERO = "not_in_xero"

# chart -> name of the tax in the chart -> what it means
CHART_TAXES = {
    "au": {
        "au_tax_sale_10": "standard",
        "au_tax_sale_0": "export",
        "au_tax_sale_exempt": "free",
        "au_tax_sale_input": "input_taxed",
        # Boxes of the activity statement rather than taxes on a sale: Xero has no tax type for them.
        "au_tax_sale_adj": NOT_IN_XERO,
        "au_tax_sale_lct": NOT_IN_XERO,
        "au_tax_sale_fbt": NOT_IN_XERO,
        "au_tax_sale_ftc": NOT_IN_XERO,
        "au_tax_sale_payg_i": NOT_IN_XERO,
        "au_tax_sale_payg_w": NOT_IN_XERO,
        "au_tax_sale_wet": NOT_IN_XERO,
    },
    "nz": {"nz_tax_sale_15": "standard", "nz_tax_sale_0": "zero"},
    "uk": {
        "ST11": "standard",
        "ST5": "reduced",
        "ST0": "zero",
        "ST2": "exempt",
        "ST4": "eu_goods",
        "ST_20_RCD": "reverse_charge",
        "ST_0_EX": "zero",
    },
    "us": {"account_tax_us_sale_0": "zero"},
    "generic_coa": {"sale_export_tax_template": "export"},
}

# country of the organisation -> meaning -> Xero's tax type. https://developer.xero.com/documentation/api/accounting/types#taxtypes
TAX_TYPES = {
    "AU": {
        "none": "BASEXCLUDED",
        "standard": "OUTPUT",
        "export": "EXEMPTEXPORT",
        "free": "EXEMPTOUTPUT",
        "input_taxed": "INPUTTAXED",
    },
    "NZ": {"none": "NONE", "standard": "OUTPUT2", "zero": "ZERORATED"},
    "GB": {
        "none": "NONE",
        "standard": "OUTPUT2",
        "reduced": "RROUTPUT",
        "zero": "ZERORATEDOUTPUT",
        "exempt": "EXEMPTOUTPUT",
        "eu_goods": "ECZROUTPUT",
        "reverse_charge": "DRCHARGESUPPLY20",
    },
}
# Everywhere else (US, Global and the editions we have no table for) only "no tax" is certain; nothing is due on exports either.
TAX_TYPES_ELSEWHERE = {"none": "NONE", "zero": "NONE", "export": "NONE", "exempt": "NONE"}

# country -> (word in the name or description of a 0 % tax, meaning); the first that occurs decides
ZERO_WORDS = {
    "AU": (("export", "export"), ("input tax", "input_taxed"), ("gst free", "free"), ("gst-free", "free")),
    "NZ": (("export", "zero"), ("zero", "zero")),
    "GB": (("reverse charge", "reverse_charge"), ("exempt", "exempt"), ("export", "zero"), ("zero", "zero")),
}
ZERO_WORDS_ELSEWHERE = (("exempt", "exempt"), ("export", "export"), ("zero", "zero"))

# Countries whose tax return is filled from Xero's own tax types: rates made over the API do not reach it.
FIXED_TAX_COUNTRIES = frozenset({"AU", "NZ", "GB"})

# A tax with one of these words is a special case of its percentage: the percentage alone does not decide.
SPECIAL_WORDS = ("capital", "reverse", "import", "intra", "acquisition")
