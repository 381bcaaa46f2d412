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
    money on account taken off; ``moved``: ``(account, amount, Xero id)`` of all that moved on bank accounts, in their currency, with the id
    of what a program made (of the payments of a batch, the batch's).
    """

    def __init__(self, organisation):
        self.organisation, self.base = organisation, organisation.region.currency
        tables = (organisation.invoices, organisation.credit_notes, organisation.overpayments, organisation.prepayments)
        rows = [row for table in tables for row in table]
        self.all = {row["DocumentID"]: row for row in rows}
        self.documents = {key: row for key, row in self.all.items() if row["Status"] not in ENDED}
        self.payments = {row["PaymentID"]: row for row in organisation.payments if row["Status"] not in ENDED}
        self.due = self._due()
        self.open = self._open()
        self.moved = [*self._paid(), *self._transacted()]

    def _due(self):
        due = {key: row["Total"] for key, row in self.documents.items()}
        for payment in self.payments.values():
            due[payment["DocumentID"]] -= payment["Amount"]
        for credit in self.documents.values():
            for part in credit["Allocations"]:
                due[credit["DocumentID"]] -= part["Amount"]
                due[part["InvoiceID"]] -= part["Amount"]
        return due

    def _open(self):
        return self.open_of({key for row in self.documents.values() for key in (row["DocumentID"], row.get("BankTransactionID"))})

    def open_of(self, ids):
        """As ``open``, of these documents and bank transactions (Xero ids) only."""
        found = defaultdict(Decimal)
        for key, row in self.documents.items():
            side, sign = SIDES[row["Type"]]
            if ids & {key, row.get("BankTransactionID")}:
                found[row["ContactID"], side, row["CurrencyCode"]] += sign * self.due[key]
        return found

    def _paid(self):
        for payment in self.payments.values():
            sign = 1 if payment["PaymentType"] in MONEY_IN else -1
            yield payment["AccountID"], sign * payment["BankAmount"], payment["BatchPaymentID"] or payment["PaymentID"]

    def _transacted(self):
        """The two sides of a transfer are among the bank transactions."""
        transfers = {}
        for row in self.organisation.bank_transfers:
            transfers |= dict.fromkeys((row["FromBankTransactionID"], row["ToBankTransactionID"]), row["BankTransferID"])
        for row in self.organisation.bank_transactions:
            if row["Status"] not in ENDED:
                sign = 1 if row["Type"].startswith("RECEIVE") else -1
                xero_id = transfers.get(row["BankTransactionID"], row["BankTransactionID"])
                yield row["AccountID"], sign * self._in_currency_of_account(row), xero_id

    def _in_currency_of_account(self, row):
        account = self.organisation.accounts.get(row["AccountID"])
        if row["CurrencyCode"] in (account["CurrencyCode"], self.base) or not row["CurrencyRate"]:
            return row["Total"]
        return (row["Total"] / row["CurrencyRate"]).quantize(Decimal("0.01"))

    def is_bank(self, account_id):
        """Whether it is a bank account; what entries settle is paid from others."""
        return self.organisation.accounts.get(account_id)["Type"] == "BANK"

    def numbered(self):
        """``{(type, number): [rows]}`` of the live documents that have a number."""
        found = defaultdict(list)
        for row in self.documents.values():
            if row["Type"].startswith("ACC") and row["Number"]:
                found[row["Type"], row["Number"]].append(row)
        return found
