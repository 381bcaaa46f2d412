"""What a switch may be, and the switches that are no single endpoint's: stamps, lists, rates, texts."""

from dataclasses import fields

import pytest
from simulator_helpers import line, messages

from xero_simulator.switches import CHOICES, NAMED, NAMES, Switches, values


def stamp(row):
    return row["UpdatedDateUTC"]


@pytest.fixture
def later(clock):
    return lambda: clock.advance(60)


@pytest.fixture
def moves(api, later):
    """Whether what was done a minute later moved the stamps of these documents: `moves(documents, action)`."""

    def read(path, key):
        return stamp(api.get(f"{path}/{key}").json()[path][0])

    def call(documents, action):
        before = [read(*document) for document in documents]
        later()
        done = action()
        return [read(*document) != old for document, old in zip(documents, before, strict=True)], done

    return call


def test_values_are_declared():
    """The default first; no table names what is no switch; what is declared is taken."""
    assert tuple(field.name for field in fields(Switches)) == NAMES
    assert set(CHOICES) | set(NAMED) <= set(NAMES) and not set(CHOICES) & set(NAMED)
    for name in NAMES:
        assert values(name)[0] == getattr(Switches(), name)
        assert len(set(values(name))) == len(values(name))
        for value in values(name):
            switches = Switches()
            switches.set({name: value})
            assert getattr(switches, name) == value


def test_on_and_off_are_values_too():
    assert (values("zero_total_is_paid"), values("report_id")) == ((True, False), (True, False))
    assert (values("mask_bank_details"), values("item_exists_message")) == ((False, True), (Switches.item_exists_message,))


