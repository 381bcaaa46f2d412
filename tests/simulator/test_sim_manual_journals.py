"""Manual journals: balance, accounts, tax, states, lock dates."""

import pytest
from simulator_helpers import CheckedApi, messages

UNKNOWN = "11111111-1111-4111-8111-111111111111"
WRONG_STATUS = "Manual journal not of valid status for modification"
LOCK = "The document date cannot be before the period lock date, currently set at 30-Sep-2026"


def entry(amount, code="850", **fields):
    return {"LineAmount": amount, "AccountCode": code, "Description": "Move", **fields}


def draft(*lines, **fields):
    return {"Narration": "Stock take", "Date": "2026-09-14", "JournalLines": list(lines) or [entry(100), entry(-100, "400")], **fields}


def sent(api, *lines, method="PUT", **fields):
    return api.send(draft(*lines, **fields), "ManualJournals", method)


def posted(api, *lines, **fields):
    made = sent(api, *lines, Status="POSTED", **fields)
    assert made["StatusAttributeString"] == "OK", made
    return made


def refused(api, *lines, **fields):
    element = sent(api, *lines, **fields)
    assert element["StatusAttributeString"] == "ERROR", element
    return messages(element)


def update(api, journal, **fields):
    return api.send({"ManualJournalID": journal["ManualJournalID"], **fields}, "ManualJournals", "POST")


def read(api, journal):
    return api.get(f"ManualJournals/{journal['ManualJournalID']}").json()["ManualJournals"][0]


def test_defaults(api):
    made = api.send({"Narration": "N", "JournalLines": [entry(100), entry(-100, "400")]}, "ManualJournals")
    assert (made["Status"], made["LineAmountTypes"], made["ShowOnCashBasisReports"]) == ("DRAFT", "NoTax", True)
    assert made["Date"] == "/Date(1789344000000+0000)/"  # the organisation's own day
    assert [row["TaxType"] for row in made["JournalLines"]] == ["NONE", "NONE"]
    assert made["JournalLines"][0]["AccountID"]
    assert not {"HasAttachments", "Url", "Warnings"} & set(made)
    assert read(api, made)["HasAttachments"] is False


def test_debits_equal_credits(api, switch):
    uneven = (entry(100), entry(-10, "400"))
    assert refused(api, *uneven) == ["The total debits (100.00) must equal total credits (-10.00)"]
    switch(unbalanced_draft_journal="accepted")
    made = sent(api, *uneven)
    assert made["StatusAttributeString"] == "OK"
    assert messages(update(api, made, Status="POSTED")) == ["The total debits (100.00) must equal total credits (-10.00)"]


@pytest.mark.parametrize("code", ["610", "800", "820", "960", "090", "630"])
def test_accounts_refused(api, code):
    assert refused(api, entry(100, code), entry(-100)) == [f"Account code '{code}' is not a valid code for this document."]


def test_accounts_by_id_and_refused_by_id(api):
    account = api.organisation.account_by_code("400")
    made = posted(api, {"LineAmount": 5, "AccountID": account["AccountID"]}, entry(-5))
    assert made["JournalLines"][0]["AccountCode"] == "400"
    bank = api.organisation.account_by_code("090")["AccountID"]
    assert refused(api, {"LineAmount": 5, "AccountID": bank}, entry(-5)) == [
        f"Account code '{bank}' is not a valid code for this document."
    ]


def test_accounts_nobody_knows(api, switch, control):
    lines = (entry(100, "476"), entry(-100))
    made = sent(api, *lines)
    assert made["StatusAttributeString"] == "WARNING"
    assert made["Warnings"][0]["Message"] == "Account code '476' has been removed as it does not match a recognised account."
    assert "AccountCode" not in made["JournalLines"][0]
    assert messages(update(api, made, Status="POSTED")) == ["Account code must be specified"]
    assert refused(api, *lines, Status="POSTED") == ["Account code '476' is not a valid code for this document."]
    switch(unknown_account_on_draft="error")
    assert refused(api, *lines) == ["Account code '476' is not a valid code for this document."]
    control("organisations/NZ", {"archive_accounts": ["400"]})
    assert "has been archived" in refused(api, entry(100, "400"), entry(-100))[0]


