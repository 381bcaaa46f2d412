from collections import defaultdict
from decimal import Decimal

ENDED = ("VOIDED", "DELETED")
SIDES = {"ACCREC": ("receivable", 1), "ACCRECCREDIT": ("receivable", -1), "ACCPAY": ("payable", 1), "ACCPAYCREDIT": ("payable", -1)}
SIDES |= {"RECEIVE-OVERPAYMENT": ("receivable", -1), "RECEIVE-PREPAYMENT": ("receivable", -1)}
SIDES |= {"SPEND-OVERPAYMENT": ("payable", -1), "SPEND-PREPAYMENT": ("payable", -1)}
# money that comes in for a payment of what
MONEY_IN = ("ACCRECPAYMENT", "APCREDITPAYMENT", "APOVERPAYMENTPAYMENT", "APPREPAYMENTPAYMENT")


class XeroBooks:
    """An organisation's books, added up from what was recorded, not from the sums Xero keeps itself.

    ``documents``: the live ones by id; ``due``: what is open on each; ``open``: by contact, side and currency, receivables and payables,
    money on account taken off; ``bank``: by account, in its currency; ``tax``: by side and currency.
    """

    def __init__(self, organisation):
        self.organisation, self.base = organisation, organisation.region.currency
        tables = (organisation.invoices, organisation.credit_notes, organisation.overpayments, organisation.prepayments)
        rows = [row for table in tables for row in table]
        self.all = {row["DocumentID"]: row for row in rows}
        self.documents = {key: row for key, row in self.all.items() if row["Status"] not in ENDED}
        self.payments = {row["PaymentID"]: row for row in organisation.payments if row["Status"] not in ENDED}
        self.due = self._due()
        self.open, self.bank, self.tax = defaultdict(Decimal), defaultdict(Decimal), defaultdict(Decimal)
        self._add_up_documents()
        self._add_up_money()

    def _due(self):
        due = {key: row["Total"] for key, row in self.documents.items()}
        for payment in self.payments.values():
            due[payment["DocumentID"]] -= payment["Amount"]
        for credit in self.documents.values():
            for part in credit["Allocations"]:
                due[credit["DocumentID"]] -= part["Amount"]
                due[part["InvoiceID"]] -= part["Amount"]
        return due

    def _add_up_documents(self):
        for key, row in self.documents.items():
            side, sign = SIDES[row["Type"]]
            self.open[row["ContactID"], side, row["CurrencyCode"]] += sign * self.due[key]
            self.tax[side, row["CurrencyCode"]] += sign * row["TotalTax"]

    def _add_up_money(self):
        for payment in self.payments.values():
            self.bank[payment["AccountID"]] += payment["BankAmount"] * (1 if payment["PaymentType"] in MONEY_IN else -1)
        for row in self.organisation.bank_transactions:  # the two sides of a transfer are among them
            if row["Status"] not in ENDED:
                sign = 1 if row["Type"].startswith("RECEIVE") else -1
                self.bank[row["AccountID"]] += sign * self.in_currency_of_account(row)

    def in_currency_of_account(self, row):
        account = self.organisation.accounts.get(row["AccountID"])
        if row["CurrencyCode"] in (account["CurrencyCode"], self.base) or not row["CurrencyRate"]:
            return row["Total"]
        return (row["Total"] / row["CurrencyRate"]).quantize(Decimal("0.01"))

    def numbered(self):
        """``{(type, number): [rows]}`` of the live documents that have a number."""
        found = defaultdict(list)
        for row in self.documents.values():
            if row["Type"].startswith("ACC") and row["Number"]:
                found[row["Type"], row["Number"]].append(row)
        return found
