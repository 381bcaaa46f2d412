"""The decisions behind a proposed mapping, without a database."""

from decimal import Decimal

import pytest
from pure import load

proposal = load("mapping.proposal.accounts")
proposal_tax = load("mapping.proposal.taxes")
charts = load("mapping.proposal.account_charts")
tax_charts = load("mapping.proposal.tax_charts")

CHART = [
    proposal.XeroAccount(1, "200", "Sales", "REVENUE", "REVENUE"),
    proposal.XeroAccount(2, "260", "Other Revenue", "REVENUE", "REVENUE"),
    proposal.XeroAccount(3, "270", "Interest Income", "REVENUE", "REVENUE"),
    proposal.XeroAccount(4, "425", "Freight & Courier", "EXPENSE", "EXPENSE"),
    proposal.XeroAccount(5, "610", "Accounts Receivable", "CURRENT", "ASSET", "DEBTORS", can_post=False),
    proposal.XeroAccount(6, "800", "Accounts Payable", "CURRLIAB", "LIABILITY", "CREDITORS", can_post=False),
    proposal.XeroAccount(7, "850", "Deposits", "CURRLIAB", "LIABILITY"),
]


def account(name="Whatever", code="4000", account_type="income", key="", default=False):
    return proposal.OdooAccount(99, code, name, account_type, key, default)


@pytest.mark.parametrize(
    ("odoo", "chart", "target", "reason"),
    [
        (account("Other  revenue"), "", 2, "same_name"),
        (account("SALES", code="200"), "", 1, "same_code"),
        (account("Consulting", code="260"), "", 2, "same_code"),
        (account("Other Revenue", code="200"), "", 2, "same_name"),  # the name says more than the code
        (account("Freight & Courier"), "", 2, "same_kind"),  # never the expense of the same name
        (account("Sales Product #1", key="au_41110"), "au", 1, "usual"),
        (account("Sales Product #1", key="au_41110"), "nz", 1, "same_kind"),  # another chart's name: only the words count
        (account("Rental", key="au_44000"), "au", 2, "usual"),
        (account("Interest on deposits"), "", 3, "same_kind"),
        (account("Online sale"), "", 1, "same_kind"),
        (account("Profit on Sale of Fixed Assets"), "", None, "no_match"),
        (account("Gain on Sale of Assets", account_type="income_other"), "", 2, "same_kind"),
        (account("Subsidies", account_type="income_other"), "", 2, "same_kind"),
        (account("Consulting"), "", None, "no_match"),
        (account("Consulting", default=True), "", 1, "default_sales"),
        (account("Deposits", account_type="liability_current"), "", 7, "same_name"),
        (account("Sales tax to pay", account_type="liability_current"), "", None, "no_match"),
        (account("Accounts Receivable", code="610", account_type="asset_receivable"), "", None, "kept_by_xero"),
    ],
)
def test_account(odoo, chart, target, reason):
    assert proposal.propose_account(odoo, CHART, chart) == proposal.Proposal(target, reason)


COSTS = [
    proposal.XeroAccount(1, "310", "Cost of Goods Sold", "DIRECTCOSTS", "EXPENSE"),
    proposal.XeroAccount(2, "429", "General Expenses", "EXPENSE", "EXPENSE"),
    proposal.XeroAccount(3, "416", "Depreciation", "EXPENSE", "EXPENSE"),
    proposal.XeroAccount(4, "433", "Insurance", "EXPENSE", "EXPENSE"),
    proposal.XeroAccount(5, "493", "Travel - National", "EXPENSE", "EXPENSE"),
    proposal.XeroAccount(6, "494", "Travel - International", "EXPENSE", "EXPENSE"),
    proposal.XeroAccount(7, "620", "Prepayments", "CURRENT", "ASSET"),
    proposal.XeroAccount(8, "630", "Inventory", "INVENTORY", "ASSET"),
    proposal.XeroAccount(9, "804", "Wages Payable - Payroll", "CURRLIAB", "LIABILITY", "WAGEPAYABLES", can_post=False),
    proposal.XeroAccount(10, "960", "Retained Earnings", "EQUITY", "EQUITY", "RETAINEDEARNINGS", can_post=False),
]


