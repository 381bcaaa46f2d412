"""Reports: their shape beside recordings and Xero's description, their figures, who may see them, and what is unsure about them."""

import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest
import yaml
from ledger_helpers import balances
from simulator_helpers import OPENAPI, RECORDINGS, CheckedApi, line

REPORTS = "accounting.reports.trialbalance.read accounting.reports.banksummary.read"
RECORDED = RECORDINGS.parent / "public" / "xero_gateway" / "reports"
NAMES = {"TrialBalance": "trial_balance", "BankSummary": "bank_summary"}


@pytest.fixture
def reader(app):
    """A connection with the scopes of the two reports."""
    return CheckedApi(app, "NZ", f"offline_access {REPORTS}")


@pytest.fixture
def report(api, reader):
    """The report; of Xero's whole answer the one element."""

    def read(name, **query):
        answer = reader.get(f"Reports/{name}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["Reports"][0]

    return read


@pytest.fixture
def trade(api):
    """An invoice of March, one of September and its payment in part, a bill."""
    api.invoice(line(1000), Date="2026-03-20", DueDate="2026-03-20")
    invoice = api.invoice(line(100))
    api.payment(invoice, 40, Date="2026-09-14")
    api.invoice(line(20, AccountCode="400"), Type="ACCPAY", InvoiceNumber="B1", Date="2026-08-02")


def table(shown):
    """{section: rows as texts}."""
    found = {"": [texts(shown["Rows"][0])]}
    for section in shown["Rows"][1:]:
        found.setdefault(section.get("Title", ""), []).extend(texts(row) for row in section["Rows"])
    return found


def texts(row):
    return [cell.get("Value", "") for cell in row["Cells"]]


def test_trial_balance(report, trade):
    """Debit and Credit are the month's up to the day, YTD the balances; the year before is retained."""
    shown = report("TrialBalance", date="2026-09-14")
    assert shown["ReportTitles"] == ["Trial Balance", "Demo Company (NZ)", "As at 14 September 2026"]
    assert (shown["ReportID"], shown["ReportType"], shown["ReportDate"]) == ("TrialBalance", "TrialBalance", "14 September 2026")
    assert table(shown) == {
        "": [["Account", "Debit", "Credit", "YTD Debit", "YTD Credit"], ["Total", "115.00", "115.00", "1285.00", "1285.00"]],
        "Revenue": [["Sales (200)", "", "100.00", "", "100.00"]],
        "Expenses": [["Advertising (400)", "0.00", "", "20.00", ""]],
        "Assets": [["Accounts Receivable (610)", "75.00", "", "1225.00", ""], ["Business Bank Account (090)", "40.00", "", "40.00", ""]],
        "Liabilities": [["Accounts Payable (800)", "", "0.00", "", "23.00"], ["GST (820)", "", "15.00", "", "162.00"]],
        "Equity": [["Retained Earnings (960)", "", "0.00", "", "1000.00"]],
    }


def test_today_unless_a_day_is_given(report, trade):
    """A range is no day, and is ignored."""
    assert report("TrialBalance") == report("TrialBalance", date="2026-09-14")
    assert report("TrialBalance", fromDate="2026-01-01", toDate="2026-03-31")["ReportTitles"][2] == "As at 14 September 2026"


def test_what_moved_and_came_to_nothing_is_there(report, api):
    api.payment(api.invoice(Date="2026-08-01", DueDate="2026-08-01"), 115, Date="2026-09-02")
    assert table(report("TrialBalance"))["Assets"][0] == ["Accounts Receivable (610)", "", "115.00", "0.00", ""]


def test_empty_books(report):
    assert [row["RowType"] for row in report("TrialBalance")["Rows"]] == ["Header", "Section"]


def test_payments_only(report, api, trade):
    found = table(report("TrialBalance", date="2026-09-14", paymentsOnly="true"))
    assert found["Assets"] == [["Business Bank Account (090)", "40.00", "", "40.00", ""]]
    assert found["Revenue"] == [["Sales (200)", "", "34.78", "", "34.78"]]
    assert set(balances(api, cash=True)) == {"090", "200", "820"}


def test_bank_summary(report, api, trade):
    shown = report("BankSummary", fromDate="2026-09-14", toDate="2026-09-30")
    assert shown["ReportTitles"][2] == "From 14 September 2026 to 30 September 2026"
    assert table(shown)[""] == [
        ["Bank Accounts", "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance"],
        ["Business Bank Account", "0.00", "40.00", "0.00", "40.00"],
        ["Business Savings Account", "0.00", "0.00", "0.00", "0.00"],
        ["Total", "0.00", "40.00", "0.00", "40.00"],
    ]
    assert report("BankSummary")["ReportTitles"][2] == "From 1 September 2026 to 30 September 2026"
    later = report("BankSummary", fromDate="2026-10-01", toDate="2026-10-31")
    assert table(later)[""][1] == ["Business Bank Account", "40.00", "0.00", "0.00", "40.00"]


# --- shapes ----------------------------------------------------------------------------------------


def skeleton(node, name=""):
    """The report without its figures: kinds of rows, keys, and where ids stand."""
    if isinstance(node, dict):
        if "Id" in node:
            return node["Id"]
        return {key: skeleton(value, key) for key, value in node.items() if key not in ("Value", "Title")}
    if isinstance(node, list):
        shapes = [skeleton(item) for item in node]
        return [shape for number, shape in enumerate(shapes) if shape not in shapes[:number]]
    return node if name == "RowType" else ""


@pytest.mark.skipif(not OPENAPI.exists(), reason="no description here")
@pytest.mark.parametrize("name", NAMES)
def test_shape_of_the_description(report, trade, name):
    """But for ReportID, which its samples do not have."""
    document = yaml.load((OPENAPI / "xero_accounting.yaml").read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    content = document["paths"][f"/Reports/{name}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert skeleton(report(name)) == {"ReportID": "", **skeleton(content["example"]["Reports"][0])}


def from_xml(element):
    """The recorded answers of 2014, as JSON would have had them."""
    if element.tag in ("Rows", "Cells", "Attributes"):
        return [from_xml(child) for child in element]
    if element.tag == "ReportTitles":
        return [child.text for child in element]
    return {child.tag: from_xml(child) for child in element} if len(element) else element.text


@pytest.mark.skipif(not RECORDED.exists(), reason="no recordings here")
@pytest.mark.parametrize("name", NAMES)
def test_shape_of_the_recordings(report, trade, switch, name):
    """They tell no fields, and of what is blank nothing at all."""
    switch(report_blank="missing")
    shown = {key: value for key, value in report(name).items() if key != "Fields"}
    recorded = from_xml(ElementTree.parse(RECORDED / f"{NAMES[name]}.xml").getroot().find("Reports/Report"))  # noqa: S314
    assert skeleton(shown) == skeleton(recorded)
    assert texts(shown["Rows"][0]) == texts(recorded["Rows"][0])
    assert [section.get("Title") for section in shown["Rows"]] == [section.get("Title") for section in recorded["Rows"]]


def test_ids_to_join_on(report, api, trade):
    """The account stands beside each of its cells; what is retained goes back to the beginning."""
    rows = [row for section in report("TrialBalance")["Rows"][1:] for row in section["Rows"]]
    key = api.organisation.account_by_code("200")["AccountID"]
    assert [cell["Attributes"] for cell in rows[0]["Cells"]] == [[{"Value": key, "Id": "account"}]] * 5
    retained = rows[-2]["Cells"][4]["Attributes"]
    assert [(one["Id"], one["Value"]) for one in retained[1:]] == [("fromDate", ""), ("toDate", "3/31/2026")]


# --- who may ---------------------------------------------------------------------------------------


def test_scopes(app):
    """Each report has its own; the others of Xero are not here."""
    one = CheckedApi(app, "NZ", "offline_access accounting.reports.banksummary.read")
    refused = one.get("Reports/TrialBalance")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "insufficent_scope")
    assert one.get("Reports/BankSummary").status_code == 200
    assert one.get("Reports/BalanceSheet", date="2026-09-30").status_code == 501


@pytest.mark.parametrize("change", [{"reports_permission": False}, {"forbidden_actions": ["ViewTrialBalanceReport"]}])
def test_permission_of_the_user(api, reader, control, change):
    control("organisations/NZ", change)
    assert reader.get("Reports/TrialBalance").status_code == 403
    actions = {row["Name"]: row["Status"] for row in api.get("Organisation/Actions").json()["Actions"]}
    assert actions["ViewTrialBalanceReport"] == "NOT-ALLOWED"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("TrialBalance", {"date": "yesterday"}),
        ("TrialBalance", {"periods": "3"}),
        ("BankSummary", {"fromDate": "2026-10-01", "toDate": "2026-09-01"}),
    ],
)
def test_what_is_not_known_is_refused(reader, path, query):
    answer = reader.get(f"Reports/{path}", **query)
    assert (answer.status_code, answer.json()["Type"]) == (400, "NotSimulatedException")