@pytest.mark.parametrize(
    ("lines", "fields", "message"),
    [
        ((), {"Narration": " "}, "Narration must be given."),
        ((entry(100),), {}, "at least two lines"),
        ((entry("much"), entry(-1)), {}, "LineAmount is not a number: much"),
        ((entry(None), entry(-1)), {}, "LineAmount must be given."),
        ((), {"Date": "yesterday"}, "Date is not a date"),
        ((), {"Url": "https://xero.example.com"}, "The Url is not valid."),
        ((), {"Status": "PAID"}, "is not one of"),
        ((entry(1, TaxType="OUTPUT2"), entry(-1)), {"LineAmountTypes": "Exclusive"}, "cannot be used with account code '850'"),
        ((entry(1, Tracking=[{"Name": "Region", "Option": "North"}] * 3), entry(-1)), {}, "At most 2"),
        ((entry(1, Tracking=[{"Name": "Region", "Option": "Nowhere"}]), entry(-1)), {}, "tracking"),
    ],
)
def test_refused(api, lines, fields, message):
    if "OUTPUT2" in str(lines):
        lines = (entry(1, "400", TaxType="OUTPUT2"), entry(-1))
        message = message.replace("850", "400")
    assert message in refused(api, *lines, **fields)[0]
    assert len(api.organisation.manual_journals) == 0


def test_tax(api, switch):
    lines = (entry(100, "400"), entry(-115))
    made = posted(api, *lines, LineAmountTypes="Exclusive")
    assert [(row["TaxType"], row["TaxAmount"]) for row in made["JournalLines"]] == [("INPUT2", 15.0), ("NONE", 0.0)]
    inclusive = posted(api, entry(115, "400"), entry(-115), LineAmountTypes="Inclusive")
    assert inclusive["JournalLines"][0]["TaxAmount"] == 15.0
    assert refused(api, entry(100, "400"), entry(-100), LineAmountTypes="Exclusive") == [
        "The total debits (115.00) must equal total credits (-100.00)"
    ]
    own = (entry(100, "400", TaxAmount=14), entry(-115))
    assert posted(api, *own, LineAmountTypes="Exclusive")["JournalLines"][0]["TaxAmount"] == 15.0
    switch(journal_tax_amount="override")
    assert refused(api, *own, LineAmountTypes="Exclusive") == ["The total debits (114.00) must equal total credits (-115.00)"]


def test_tracking_and_flags(api):
    made = posted(
        api,
        entry(1, Tracking=[{"Name": "region", "Option": "north"}]),
        entry(-1),
        ShowOnCashBasisReports=False,
        Url="https://odoo.example.com/7",
    )
    shown = read(api, made)
    assert (shown["JournalLines"][0]["Tracking"][0]["Option"], shown["JournalLines"][1]["Tracking"]) == ("North", [])
    assert (shown["ShowOnCashBasisReports"], shown["Url"]) == (False, "https://odoo.example.com/7")


# --- states ---


def test_states(api):
    made = sent(api)
    assert messages(update(api, made, Status="VOIDED")) == [WRONG_STATUS]
    assert update(api, made, Status="POSTED")["Status"] == "POSTED"
    assert messages(update(api, made, Status="DELETED")) == messages(update(api, made, Status="DRAFT")) == [WRONG_STATUS]
    voided = update(api, made, Status="VOIDED")
    assert (voided["Status"], len(voided["JournalLines"])) == ("VOIDED", 2)
    assert messages(update(api, made, Narration="Late")) == [WRONG_STATUS]
    other = sent(api)
    assert update(api, other, Status="DELETED")["Status"] == "DELETED"
    assert messages(update(api, other, Status="DRAFT")) == [WRONG_STATUS]
    assert refused(api, Status="VOIDED") == [WRONG_STATUS]