@pytest.mark.parametrize(
    ("odoo", "chart", "target", "reason"),
    [
        (account("Cost of Goods Sold #1", account_type="expense_direct_cost", key="au_51110"), "au", 1, "usual"),
        (account("Subcontractors", account_type="expense_direct_cost"), "", 1, "same_kind"),  # the only one of that type
        (account("Fleet insurance", account_type="expense"), "", 4, "same_kind"),
        (account("Unemployment Insurance", account_type="expense"), "", None, "no_match"),
        (account("Write-down", account_type="expense_depreciation"), "", 3, "same_kind"),
        (account("Purchases of all sorts", account_type="expense", default=True), "", 2, "default_purchases"),
        (account("Travel", account_type="expense", key="au_63110"), "au", None, "several"),  # at home or abroad?
        (account("Deposits Paid", account_type="asset_prepayments", key="au_12100"), "au", 7, "usual"),
        (account("Raw Materials", account_type="asset_current", key="au_11310"), "au", None, "stock"),
        (account("Stock of spare parts", account_type="asset_current"), "", None, "stock"),
        (account("Payroll Accruals Payable", account_type="liability_current", key="au_21410"), "au", None, "kept_by_xero"),
        (account("Retained Earnings", account_type="equity"), "", None, "kept_by_xero"),
        (account("Current Year Earnings", account_type="equity_unaffected"), "", None, "computed"),
        (account("Petty Cash", account_type="asset_cash"), "", None, "money"),
    ],
)
def test_account_of_purchases_and_balances(odoo, chart, target, reason):
    assert proposal.propose_account(odoo, COSTS, chart) == proposal.Proposal(target, reason)


def test_accounts_of_taxes_are_left_to_xero():
    taxes = proposal.OdooAccount(99, "2510", "Tax Received", "liability_current", books_tax=True)
    assert proposal.propose_account(taxes, COSTS, "") == proposal.Proposal(None, "tax_account")


def test_two_of_the_same_name_are_no_answer():
    twice = [*CHART, proposal.XeroAccount(8, "261", "Other revenue", "OTHERINCOME", "REVENUE")]
    assert proposal.propose_account(account("Other Revenue"), twice, "").target is None


def test_renamed_sales_account_is_found_by_its_type():
    renamed = [proposal.XeroAccount(1, "1", "Turnover", "SALES", "REVENUE"), proposal.XeroAccount(2, "2", "Grants", "REVENUE", "REVENUE")]
    assert proposal.propose_account(account(key="income"), renamed, "generic_coa").target == 1


def test_control_accounts():
    assert proposal.propose_control(account(account_type="asset_receivable"), CHART) == proposal.Proposal(5, "system_account")
    assert proposal.propose_control(account(account_type="liability_payable"), CHART) == proposal.Proposal(6, "system_account")
    assert proposal.propose_control(account(account_type="liability_payable"), CHART[:5]) == proposal.Proposal(None, "no_match")


# --- journals -----------------------------------------------------------------------------------


def bank(id_, name, number="", currency="", type_="BANK"):
    return proposal.XeroAccount(id_, "", name, type_, "ASSET", can_post=False, can_receive_payments=True, currency=currency, number=number)


def journal(id_=1, name="Bank", type_="bank", currency="", number=""):
    return proposal.OdooJournal(id_, name, type_, currency, number)


BUSINESS, SAVINGS = bank(11, "Business Bank Account", "1201020345678000"), bank(12, "Business Savings Account", "0209087654321050")