# --- switches --------------------------------------------------------------------------------------


def test_without_an_id(report, switch):
    switch(report_id=False)
    assert "ReportID" not in report("TrialBalance")


def test_accounts_without_a_balance(report, api, switch, trade):
    switch(report_zero_accounts="listed")
    found = table(report("TrialBalance"))
    assert ["Interest Income (270)", "", "0.00", "", "0.00"] in found["Revenue"]
    assert sum(len(rows) for rows in found.values()) == len(api.organisation.accounts) + 2


def test_archived_accounts(report, control, switch, trade):
    control("organisations/NZ", {"archive_accounts": ["400"]})
    before = table(report("TrialBalance"))
    switch(report_archived_accounts="absent")
    after = table(report("TrialBalance"))
    assert (before.pop("Expenses")[0][0], before) == ("Advertising (400)", after)


def test_bank_in_foreign_currency(report, api, control, switch):
    control("organisations/NZ", {"currencies": ["USD"]})
    api.put("Accounts", {"Accounts": [{"Code": "", "Name": "Dollars", "Type": "BANK", "BankAccountNumber": "9", "CurrencyCode": "USD"}]})
    account = {"AccountID": next(row["AccountID"] for row in api.organisation.accounts if row["Name"] == "Dollars")}
    api.payment(api.invoice(CurrencyCode="USD", CurrencyRate=0.5), 115, Account=account, CurrencyRate=0.5)
    assert table(report("BankSummary"))[""][3:] == [
        ["Dollars", "0.00", "230.00", "0.00", "230.00"],
        ["Total", "0.00", "230.00", "0.00", "230.00"],
    ]
    assert table(report("TrialBalance", date="2026-09-30"))["Assets"] == [["Dollars", "230.00", "", "230.00", ""]]
    switch(bank_summary_currency="account", bank_summary_gain_column=True)
    found = table(report("BankSummary"))[""]
    assert (found[0][4], found[3]) == ("FX Gain", ["Dollars", "0.00", "115.00", "0.00", "0.00", "115.00"])


# --- the control plane -----------------------------------------------------------------------------


def test_balances(api, control, trade):
    shown = control("organisations/NZ/balances?date=2026-09-30", method="GET").json()
    assert (shown["date"], shown["currency"]) == ("2026-09-30", "NZD")
    assert {row["code"]: row["balance"] for row in shown["accounts"]} == {
        code: float(amount) for code, amount in balances(api, date(2026, 9, 30)).items()
    }
    debtor, creditor = shown["contacts"]
    assert (debtor["name"], debtor["control"], debtor["balance"]) == ("Ridgeway University", "DEBTORS", 1225.0)
    assert (creditor["control"], creditor["currency"], creditor["foreign"]) == ("CREDITORS", "NZD", -23.0)
    assert control("organisations/NZ/balances?date=2026-03-19", method="GET").json()["contacts"] == []


@pytest.mark.parametrize(
    ("path", "status"), [("NZ/balances?day=1", 400), ("NZ/balances?date=x", 400), ("NZ/money", 404), ("FR/balances", 404)]
)
def test_balances_of_nothing(control, path, status):
    assert control(f"organisations/{path}", method="GET").status_code == status