@pytest.mark.parametrize("wanted", values("payment_moves_invoice_stamp"))
def test_payment_and_the_stamp_of_its_document(api, switch, moves, wanted):
    switch(payment_moves_invoice_stamp=wanted)
    document = [("Invoices", api.invoice()["InvoiceID"])]
    moved, payment = moves(document, lambda: api.payment({"InvoiceID": document[0][1]}, 10))
    again, _done = moves(document, lambda: api.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"}))
    assert (moved, again) == ([wanted], [wanted])
    assert api.read({"InvoiceID": document[0][1]})["AmountDue"] == 115


@pytest.mark.parametrize("rule", values("allocation_moves_stamp"))
def test_allocation_and_stamps(api, switch, moves, rule):
    switch(allocation_moves_stamp=rule)
    note, invoice = api.credit_note(line(10))["CreditNoteID"], api.invoice()["InvoiceID"]
    documents = [("CreditNotes", note), ("Invoices", invoice)]
    allocation = {"Allocations": [{"Amount": 5, "Invoice": {"InvoiceID": invoice}, "Date": "2026-09-20"}]}
    expected = {"both": [True, True], "invoice": [False, True], "none": [False, False]}[rule]
    moved, made = moves(documents, lambda: api.put(f"CreditNotes/{note}/Allocations", allocation).json()["Allocations"][0])
    back, gone = moves(documents, lambda: api.delete(f"CreditNotes/{note}/Allocations/{made['AllocationID']}"))
    assert (moved, back, gone.status_code) == (expected, expected, 200)


@pytest.mark.parametrize("rule", values("allocation_contact"))
def test_allocation_to_the_invoice_of_another(api, switch, rule):
    switch(allocation_contact=rule)
    other = api.contact("Somebody Else")["ContactID"]
    note, invoice = api.credit_note(line(10), Contact={"ContactID": other}), api.invoice()
    allocation = {"Allocations": [{"Amount": 5, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": "2026-09-20"}]}
    answer = api.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", allocation)
    assert answer.status_code == {"same": 400, "any": 200}[rule]
    assert api.read(invoice)["AmountDue"] == {"same": 115, "any": 110}[rule]


@pytest.mark.parametrize("wanted", values("deleted_payment_listed"))
def test_deleted_payments_in_lists(api, switch, wanted):
    """Alone it is told whatever lists do."""
    switch(deleted_payment_listed=wanted)
    payment, kept = api.payment(api.invoice(), 10), api.payment(api.invoice(), 20)
    api.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    listed = {row["PaymentID"] for row in api.get("Payments").json()["Payments"]}
    assert listed == ({payment["PaymentID"], kept["PaymentID"]} if wanted else {kept["PaymentID"]})
    assert api.get(f"Payments/{payment['PaymentID']}").json()["Payments"][0]["Status"] == "DELETED"


@pytest.mark.parametrize("wanted", values("note_moves_stamp"))
def test_note_and_stamp(api, switch, moves, wanted):
    switch(note_moves_stamp=wanted)
    invoice = api.invoice()["InvoiceID"]
    note = {"HistoryRecords": [{"Details": "Called."}]}
    moved, answer = moves([("Invoices", invoice)], lambda: api.put(f"Invoices/{invoice}/History", note))
    assert (moved, answer.status_code) == ([wanted], 200)
    moved, answer = moves([("Invoices", invoice)], lambda: api.put(f"Invoices/{invoice}/History", {"HistoryRecords": [{"Details": ""}]}))
    assert (moved, answer.status_code) == ([False], 400)


@pytest.mark.parametrize("rule", values("transfer_stamp"))
def test_transfers_that_changed_since(api, switch, later, clock, rule):
    switch(transfer_stamp=rule)
    transfer = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "091"}, "Amount": 5}
    made = api.put("BankTransfers", {"BankTransfers": [transfer]}).json()["BankTransfers"][0]
    later()
    since = {"If-Modified-Since": f"{clock.now():%Y-%m-%dT%H:%M:%S}"}
    api.post(f"BankTransfers/{made['BankTransferID']}", {"Status": "DELETED"})
    found = api.call("GET", "BankTransfers", headers=since, includeDeleted="true").json()["BankTransfers"]
    assert [row["Status"] for row in found] == {"created": [], "updated": ["DELETED"]}[rule]
    assert api.call("GET", "BankTransfers", headers=since).json()["BankTransfers"] == []


@pytest.mark.parametrize("rule", values("nested_payments"))
def test_payments_inside_of_listed_documents(api, switch, rule):
    """The amounts tell of them all the same, and the document alone has them."""
    switch(nested_payments=rule)
    invoice = api.invoice()
    api.payment(invoice, 10)
    row = api.get("Invoices", page=1).json()["Invoices"][0]
    assert ([payment["Amount"] for payment in row["Payments"]], row["AmountPaid"]) == ({"full": [10], "empty": []}[rule], 10)
    assert [payment["Amount"] for payment in api.read(invoice)["Payments"]] == [10]


@pytest.mark.parametrize("wanted", values("voided_date_epoch"))
def test_date_of_what_was_voided(api, switch, wanted):
    switch(voided_date_epoch=wanted)
    invoice, kept = api.invoice(), api.invoice()
    for status in ("AUTHORISED", "VOIDED"):
        api.post(f"Invoices/{invoice['InvoiceID']}", {"Status": status})
    assert (api.read(invoice)["Date"] == "/Date(0+0000)/") is wanted
    assert ("DateString" in api.read(invoice)) is not wanted
    assert api.read(kept)["DateString"] == "2026-09-14T00:00:00"
    assert api.organisation.invoices.get(invoice["InvoiceID"])["Date"].isoformat() == "2026-09-14"


@pytest.mark.parametrize("wanted", values("journal_order_unpaged"))
def test_ordered_journals_come_at_once(api, switch, wanted):
    switch(journal_order_unpaged=wanted)
    lines = [{"LineAmount": 5, "AccountCode": "400"}, {"LineAmount": -5, "AccountCode": "404"}]
    for narration in "bca":
        assert api.put("ManualJournals", {"ManualJournals": [{"Narration": narration, "JournalLines": lines}]}).status_code == 200
    rows = api.get("ManualJournals", page=1, pageSize=2, order="Narration").json()["ManualJournals"]
    assert "".join(row["Narration"] for row in rows) == ("abc" if wanted else "ab")
    assert all(len(row["JournalLines"]) == 2 for row in rows)
    assert len(api.get("ManualJournals", page=1, pageSize=2).json()["ManualJournals"]) == 2


@pytest.mark.parametrize("rule", values("payment_rate"))
def test_rate_of_a_payment(api, switch, rule):
    """BankAmount is the same whichever way the rate counts, which is told as it is read."""
    switch(payment_rate=rule)
    api.organisation.add_currency("USD")
    invoice = api.invoice(line(100, TaxType="NONE"), CurrencyCode="USD", CurrencyRate="0.5")
    by_rate = api.payment(invoice, 10, CurrencyRate={"foreign_per_base": "0.8", "bank_per_document": "1.25"}[rule])
    assert (by_rate["BankAmount"], by_rate["CurrencyRate"]) == (12.5, {"foreign_per_base": 0.8, "bank_per_document": 1.25}[rule])
    by_amount = api.payment(invoice, 10, BankAmount="16")
    assert (by_amount["BankAmount"], by_amount["CurrencyRate"]) == (16, {"foreign_per_base": 0.625, "bank_per_document": 1.6}[rule])
    by_itself = api.payment(invoice, 10)
    assert (by_itself["BankAmount"], by_itself["CurrencyRate"]) == (20, {"foreign_per_base": 0.5, "bank_per_document": 2}[rule])
    nested = api.read(invoice)["Payments"]
    assert [payment["CurrencyRate"] for payment in nested] == [each["CurrencyRate"] for each in (by_rate, by_amount, by_itself)]


def test_words_of_a_lock(api, switch, control):
    control("organisations/NZ", {"period_lock_date": "2026-09-14"})
    refused = api.send(api.draft())
    assert messages(refused) == ["The document date cannot be before the period lock date, currently set at 14-Sep-2026"]
    switch(lock_message="The document date is in a locked period ({lock})")
    assert messages(api.send(api.draft())) == ["The document date is in a locked period (period lock date)"]
