"""Answers of the real Xero in XML, recorded by others: the same state, the same request, compared in shape."""

from datetime import date

import pytest
import replay
import replay_xml
from replayed import REPLAYED_XML
from simulator_helpers import CheckedApi

from xero_simulator.app import create_app

AU = "public/xeroizer/"
XML = {"Accept": "text/xml"}


def au():
    api = CheckedApi(create_app(("AU",), minute_limit=None, day_limit=None), "AU")
    organisation = api.organisation
    organisation.add_tracking("Consultant", ("Odette Garrison", "Oliver Gray", "Tracy Green"))
    organisation.add_currency("NZD")
    free = organisation.tax_rates.get("EXEMPTEXPENSES")
    for name in ("NONE", "EXEMPTINPUT"):  # of that time
        organisation.tax_rates.put({**free, "TaxType": name, "CanApplyTo": frozenset(("ASSET", "EXPENSE", "LIABILITY", "REVENUE"))})
    cost = {**organisation.account_by_code("310"), "AccountID": organisation.new_id(), "Code": "300", "Name": "Purchases"}
    organisation.accounts.put(cost)
    return api


def got(api, path, **query):
    return api.get(path, headers=XML, **query)


def reference(name):
    """Lists of settings: as many as were recorded."""
    api, path = (
        au(),
        {"branding_themes": "BrandingThemes", "tracking_categories": "TrackingCategories", "currencies": "Currencies"}[name[len(AU) :]],
    )
    size = len(replay_xml.elements(replay_xml.tree(name)))
    table = {"BrandingThemes": "themes", "TrackingCategories": "tracking", "Currencies": "currencies"}[path]
    rows = getattr(api.organisation, table)
    kept = [row for row in rows if row.get("Name") == "Consultant" or path != "TrackingCategories"][:size]
    for row in rows:
        if row not in kept:
            rows.remove(row[rows.id_field])
    return got(api, path)


def organisation(_name):
    api = au()
    api.organisation.period_lock_date = date(2008, 6, 30)
    return got(api, "Organisation")


def document(name):
    """One invoice or credit note, fetched alone."""
    api, row = au(), replay_xml.elements(replay_xml.tree(name))[0]
    kind = "CreditNotes" if "CreditNoteID" in row else "Invoices"
    contact = api.contact(row["Contact"]["Name"])
    told = {key: value for key, value in row["Contact"].items() if isinstance(value, str) and key not in ("ContactID", "UpdatedDateUTC")}
    slots = {name: {slot[key]: dict(slot) for slot in row["Contact"].get(name, [])} for name, key in replay.BY_KIND.items()}
    own = {"ContactGroups": row["Contact"].get("ContactGroups", [])}
    api.organisation.contacts.put({**api.organisation.contacts.get(contact["ContactID"]), **slots, **told, **own})
    codes = {line["ItemCode"] for line in row.get("LineItems", ()) if "ItemCode" in line}
    if codes:
        api.put("Items", {"Items": [{"Code": code} for code in sorted(codes)]})
    made = replay.load_document(api, kind, row, contact["ContactID"])
    return got(api, f"{kind}/{made['DocumentID']}")


def journal(name):
    api, row = au(), replay_xml.elements(replay_xml.tree(name))[0]
    lines = [
        {key: line[key] for key in ("Description", "LineAmount", "AccountCode", "TaxType") if key in line}
        | {"Tracking": [{key: entry[key] for key in ("Name", "Option")} for entry in line.get("Tracking", [])]}
        for line in row["JournalLines"]
    ]
    sent = {key: row[key] for key in ("Narration", "Date", "LineAmountTypes", "Url") if key in row}
    answer = api.put("ManualJournals", {**sent, "JournalLines": lines, "Status": "DRAFT"})
    assert answer.status_code == 200, answer.text
    made = answer.json()["ManualJournals"][0]
    return got(api, f"ManualJournals/{made['ManualJournalID']}")


def case(name):
    if "manual_journal" in name:
        return journal
    if "records/" in name or name.endswith("credit_note"):
        return document
    return organisation if name.endswith("organisation") else reference


@pytest.mark.skipif(replay.RECORDINGS is None, reason="no recordings here")
@pytest.mark.parametrize("name", REPLAYED_XML)
def test_recording(name, record_property):
    answer = case(name)(name)
    assert answer.status_code == 200, answer.text
    total, wrong = replay_xml.counted(replay_xml.tree(name), replay_xml.told(answer))
    record_property("replayed", (f"{name}.xml", total - sum(wrong.values()), total))
    expected_total, known = REPLAYED_XML[name]
    assert (total, dict(wrong)) == (expected_total, {path: count for path, (count, _reason) in known.items()})


def test_enough_is_right():
    total = sum(size for size, _known in REPLAYED_XML.values())
    wrong = sum(count for _size, known in REPLAYED_XML.values() for count, _reason in known.values())
    assert total > 5000
    assert (total - wrong) / total >= 0.97