@pytest.mark.parametrize(
    ("odoo", "banks", "target", "reason"),
    [
        (journal(number="12-0102-0345678-000"), [SAVINGS, BUSINESS], 11, "same_number"),
        (journal(number="0345678000"), [SAVINGS, BUSINESS], 11, "same_number"),  # without the branch's digits
        # another account of the same bank: with nothing else to choose from it is proposed, and the reason says what to check
        (journal(number="345678"), [bank(13, "Other", "9345678")], 13, "only_bank_other_number"),
        (journal(number="345678"), [bank(13, "Other", "9345678"), SAVINGS], None, "number_differs"),
        (journal(number="345678"), [bank(13, "Other", "00345678")], 13, "same_number"),
        (journal(number="8000"), [BUSINESS, SAVINGS], None, "number_differs"),  # four digits prove nothing
        (journal(number="GB29NWBK60161331926819"), [bank(13, "Current", "601613 31926819")], 13, "same_number"),
        (journal(name="business bank account"), [SAVINGS, BUSINESS], 11, "same_name"),
        (journal(), [BUSINESS], 11, "only_bank"),
        (journal(), [SAVINGS, BUSINESS], 11, "everyday_bank"),
        (journal(number="BANK334567890"), [BUSINESS], 11, "only_bank"),  # not an account number, so no contradiction
        (journal(number="999999999999"), [BUSINESS], 11, "only_bank_other_number"),
        (journal(number="999999999999"), [BUSINESS, SAVINGS], None, "number_differs"),
        (journal(), [BUSINESS, bank(14, "Second Account")], None, "several"),
        (journal(), [], None, "no_bank"),
        (journal(), [bank(15, "Drawings", type_="EQUITY")], None, "no_bank"),  # accepts payments, but is no bank
        (journal(currency="USD"), [BUSINESS], None, "no_bank"),
        (journal(currency="USD"), [BUSINESS, bank(16, "Dollars", currency="USD")], 16, "only_bank"),
        (journal(type_="cash", name="Cash"), [BUSINESS], None, "no_match"),
        (journal(type_="cash", name="Shop"), [BUSINESS, bank(17, "Petty Cash")], 17, "same_kind"),
        (journal(type_="credit", name="Card"), [BUSINESS, bank(18, "Visa ANZ")], 18, "same_kind"),
        (journal(type_="credit", name="Card"), [BUSINESS], None, "no_match"),
    ],
)
def test_journal(odoo, banks, target, reason):
    assert proposal.propose_journals([odoo], banks) == {1: proposal.Proposal(target, reason)}


def test_the_only_bank_belongs_to_one_journal():
    found = proposal.propose_journals([journal(1), journal(2, "Second Bank")], [BUSINESS])
    assert {answer.reason for answer in found.values()} == {"several_journals"}
    found = proposal.propose_journals([journal(1), journal(2, number="1201020345678000")], [BUSINESS, bank(13, "Other")])
    assert found == {1: proposal.Proposal(13, "only_bank"), 2: proposal.Proposal(11, "same_number")}


# --- taxes --------------------------------------------------------------------------------------

SALES, ALL = frozenset({"REVENUE", "ASSET", "LIABILITY"}), frozenset({"REVENUE", "EXPENSE", "ASSET", "LIABILITY", "EQUITY"})
BUYING = frozenset({"EXPENSE", "ASSET"})


def rate(id_, tax_type, percentage, name="", report="OUTPUT", classes=SALES):
    return proposal_tax.XeroRate(id_, tax_type, name or tax_type, Decimal(percentage), report, classes)


AU = [
    rate(1, "OUTPUT", 10, "GST on Income"),
    rate(2, "INPUT", 10, "GST on Expenses", "INPUT", BUYING),
    rate(3, "EXEMPTOUTPUT", 0),
    rate(4, "EXEMPTEXPORT", 0),
    rate(5, "INPUTTAXED", 0, classes=ALL),
    rate(6, "BASEXCLUDED", 0, classes=ALL),
]
UK = [
    rate(1, "OUTPUT2", 20),
    rate(2, "RROUTPUT", 5),
    rate(3, "ZERORATEDOUTPUT", 0),
    rate(4, "EXEMPTOUTPUT", 0),
    rate(5, "NONE", 0, classes=ALL),
    rate(6, "DRCHARGESUPPLY20", 0),
    rate(7, "CAPEXOUTPUT2", 20, report="CAPITALSALESOUTPUT"),
]
US = [rate(1, "OUTPUT", 0), rate(2, "NONE", 0, classes=ALL), rate(3, "TAX001", "8.25", classes=ALL), rate(4, "TAX002", 6, classes=ALL)]


