"""What Odoo's standard charts of accounts and Xero's default charts call the same thing. Plain tables, no Odoo and no network.

Keys on Odoo's side are the names of the chart's records (``au_41110``), which stay when a user renames the record. Names on Xero's side are
those of Xero's default charts: a user may have renumbered accounts, so codes are never used here. An account that is in no table has no
obvious counterpart, and nothing is proposed for it.
Sources: the ``data/template`` files of Odoo 19's ``l10n_au``, ``l10n_nz``, ``l10n_uk``, ``l10n_us_account`` and ``account``.
"""

# kind of account -> what Xero's charts call it, best first. Only accounts of the class of Odoo's account are looked at.
ACCOUNT_NAMES = {
    # revenue
    "sales": ("sales", "sales revenue", "sales income", "revenue", "trading income"),
    "other_income": ("other revenue", "other income", "sundry income"),
    "interest": ("interest income", "interest received"),
    "freight": ("freight income", "freight recovered", "shipping income", "delivery income", "other revenue", "other income"),
    # costs
    "cost_of_sales": ("cost of goods sold", "cost of sales", "purchases"),
    "direct_wages": ("direct wages", "cost of goods sold", "cost of sales"),
    "direct_expenses": ("direct expenses", "cost of goods sold", "cost of sales"),
    "advertising": ("advertising", "advertising marketing", "marketing"),
    "accounting": ("audit accountancy fees", "consulting accounting", "accounting", "accounting fees"),
    "consulting": ("consulting", "consulting accounting"),
    "bank_fees": ("bank fees", "bank charges"),
    "cleaning": ("cleaning",),
    "corporation_tax": ("income tax expense", "corporation tax"),
    "depreciation": ("depreciation", "depreciation expense"),
    "donations": ("charitable and political donations", "donations"),
    "employer_tax": ("employers national insurance", "payroll tax expense"),
    "entertainment": ("entertainment", "meals and entertainment", "meals entertainment"),
    "freight_paid": ("freight courier", "postage freight courier", "postage and delivery", "freight"),
    "general": ("general expenses", "sundry expenses"),
    "insurance": ("insurance",),
    "interest_paid": ("interest expense", "interest paid"),
    "legal": ("legal expenses", "legal fees"),
    "motor": ("motor vehicle expenses",),
    "office": ("office expenses",),
    "printing": ("printing stationery",),
    "property_tax": ("rates",),
    "rent": ("rent",),
    "repairs": ("repairs and maintenance", "repairs maintenance"),
    "software": ("it software and consumables",),
    "subscriptions": ("subscriptions",),
    "pension": ("superannuation", "kiwisaver employer contributions", "pensions costs"),
    "telephone": ("telephone internet",),
    "training": ("staff training",),
    "travel": ("travel",),
    "travel_national": ("travel national", "travel"),
    "utilities": ("light power heating", "utilities"),
    "wages": ("wages and salaries", "salaries", "wages"),
    # assets
    "computers": ("computer equipment",),
    "computers_depreciation": ("less accumulated depreciation on computer equipment",),
    "doubtful_debts": ("less provision for doubtful debts",),
    "intangibles": ("intangibles",),
    "intangibles_depreciation": ("less accumulated amortisation on intangibles",),
    "office_equipment": ("office equipment",),
    "office_equipment_depreciation": ("less accumulated depreciation on office equipment",),
    "plant": ("plant machinery",),
    "plant_depreciation": ("less accumulated depreciation on plant machinery",),
    "prepayments": ("prepayments", "prepaid expenses"),
    "stock": ("inventory", "stock on hand", "stock"),
    "vehicles": ("motor vehicles",),
    "vehicles_depreciation": ("less accumulated depreciation on motor vehicles",),
    # liabilities and equity
    "accruals": ("accruals", "accrued liabilities"),
    "capital": ("owner a share capital", "capital x xxx ordinary shares", "share capital", "owner a funds introduced"),
    "drawings": ("owner a drawings", "drawings"),
    "hire_purchase": ("hire purchase loan",),
    "income_tax_payable": ("income tax payable", "income tax", "provision for corporation tax"),
    "loan": ("loan", "loans"),
    "pension_payable": ("superannuation payable", "pensions payable"),
    "unearned": ("income in advance", "revenue received in advance", "unearned revenue", "deferred revenue"),
    "wages_payable": ("wages payable payroll",),
    "withheld": ("payg withholdings payable", "paye payable", "employee tax payable"),
}  # fmt: skip

# kinds that Xero divides by something Odoo's account does not say: proposed only if there is one of them
EITHER = {"travel": ("travel national", "travel international")}


def _kinds(table: str, prefix: str = "") -> dict[str, str]:
    """Lines of ``kind: account, account, ...`` as ``{account: kind}``."""
    pairs = (line.split(":") for line in table.splitlines() if line.strip())
    return {f"{prefix}{account}": kind.strip() for kind, accounts in pairs for account in accounts.split()}


