"""Books for the clients to read: two pages of invoices and some of everything, written before a client comes."""

import requests
from steps import SIMULATOR, authorize_url, consent, exchange

INVOICES = 120
TIMEOUT = 60
DAY = "2026-09-14"


class Books:
    def __init__(self):
        token = exchange(consent(authorize_url()))
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers = {"Authorization": f"Bearer {token['access_token']}", "Accept": "application/json"}
        self.api = f"{SIMULATOR}/api.xro/2.0"
        self.session.headers["xero-tenant-id"] = self._get(f"{SIMULATOR}/connections")[0]["tenantId"]

    def _get(self, url):
        answer = self.session.get(url, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    def put(self, kind, *elements):
        answer = self.session.put(f"{self.api}/{kind}", json={kind.rsplit("/", 1)[-1]: elements}, timeout=TIMEOUT)
        if answer.status_code != 200:
            raise RuntimeError(f"{kind}: {answer.status_code} {answer.text}")
        return next(value for value in answer.json().values() if isinstance(value, list))


def fill():
    books = Books()
    savings = {"Code": "091", "Name": "Savings", "Type": "BANK", "BankAccountNumber": "1201021234501"}
    books.put("Accounts", savings)
    contact = {"ContactID": books.put("Contacts", {"Name": "Ridgeway University"})[0]["ContactID"]}
    for _batch in range(0, INVOICES, 40):
        invoices = books.put("Invoices", *[_document("ACCREC", contact) for _ in range(40)])
    books.put("CreditNotes", _document("ACCRECCREDIT", contact))
    _money(books, contact, [{"InvoiceID": row["InvoiceID"]} for row in invoices])
    books.put("Items", {"Code": "BOOK", "Name": "A book"})
    lines = [{"LineAmount": 20, "AccountCode": "400", "TaxType": "BASEXCLUDED"}, {"LineAmount": -20, "AccountCode": "404"}]
    books.put("ManualJournals", {"Narration": "Accrual", "Date": DAY, "JournalLines": lines})


def _document(kind, contact):
    lines = [{"Description": "Consulting", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}]
    return {"Type": kind, "Contact": contact, "Date": DAY, "DueDate": "2026-09-28", "Status": "AUTHORISED", "LineItems": lines}


def _money(books, contact, invoices):
    bank = {"Code": "090"}
    books.put("Payments", {"Invoice": invoices[0], "Account": bank, "Date": DAY, "Amount": 50})
    parts = [{"Invoice": invoice, "Amount": 10} for invoice in invoices[1:3]]
    books.put("BatchPayments", {"Account": bank, "Date": DAY, "Payments": parts})
    for kind in ("RECEIVE", "RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT"):
        line = {"Description": "Money", "LineAmount": 30, **({} if kind.endswith("OVERPAYMENT") else {"AccountCode": "200"})}
        transaction = {"Type": kind, "Contact": contact, "BankAccount": bank, "Date": DAY, "LineItems": [line]}
        books.put("BankTransactions", transaction)
    transfer = {"FromBankAccount": bank, "ToBankAccount": {"Code": "091"}, "Amount": 5, "Date": DAY}
    books.put("BankTransfers", transfer)


if __name__ == "__main__":
    fill()
