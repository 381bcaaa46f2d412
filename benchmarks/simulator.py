"""The simulator with 1,000,000 documents in memory beside one with 1,000, turn by turn in one run: pages, look-ups, writes, its state file.

Each organisation has a hundred invoices for each contact, one in ten of them paid in part. They are copies of documents that were made
through the API. Requests go through all of the simulator but the socket, and are measured in CPU seconds.
"""

import os
import statistics
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

from dev import bootstrap
from xero_simulator.app import create_app
from xero_simulator.persistence import StateFile
from xero_simulator.testing import Api

FEW = 1_000
MANY = int(os.environ.get("BENCH_SIMULATOR_DOCUMENTS", "1_000_000"))
ROUNDS = int(os.environ.get("BENCH_SIMULATOR_ROUNDS", "9"))
PAGE = 1_000
LINE = {"Description": "Work", "Quantity": 3, "UnitAmount": 33.33, "AccountCode": "200", "TaxType": "OUTPUT"}


# === WHAT THE SIMULATOR HOLDS === #


def memory():
    """Bytes of this process."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


class Filled:
    """A simulator with so many invoices in one organisation, and a client of it."""

    def __init__(self, documents):
        self.documents = documents
        self.app = create_app(("AU",), minute_limit=None, day_limit=None, app_minute_limit=None)
        self.api = Api(self.app)
        self.organisation = self.api.organisation
        self._written = 0
        invoice, payment = self._models()
        before = memory()
        self._fill(invoice, payment)
        self.bytes = (memory() - before) / documents

    def element(self):
        """A new invoice to send."""
        self._written += 1
        head = {"Type": "ACCREC", "InvoiceNumber": f"NEW-{self._written}", "Contact": {"Name": "Customer 0"}, "Status": "AUTHORISED"}
        return {**head, "Date": "2026-09-14", "DueDate": "2026-09-28", "LineItems": [LINE]}

    def _models(self):
        """An invoice and a payment, made through the API and taken out again, so that the copies can have their ids."""
        invoice = self.api.put("Invoices", {"Invoices": [self.element()]}).json()["Invoices"][0]
        body = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 40, "Date": "2026-09-14"}
        payment = self.api.put("Payments", {"Payments": [body]}).json()["Payments"][0]
        return self.organisation.invoices.get(invoice["InvoiceID"]), self.organisation.payments.get(payment["PaymentID"])

    def _fill(self, invoice, payment):
        contact = self.organisation.contacts.get(invoice["ContactID"])
        for number in range(self.documents):
            if number % 100 == 0:
                owner = str(uuid.uuid4())
                self.organisation.contacts.put({**contact, "ContactID": owner, "Name": f"Contact {number // 100}"})
            self._invoice(invoice, payment, number, owner)

    def _invoice(self, invoice, payment, number, owner):
        document_id, stamp = str(uuid.uuid4()), invoice["UpdatedDateUTC"] + timedelta(milliseconds=number - 2 * MANY)
        lines = tuple({**line, "LineItemID": str(uuid.uuid4())} for line in invoice["Lines"])
        own = {"DocumentID": document_id, "Number": f"B-{number}", "Reference": f"Order {number}", "ContactID": owner}
        self.organisation.invoices.put({**invoice, **own, "UpdatedDateUTC": stamp, "Lines": lines})
        if number % 10 == 0:
            ids = {"PaymentID": str(uuid.uuid4()), "DocumentID": document_id}
            self.organisation.payments.put({**payment, **ids, "UpdatedDateUTC": stamp})

    # --- requests ---

    def get(self, path, expected=1, headers=None, **query):
        answer = self.api.get(path, headers=headers, **query)
        rows = answer.json()[path.split("/")[0]]
        if len(rows) != expected:
            raise SystemExit(f"{path} {query}: {len(rows)} rows, not {expected}")

    def put(self, path, element):
        answer = self.api.put(path, {path: [element]})
        if answer.status_code != 200:
            raise SystemExit(answer.text)

    @property
    def middle(self):
        [found] = self.organisation.invoices.find("number", ("ACCREC", f"b-{self.documents // 20 * 10}"))
        return found

    def payment(self):
        return {"Invoice": {"InvoiceID": self.middle["DocumentID"]}, "Account": {"Code": "090"}, "Amount": 0.01, "Date": "2026-09-14"}


def since(filled):
    """Shortly before the newest five hundred."""
    stamps = filled.organisation.invoices.stamps()
    return (stamps[-FEW // 2][0] - timedelta(seconds=1)).isoformat()


def named(filled):
    return ",".join(f"B-{number}" for number in range(0, FEW, FEW // 40))


REQUESTS = {  # name: request
    "page of 1,000, the first": lambda of: of.get("Invoices", PAGE, page=1, pageSize=PAGE),
    "page of 1,000, in the middle": lambda of: of.get("Invoices", PAGE, page=max(1, of.documents // PAGE // 2), pageSize=PAGE),
    "page of 100 by If-Modified-Since": lambda of: of.get("Invoices", 100, {"If-Modified-Since": since(of)}, page=1),
    "page of 100 in the caller's order": lambda of: of.get("Invoices", 100, page=1, order="UpdatedDateUTC ASC"),
    "page of 100, the newest first": lambda of: of.get("Invoices", 100, page=1, order="UpdatedDateUTC DESC"),
    "where, a status, page of 100": lambda of: of.get("Invoices", 100, page=1, where='Status=="AUTHORISED"'),
    "by id": lambda of: of.get(f"Invoices/{of.middle['DocumentID']}"),
    "by number": lambda of: of.get(f"Invoices/{of.middle['Number']}"),
    "forty numbers at once": lambda of: of.get("Invoices", 40, InvoiceNumbers=named(of)),
    "where, a number": lambda of: of.get("Invoices", where=f'InvoiceNumber=="{of.middle["Number"]}"'),
    "where, a reference and a status": lambda of: of.get(
        "Invoices", where=f'Status=="AUTHORISED" AND Reference=="{of.middle["Reference"]}"'
    ),
    "where, a contact's name": lambda of: of.get("Contacts", where='Name=="contact 5"'),
    "where, payments of an invoice": lambda of: of.get("Payments", where=f'Invoice.InvoiceID==guid("{of.middle["DocumentID"]}")'),
    "a contact with its balances": lambda of: of.get(f"Contacts/{of.middle['ContactID']}"),
    "an invoice written": lambda of: of.put("Invoices", of.element()),
    "a payment written": lambda of: of.put("Payments", of.payment()),
}


# === MEASURING === #


def measure(request, *sides):
    """Median CPU seconds of the request on each side, turn by turn."""
    seen = {side: [] for side in sides}
    for number in range(ROUNDS + 1):
        for side in sides:
            before = time.process_time()
            request(side)
            if number:  # the first one fills caches
                seen[side].append(time.process_time() - before)
    return [statistics.median(figures) for figures in seen.values()]


def beside(many, few):
    return f"{many / few:5.2f} times the time ({many * 1000:.1f} ms beside {few * 1000:.1f} ms)"


def keep(filled, path):
    """Save, write once, and read again: seconds of each."""
    file, times = StateFile(path), []
    for step in (lambda: None, lambda: filled.put("Invoices", filled.element())):
        step()
        before = time.process_time()
        file.save(filled.app.world)
        times.append(time.process_time() - before)
    file.close()
    before = time.process_time()
    file.load()
    file.close()
    return [*times, time.process_time() - before]


def main():
    bootstrap.step(f"Making {FEW} and {MANY} invoices")
    few, many = Filled(FEW), Filled(MANY)
    print(f"\n{MANY} invoices in memory beside {FEW}, {many.bytes:.0f} bytes each with its indexes and its share of contacts and payments:")
    for name, request in REQUESTS.items():
        small, large = measure(request, few, many)
        print(f"  {name:<34} {beside(large, small)}")
    bootstrap.step("Keeping them in a file")
    with tempfile.TemporaryDirectory(dir=bootstrap.ROOT / ".dev") as folder:
        small, large = keep(few, Path(folder, "few")), keep(many, Path(folder, "many"))
    print("\nWith --state:")
    print(f"  what one request changed           {beside(large[1], small[1])}")
    print(f"  all of it written, per document    {beside(large[0] / MANY, small[0] / FEW)}")
    print(f"  all of it read, per document       {beside(large[2] / MANY, small[2] / FEW)}")


if __name__ == "__main__":
    main()