def tax(name, percentage, key="", words="", compound=False, **options):
    return proposal_tax.OdooTax(9, name, None if percentage is None else Decimal(percentage), key, words, compound, **options)


@pytest.mark.parametrize(
    ("taxes", "rates", "chart", "country", "tax_type", "reason"),
    [
        ([], AU, "au", "AU", "BASEXCLUDED", "no_tax"),
        ([], UK, "uk", "GB", "NONE", "no_tax"),
        ([], US, "us", "US", "NONE", "no_tax"),
        ([], AU[:5], "au", "AU", None, "switched_off"),
        ([tax("10% GST", 10, "au_tax_sale_10")], AU, "au", "AU", "OUTPUT", "standard_tax"),
        ([tax("renamed", 0, "au_tax_sale_0")], AU, "au", "AU", "EXEMPTEXPORT", "standard_tax"),
        ([tax("0% F", 0, "au_tax_sale_exempt")], AU, "au", "AU", "EXEMPTOUTPUT", "standard_tax"),
        ([tax("0% INP", 0, "au_tax_sale_input")], AU, "au", "AU", "INPUTTAXED", "standard_tax"),
        ([tax("WET", 29, "au_tax_sale_wet")], AU, "au", "AU", None, "not_a_sales_tax"),
        ([tax("100% ADJ", None, "au_tax_sale_adj")], AU, "au", "AU", None, "not_a_sales_tax"),
        ([tax("10% GST", 10, "au_tax_sale_10"), tax("WET", 29, "au_tax_sale_wet")], AU, "au", "AU", None, "several_taxes"),
        ([tax("GST raised", 12, "au_tax_sale_10")], AU, "au", "AU", None, "rate_differs"),
        ([tax("GST on income", 10)], AU, "au", "AU", "OUTPUT", "same_name"),
        ([tax("My GST", 10)], AU, "au", "AU", "OUTPUT", "same_rate"),
        ([tax("Export", 0)], AU, "au", "AU", "EXEMPTEXPORT", "same_kind_of_tax"),
        ([tax("0%", 0, words="GST Free on Export Sales")], AU, "au", "AU", "EXEMPTEXPORT", "same_kind_of_tax"),
        ([tax("0%", 0, words="GST Free Sales")], AU, "au", "AU", "EXEMPTOUTPUT", "same_kind_of_tax"),
        ([tax("0%", 0)], AU, "au", "AU", None, "no_match"),  # exempt or export? nobody can tell
        ([tax("Odd", "12.5")], AU, "au", "AU", None, "no_rate"),
        ([tax("Eco fee", None)], AU, "au", "AU", None, "not_a_percentage"),
        ([tax("20%", 20, "ST11")], UK, "uk", "GB", "OUTPUT2", "standard_tax"),
        ([tax("5%", 5, "ST5")], UK, "uk", "GB", "RROUTPUT", "standard_tax"),
        ([tax("0% RC", 0, "ST_20_RCD")], UK, "uk", "GB", "DRCHARGESUPPLY20", "standard_tax"),
        ([tax("0% EU", 0, "ST4")], UK, "uk", "GB", None, "switched_off"),
        ([tax("VAT 20", 20)], UK, "", "GB", "OUTPUT2", "same_rate"),
        ([tax("VAT 20 capital goods", 20)], UK, "", "GB", None, "special_tax"),
        ([tax("Zero", 0)], UK, "", "GB", "ZERORATEDOUTPUT", "same_kind_of_tax"),
        ([tax("8.25%", "8.25")], US, "us", "US", "TAX001", "same_rate"),
        ([tax("15%", 15, "sale_tax_template")], US, "generic_coa", "US", None, "no_rate"),
        ([tax("State", "2.25"), tax("County", 6)], US, "us", "US", "TAX001", "same_total"),
        ([tax("State", "2.25"), tax("County", 6, compound=True)], US, "us", "US", None, "several_taxes"),
        ([tax("0% Exports", 0, "sale_export_tax_template")], US, "generic_coa", "US", "NONE", "standard_tax"),
        # Odoo's Australian chart with an organisation elsewhere: the chart's meaning is not that country's
        ([tax("10% GST", 10, "au_tax_sale_10")], US, "au", "US", None, "no_rate"),
    ],
)
def test_tax(taxes, rates, chart, country, tax_type, reason):
    answer = proposal_tax.propose_tax(taxes, rates, chart, country)
    assert (next((r.tax_type for r in rates if r.id == answer.target), None), answer.reason) == (tax_type, reason)