_OCEANIA = """
    sales: 41110 41120 41130 42000 43000
    freight: 44000
    other_income: 45000 46000 47000
    interest: 81000
    cost_of_sales: 51110 51120 51130 52000 53000
    direct_wages: 54000
    direct_expenses: 55000 56000 57000
    advertising: 61000
    motor: 61200
    depreciation: 61500
    freight_paid: 61700
    insurance: 61800
    interest_paid: 61910 61920 61930 91000
    legal: 62200
    office: 62300
    pension: 62420
    wages: 62430
    repairs: 62500
    telephone: 62800
    utilities: 62910 62920
    travel: 63110
    entertainment: 63120
    corporation_tax: 92000
    doubtful_debts: 11210
    stock: 11310 11320 11330 11350
    prepayments: 12100 12200
    office_equipment: 13310
    office_equipment_depreciation: 13320
    vehicles: 13410
    vehicles_depreciation: 13420
    withheld: 21370 21380 21420
    wages_payable: 21410
    unearned: 21600
    loan: 22100
    capital: 31100
    drawings: 31200
"""
_AUSTRALIA = """
    wages_payable: 21300
    income_tax_payable: 21365
    pension_payable: 21400
    unearned: 21760
"""
_UNITED_KINGDOM = """
    sales: 400000 400100 400200 400300
    interest: 490000 491000
    other_income: 900000
    cost_of_sales: 500000 500100 500200 500300 630000 660000
    advertising: 600000 600100 600200
    freight_paid: 603000 750700
    subscriptions: 620000
    employer_tax: 670000 701200
    property_tax: 680000
    pension: 700000
    wages: 701000 701100
    rent: 710000
    utilities: 711000
    repairs: 712000
    travel_national: 720000
    motor: 730000 730100 730200
    travel: 740000 850000 860000
    telephone: 750200 750300
    printing: 750600
    software: 751000
    accounting: 760100 760200
    consulting: 761000
    legal: 762000
    general: 771000
    interest_paid: 790000
    bank_fees: 791000
    depreciation: 800000 800100
    training: 810000
    donations: 820000
    insurance: 840000
    corporation_tax: 880000
    computers: 001000
    computers_depreciation: 001100
    intangibles: 002000
    intangibles_depreciation: 002100
    vehicles: 005000
    vehicles_depreciation: 005100
    plant: 007000
    plant_depreciation: 007100
    stock: 100100 100200 100300
    prepayments: 110300
    accruals: 210900
    loan: 230000 233000
    hire_purchase: 231000
    capital: 300000
"""
_UNITED_STATES = """
    sales: income
    other_income: other_income
    stock: inventory_valuation cost_of_production wip
    prepayments: prepaid_expenses prepayments
    computers: technology
    unearned: deferred_revenue
    wages_payable: salary_payable
    withheld: employee_payroll_taxes
    capital: capital common_stock
    cost_of_sales: cost_of_goods_sold raw_materials
    wages: salaries
    insurance: compensation_insurance professional_liability_insurance professional_insurance auto_insurance
    employer_tax: payroll_tax social_security
    accounting: accounting
    legal: legal
    subscriptions: subscriptions
    rent: office_rent
    telephone: internet
    utilities: utilities
    bank_fees: bank_fees
    repairs: office_maintenance
    office: office_supplies
    freight_paid: postage
    printing: printing_and_reproduction
    travel_national: ground_transportation public_transportation
    travel: airfare hotels
    motor: vehicles_expense vehicle_rent fuel
    entertainment: meals
    advertising: marketing
    general: expense
    interest_paid: loan_interest_expense
    corporation_tax: federal_income_tax state_income_tax
"""
_GENERIC = """
    sales: income
    other_income: other_income
    stock: stock_valuation cost_of_production wip
    prepayments: prepaid_expenses prepayments
    unearned: deferred_revenue
    wages_payable: salary_payable
    withheld: employee_payroll_taxes
    capital: capital
    cost_of_sales: cost_of_goods_sold stock_variation
    general: expense
    rent: expense_rent
    bank_fees: expense_finance
    wages: expense_salary
"""
# chart -> name of the account in the chart -> kind of account
CHART_ACCOUNTS = {
    "au": _kinds(_OCEANIA + _AUSTRALIA, "au_"),
    "nz": _kinds(_OCEANIA, "nz_"),
    "uk": _kinds(_UNITED_KINGDOM),
    "us": _kinds(_UNITED_STATES, "account_account_us_"),
    "generic_coa": _kinds(_GENERIC),
}

# class -> (word in an account's name, kind of account); the first that occurs decides. For accounts that users have made.
ACCOUNT_WORDS = {
    "REVENUE": (
        ("interest", "interest"),
        ("freight", "freight"),
        ("shipping", "freight"),
        ("delivery", "freight"),
        ("sales", "sales"),
        ("sale", "sales"),
    ),
    "EXPENSE": (
        ("advertising", "advertising"),
        ("marketing", "advertising"),
        ("cleaning", "cleaning"),
        ("depreciation", "depreciation"),
        ("donations", "donations"),
        ("electricity", "utilities"),
        ("insurance", "insurance"),
        ("courier", "freight_paid"),
        ("postage", "freight_paid"),
        ("freight", "freight_paid"),
        ("legal", "legal"),
        ("salaries", "wages"),
        ("software", "software"),
        ("stationery", "printing"),
        ("subscriptions", "subscriptions"),
        ("telephone", "telephone"),
        ("internet", "telephone"),
    ),
    "ASSET": (("prepayments", "prepayments"), ("prepaid", "prepayments"), ("inventory", "stock"), ("stock", "stock")),
}

# with one of these, "sale" is not the trade: the profit on a sale of equipment does not belong among the sales
NOT_TRADE_WORDS = frozenset({"asset", "assets", "disposal", "disposals", "gain", "gains", "loss", "losses", "profit", "profits", "tax"})
# one of these makes of an everyday cost a special one: the director's salaries, the tax on insurance, a prepaid or capital item
SPECIAL_COST_WORDS = NOT_TRADE_WORDS | {
    "director", "directors", "capital", "health", "life", "disability", "unemployment", "equipment",
}  # fmt: skip
