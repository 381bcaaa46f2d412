"""What the simulator's ledger has of one organisation."""

from collections import defaultdict
from decimal import Decimal

from dev.sweep.compare import Place

DEBTS = {"DEBTORS": "asset_receivable", "CREDITORS": "liability_payable"}
SIDES = {"DEBTORS": "receivable", "CREDITORS": "payable"}
LONG_AFTER = "2100-01-01"
PROFIT_AND_LOSS = ("REVENUE", "EXPENSE")


def money(value):
    """An amount as it came over the wire, exact to the cent."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


class XeroBooks:
    """Entries by source, totals by account and by contact, and what is needed to know them by the connector's ids."""

    def __init__(self, xero, country):
        self.state = xero.call("GET", f"organisations/{country}")
        self.accounts = {row["AccountID"]: row for row in self.state["accounts"]}
        self.system = {row["SystemAccount"]: row["AccountID"] for row in self.state["accounts"] if row["SystemAccount"]}
        self.rounding = self.label(self.system["ROUNDING"]) if "ROUNDING" in self.system else ""
        self.controls = {self.system[name]: name for name in DEBTS}
        self.apart = frozenset(self.label(key) for key, row in self.accounts.items() if row.get("Type") == "BANK" or key in self.controls)
        self.names = {row["ContactID"]: row["Name"] for row in self.state["contacts"]}
        self.entries = xero.call("GET", f"organisations/{country}/entries")["entries"]
        self.by_source = defaultdict(list)
        for entry in self.entries:
            self.by_source[entry["source"], entry["source_id"]].append(entry)
        self.balances = xero.call("GET", f"organisations/{country}/balances?date={LONG_AFTER}")
        self._read_ids()

    def _read_ids(self):
        """Payments by batch, bank transactions by the id of the money on account, allocations by what they take from."""
        self.batches, self.transactions, self.allocations = defaultdict(list), {}, defaultdict(list)
        for payment in self.state["payments"]:
            self.batches[payment.get("BatchPaymentID")].append(payment["PaymentID"])
        on_account = [*self.state["overpayments"], *self.state["prepayments"]]
        self.transactions = {row["DocumentID"]: row["BankTransactionID"] for row in on_account}
        for row in (*on_account, *self.state["credit_notes"]):
            self.allocations[row["DocumentID"]] = [part["AllocationID"] for part in row["Allocations"]]

    def sources(self):
        return self.by_source.keys()

    def label(self, account_id):
        account = self.accounts[account_id]
        return f"{account['Code'] or ''} {account['Name']}".strip()

    def contact(self, contact_id, control):
        """A contact as it is shown, namesakes told apart; what it owes and what is owed to it are two things.

        :param control: DEBTORS or CREDITORS
        """
        name = f"{self.names.get(contact_id, '?')} ({contact_id[:8]})" if contact_id else "(nobody)"
        return f"{name}, {SIDES[control]}"

    def place(self, entry):
        control = self.controls.get(entry["account_id"])
        return Place(self.label(entry["account_id"]), self.contact(entry["contact_id"], control) if control else "")

    def account_totals(self):
        """The trial balance's; of income and expenses, which begin anew every year, and of what they become, the sum of all years."""
        totals = defaultdict(Decimal)
        for entry in self.entries:
            if self._begins_anew(entry["account_id"]):
                totals[self.label(entry["account_id"])] += money(entry["amount"])
        for row in self.balances["accounts"]:
            if not self._begins_anew(row["account_id"]):
                totals[self.label(row["account_id"])] += money(row["balance"])
        return totals

    def _begins_anew(self, account_id):
        account = self.accounts[account_id]
        return account["Class"] in PROFIT_AND_LOSS or account["SystemAccount"] == "RETAINEDEARNINGS"

    def contact_totals(self):
        totals = defaultdict(Decimal)
        for row in self.balances["contacts"]:
            totals[self.contact(row["contact_id"], row["control"])] += money(row["balance"])
        for entry in self.entries:  # debts of nobody are not listed by contact
            if entry["account_id"] in self.controls and not entry["contact_id"]:
                totals[self.contact("", self.controls[entry["account_id"]])] += money(entry["amount"])
        return totals