PURCHASES = [
    *AU,
    rate(7, "CAPEXINPUT", 10, "GST on Capital", "CAPITALEXINPUT", BUYING),
    rate(8, "EXEMPTEXPENSES", 0, "GST Free Expenses", "EXEMPTEXPENSES", BUYING),
    rate(9, "EXEMPTCAPITAL", 0, "GST Free Capital", "EXEMPTCAPITAL", BUYING),
]
UK_PURCHASES = [
    *UK,
    rate(8, "INPUT2", 20, report="INPUT", classes=BUYING),
    rate(9, "RRINPUT", 5, report="INPUT", classes=BUYING),
    rate(10, "CAPEXINPUT2", 20, report="CAPITALEXPENSESINPUT", classes=BUYING),
    rate(11, "DRCHARGE20", 0, report="INPUT", classes=BUYING),
    rate(12, "REVERSECHARGES", 0, report="REVERSECHARGES", classes=BUYING),
    rate(13, "EXEMPTINPUT", 0, report="EXEMPTINPUT", classes=BUYING),
    rate(14, "ZERORATEDINPUT", 0, report="INPUT", classes=BUYING),
]


def bought(*arguments, **options):
    return tax(*arguments, side="purchase", **options)


@pytest.mark.parametrize(
    ("taxes", "rates", "chart", "country", "tax_type", "reason"),
    [
        ([bought("10% GST", 10, "au_tax_purchase_10_service")], PURCHASES, "au", "AU", "INPUT", "standard_tax"),
        ([bought("10% C", 10, "au_tax_purchase_capital_service")], PURCHASES, "au", "AU", "CAPEXINPUT", "standard_tax"),
        ([bought("0% TPS", 0, "au_tax_purchase_taxable_import_service")], PURCHASES, "au", "AU", "BASEXCLUDED", "standard_tax"),
        # 10 % that cannot be claimed: Xero's type for it charges nothing, and the tax belongs into the price
        ([bought("10% INP", 10, "au_tax_purchase_input_service")], PURCHASES, "au", "AU", None, "not_claimable"),
        ([bought("100% ONLY", None, "au_tax_purchase_gst_only_service")], PURCHASES, "au", "AU", None, "import_tax"),
        ([bought("No ABN", -47, withheld=True)], PURCHASES, "au", "AU", None, "withheld"),
        ([bought("GST", 10), bought("No ABN", -47, withheld=True)], PURCHASES, "au", "AU", None, "withheld"),
        ([bought("My GST", 10)], PURCHASES, "", "AU", "INPUT", "same_rate"),
        ([bought("GST on capital", 10)], PURCHASES, "", "AU", "CAPEXINPUT", "same_name"),
        ([bought("GST private use", 10)], PURCHASES, "", "AU", None, "special_tax"),
        ([bought("0%", 0, words="GST Free Purchases")], PURCHASES, "", "AU", "EXEMPTEXPENSES", "same_kind_of_tax"),
        ([bought("0%", 0, words="GST free capital goods")], PURCHASES, "", "AU", "EXEMPTCAPITAL", "same_kind_of_tax"),
        ([bought("Imports", 0)], PURCHASES, "", "AU", None, "special_tax"),
        ([bought("20%", 20, "PT_20_G")], UK_PURCHASES, "uk", "GB", "INPUT2", "standard_tax"),
        ([bought("20% RC", 0, "PT_20_RCD")], UK_PURCHASES, "uk", "GB", "DRCHARGE20", "standard_tax"),
        ([bought("20% RC EX", 0, "PT_20_RCI")], UK_PURCHASES, "uk", "GB", "REVERSECHARGES", "standard_tax"),
        ([bought("20% PVA", 0, "PT_20_PVA")], UK_PURCHASES, "uk", "GB", None, "special_tax"),
        ([bought("VAT 20", 20)], UK_PURCHASES, "", "GB", "INPUT2", "same_rate"),
        ([bought("Reverse charge", 0)], UK_PURCHASES, "", "GB", None, "special_tax"),  # from home or from abroad?
        ([bought("Exempt", 0)], UK_PURCHASES, "", "GB", "EXEMPTINPUT", "same_kind_of_tax"),
        ([bought("8.25%", "8.25")], US, "us", "US", "TAX001", "same_rate"),
        ([bought("0% Imports", 0, "purchase_import_tax_template")], US, "generic_coa", "US", "NONE", "standard_tax"),
    ],
)
def test_purchase_tax(taxes, rates, chart, country, tax_type, reason):
    answer = proposal_tax.propose_tax(taxes, rates, chart, country)
    assert (next((r.tax_type for r in rates if r.id == answer.target), None), answer.reason) == (tax_type, reason)