def test_edits(api, clock):
    made = posted(api)
    clock.advance(5)
    path = f"ManualJournals/{made['ManualJournalID']}"
    named = api.post(path, {"Narration": "Other", "JournalLines": []}).json()["ManualJournals"][0]
    assert (named["Narration"], [row["LineAmount"] for row in named["JournalLines"]]) == ("Other", [100.0, -100.0])
    assert named["UpdatedDateUTC"] > made["UpdatedDateUTC"]
    lines = [entry(1), entry(2), entry(-3)]
    assert len(api.post(path, {"JournalLines": lines}).json()["ManualJournals"][0]["JournalLines"]) == 3
    assert api.post(path, {"JournalLines": [entry(1)]}).status_code == 400
    assert api.get(f"ManualJournals/{UNKNOWN}").status_code == 404
    assert "not found" in messages(api.send({"ManualJournalID": UNKNOWN, "Narration": "A"}, "ManualJournals", "POST"))[0]
    assert api.post(f"ManualJournals/{UNKNOWN}", {"Narration": "A"}).status_code == 400
    assert api.put("ManualJournals", draft(ManualJournalID=UNKNOWN)).status_code == 400


def test_lock_dates(api, control):
    made = posted(api)
    control("organisations/NZ", {"period_lock_date": "2026-09-30"})
    assert refused(api) == [LOCK]
    assert messages(update(api, made, Status="VOIDED")) == messages(update(api, made, Date="2026-10-05")) == [LOCK]
    late = posted(api, Date="2026-10-01")
    assert messages(update(api, late, Date="2026-09-30")) == [LOCK]
    control("organisations/NZ", {"adviser": True})
    assert update(api, made, Status="VOIDED")["Status"] == "VOIDED"


# --- round about ---


def test_listing(api, clock):
    first = sent(api)
    clock.advance(60)
    second = posted(api, Narration="Second")
    plain = api.get("ManualJournals").json()
    assert [row["JournalLines"] for row in plain["ManualJournals"]] == [[], []]
    page = api.get("ManualJournals", page=1, pageSize=1).json()
    assert (page["pagination"]["itemCount"], page["pagination"]["pageCount"]) == (2, 2)
    assert (page["ManualJournals"][0]["ManualJournalID"], len(page["ManualJournals"][0]["JournalLines"])) == (first["ManualJournalID"], 2)
    found = api.get("ManualJournals", where='Status=="POSTED" AND Date>=DateTime(2026,9,1)').json()["ManualJournals"]
    assert [row["ManualJournalID"] for row in found] == [second["ManualJournalID"]]
    since = api.get("ManualJournals", headers={"If-Modified-Since": "2026-09-14T09:30:30"}).json()["ManualJournals"]
    assert [row["Narration"] for row in since] == ["Second"]


def test_batches(api):
    rows = [draft(), draft(entry(1), entry(-2)), draft()]
    whole = api.put("ManualJournals", {"ManualJournals": rows})
    assert (whole.status_code, len(whole.json()["Elements"]), len(api.organisation.manual_journals)) == (400, 1, 0)
    each = api.put("ManualJournals", {"ManualJournals": rows}, summarizeErrors="false").json()["ManualJournals"]
    assert [row["StatusAttributeString"] for row in each] == ["OK", "ERROR", "OK"]


def test_scope(app):
    poor = CheckedApi(app, "NZ", scopes="offline_access accounting.invoices")
    assert poor.get("ManualJournals").status_code == 401


def test_the_user_must_be_allowed_to_see_reports(api, control):
    made = posted(api)
    control("organisations/NZ", {"reports_permission": False})
    path = f"ManualJournals/{made['ManualJournalID']}"
    answers = [api.get("ManualJournals"), api.get(path), api.put("ManualJournals", draft()), api.post(path, {"Narration": "A"})]
    assert [answer.status_code for answer in answers] == [403] * 4


def test_idempotency_history_and_state(api, control):
    first, second = (api.put("ManualJournals", draft(), headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json() == second.json()
    journal = first.json()["ManualJournals"][0]["ManualJournalID"]
    assert api.put(f"ManualJournals/{journal}/History", {"HistoryRecords": [{"Details": "N"}]}).status_code == 200
    rows = control("state", method="GET").json()["organisations"][0]["manual_journals"]
    assert [row["DocumentID"] for row in rows] == [journal]


def test_faults(api, control):
    control("faults", {"faults": [{"kind": "error_500_after", "path": "/ManualJournals$"}]})
    assert api.put("ManualJournals", draft()).status_code == 500
    assert len(api.organisation.manual_journals) == 1