def test_tax_for_another_class_of_account():
    """A rate of the same side that the class takes, or none: a sale on an expense account is no purchase."""
    assert proposal_tax.propose_tax([bought("GST", 10)], AU, "", "AU", "EXPENSE").target == 2
    assert proposal_tax.propose_for_class([tax("GST", 10)], AU, "", "AU", "EXPENSE") == proposal.Proposal(None, "not_allowed")
    own_rate = [*AU[1:], rate(1, "OUTPUT", 10, classes=frozenset({"REVENUE"})), rate(7, "TAX001", 10)]
    sold = [tax("10% GST", 10, "au_tax_sale_10")]
    assert proposal_tax.propose_for_class(sold, own_rate, "au", "AU", "LIABILITY") == proposal.Proposal(7, "for_class")
    own = [
        rate(1, "TAX001", 6, classes=frozenset({"REVENUE"})),
        rate(2, "TAX002", 6, classes=ALL),
        rate(3, "TAX003", 6, classes=frozenset({"LIABILITY"})),
    ]
    assert proposal_tax.propose_for_class([tax("6%", 6)], own, "", "US", "LIABILITY") == proposal.Proposal(2, "for_class")


def test_tables_name_only_known_meanings():
    tables = [*tax_charts.TAX_TYPES.values(), tax_charts.TAX_TYPES_ELSEWHERE]
    meanings = {meaning for table in tables for types in table.values() for meaning in types} | set(tax_charts.NO_TYPE)
    assert {meaning for chart in tax_charts.CHART_TAXES.values() for meaning in chart.values()} <= meanings
    words = [*tax_charts.ZERO_WORDS.values(), tax_charts.ZERO_WORDS_ELSEWHERE]
    assert {meaning for table in words for pairs in table.values() for _word, meaning in pairs} <= meanings
    kinds = {kind for chart in charts.CHART_ACCOUNTS.values() for kind in chart.values()}
    kinds |= {kind for words in charts.ACCOUNT_WORDS.values() for _word, kind in words}
    assert kinds <= {*charts.ACCOUNT_NAMES, *charts.EITHER}
