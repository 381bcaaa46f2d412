"""Random documents, payments, allocations, transfers, journals, voids in several currencies: what always holds of the ledger."""

from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from xero_simulator import stock
from xero_simulator.app import create_app
from xero_simulator.ledger import entries
from xero_simulator.ledger.balances import per_account, per_contact
from xero_simulator.ledger.books import Books
from xero_simulator.testing import Api

FIRST, NOW = date(2025, 11, 1), datetime(2026, 9, 14, tzinfo=timezone.utc)
MONEY_IN = ("ACCRECPAYMENT", "APCREDITPAYMENT", "APOVERPAYMENTPAYMENT", "APPREPAYMENTPAYMENT")
SALES = (("200", "OUTPUT2"), ("260", "NONE"), ("270", "ZERORATED"))
DUE = ("invoices", "credit_notes", "overpayments", "prepayments")
CURRENCIES = ("NZD", "USD", "USD", "NZD", "EUR")
BANK_TYPES = ("RECEIVE-OVERPAYMENT", "SPEND-PREPAYMENT", "RECEIVE-PREPAYMENT", "SPEND-OVERPAYMENT", "RECEIVE", "SPEND")
TARGETS = {"OVERPAYMENT": "Overpayment", "PREPAYMENT": "Prepayment", "CREDIT": "CreditNote", "ACC": "Invoice"}
PURCHASES = (("400", "INPUT2"), ("404", "NONE"), ("710", "INPUT2"))

cents = st.decimals("0.01", "5000", places=2).map(str)
fractions = st.sampled_from((Decimal(1), Decimal(1) / 3, Decimal("0.5"), Decimal("0.01")))
rates = st.sampled_from(("0.7", "0.612345", "1.31", "98"))
days = st.integers(0, 400).map(lambda number: (FIRST + timedelta(days=number)).isoformat())
numbers = st.integers(0, 50)
types = st.sampled_from(("Exclusive", "Inclusive", "NoTax"))
lines = st.lists(st.tuples(numbers, cents), min_size=1, max_size=3)


def pick(rows, number):
    rows = list(rows)
    return rows[number % len(rows)]


def some(*names):
    """Only when there is one in force."""
    return precondition(lambda self: self.in_force(*names))


class Trade(RuleBasedStateMachine):
    """What is refused by Xero's rules changes nothing, and is as good a step as any."""

    @initialize()
    def open(self):
        app = create_app(("NZ",), clock=lambda: NOW, minute_limit=None, day_limit=None, concurrent_limit=None, transfer_currencies="any")
        self.api = Api(app, "NZ")
        self.organisation = self.api.organisation
        for code in ("USD", "EUR"):
            self.organisation.add_currency(code)
        banks = [{"Code": code, "Name": code, "Type": "BANK", "BankAccountNumber": code, "CurrencyCode": code} for code in ("USD", "EUR")]
        for account in banks:
            assert self.api.put("Accounts", {"Accounts": [account]}).ok
        names = [{"Name": name} for name in ("Anna", "Bert")]
        self.contacts = [row["ContactID"] for row in self.api.put("Contacts", {"Contacts": names}).json()["Contacts"]]
        details = {"PurchaseDetails": {"COGSAccountCode": "310"}, "InventoryAssetAccountCode": "630"}
        assert self.api.put("Items", {"Items": [{"Code": "BOX", **details}]}).ok
        self.organisation.items.put({**next(iter(self.organisation.items)), "Opening": (Decimal(7), Decimal("100.00"))})

        for number in range(16):  # something to pay, allocate and void from the first step on
            rate, kind = ("0.7", "0.612345")[number % 2], number % 4
            self.document(kind, 0, "Exclusive", number // 4, rate, "2026-03-30", [(number, "33.33"), (number + 1, "1000.07")], number > 11)
            self.bank_transaction(kind, number // 4, 0, "Inclusive", rate, "2026-04-02", [(number, "700.01")], number // 4)

    def banks(self):
        return [account for account in self.organisation.accounts if account["Type"] == "BANK"]

    def in_force(self, *names):
        return [row for name in names for row in getattr(self.organisation, name) if row["Status"] == "AUTHORISED"]

    def items(self, sale, rows):
        accounts = SALES if sale else PURCHASES
        made = [(*accounts[number % 3], amount) for number, amount in rows]
        return [{"Description": "x", "UnitAmount": amount, "AccountCode": code, "TaxType": tax} for code, tax, amount in made]

    @rule(kind=numbers, who=numbers, types=types, currency=numbers, rate=rates, day=days, rows=lines, box=st.booleans())
    def document(self, kind, who, types, currency, rate, day, rows, box):
        name = ("ACCREC", "ACCPAY", "ACCRECCREDIT", "ACCPAYCREDIT")[kind % 4]
        sale, path = "REC" in name, "CreditNotes" if "CREDIT" in name else "Invoices"
        element = {"Type": name, "Contact": {"ContactID": pick(self.contacts, who // 8)}, "Date": day, "LineAmountTypes": types}
        element |= {"Status": "DRAFT" if who % 8 == 7 else "AUTHORISED", "LineItems": self.items(sale, rows)}
        element |= {"CurrencyCode": pick(CURRENCIES, currency), "CurrencyRate": rate}
        if box:
            element["LineItems"][0] |= {"ItemCode": "BOX", "Quantity": 1 + who % 2, **({} if sale else {"AccountCode": "630"})}
        self.api.put(path, {path: [element]})

    @precondition(lambda self: len(self.organisation.invoices) + len(self.organisation.credit_notes))
    @rule(number=numbers, status=st.sampled_from(("AUTHORISED", "AUTHORISED", "VOIDED", "DELETED")), rows=st.none() | lines)
    def change(self, number, status, rows):
        row = pick([*self.organisation.invoices, *self.organisation.credit_notes], number)
        path, key = ("CreditNotes", "CreditNoteID") if "CREDIT" in row["Type"] else ("Invoices", "InvoiceID")
        element = {key: row["DocumentID"], "Status": status}
        element |= {"LineItems": self.items("REC" in row["Type"], rows)} if rows and status == "AUTHORISED" else {}
        self.api.post(f"{path}/{row['DocumentID']}", element)

    @some(*DUE)
    @rule(number=numbers, part=fractions, bank=numbers, rate=rates, day=days)
    def pay(self, number, part, bank, rate, day):
        row = pick(self.in_force(*DUE), number)
        target = next(name for word, name in TARGETS.items() if word in row["Type"])
        banks = [one["AccountID"] for one in self.banks() if one["CurrencyCode"] in ("NZD", row["CurrencyCode"])]
        element = {target: {f"{target}ID": row["DocumentID"]}, "Account": {"AccountID": pick(banks, bank)}, "CurrencyRate": rate}
        self.api.put("Payments", {"Payments": [{**element, "Date": day, "Amount": str(round(row["AmountDue"] * part, 2))}]})

    @some("invoices")
    @rule(number=numbers, day=days)
    def batch(self, number, day):
        rows = [row for row in self.in_force("invoices") if row["Type"] == pick(("ACCREC", "ACCPAY"), number)]
        payments = [{"Invoice": {"InvoiceID": row["DocumentID"]}, "Amount": str(row["AmountDue"])} for row in rows[:2]]
        self.api.put("BatchPayments", {"BatchPayments": [{"Account": {"Code": "090"}, "Date": day, "Payments": payments}]})

    @some("payments")
    @rule(number=numbers)
    def delete_payment(self, number):
        self.api.post(f"Payments/{pick(self.in_force('payments'), number)['PaymentID']}", {"Status": "DELETED"})

    @rule(kind=numbers, bank=numbers, who=numbers, types=types, rate=rates, day=days, rows=lines, currency=numbers)
    def bank_transaction(self, kind, bank, who, types, rate, day, rows, currency):
        name, sale = pick(BANK_TYPES, kind), pick(BANK_TYPES, kind).startswith("RECEIVE")
        element = {"Type": name, "Contact": {"ContactID": pick(self.contacts, who)}, "Date": day, "LineAmountTypes": types}
        element |= {"BankAccount": {"AccountID": pick(self.banks(), bank)["AccountID"]}, "CurrencyRate": rate}
        over = name.endswith("OVERPAYMENT")
        element["LineItems"] = [{"Description": "x", "UnitAmount": rows[0][1]}] if over else self.items(sale, rows)
        element |= {"CurrencyCode": pick(CURRENCIES, currency)} if over else {}
        self.api.put("BankTransactions", {"BankTransactions": [element]})

    @some("bank_transactions")
    @rule(number=numbers)
    def delete_bank_transaction(self, number):
        key = pick(self.in_force("bank_transactions"), number)["BankTransactionID"]
        self.api.post(f"BankTransactions/{key}", {"Status": "DELETED"})

    def pairs(self):
        """What can be allocated, and to which invoice."""
        credits = self.in_force("credit_notes", "overpayments", "prepayments")
        found = [(credit, invoice) for credit in credits for invoice in self.in_force("invoices")]
        return [(one, other) for one, other in found if all(one[name] == other[name] for name in ("ContactID", "CurrencyCode"))
                and one["Type"].startswith(("ACCREC", "RECEIVE")) == (other["Type"] == "ACCREC")]  # fmt: skip

    @precondition(lambda self: self.pairs())
    @rule(number=numbers, part=fractions)
    def allocate(self, number, part):
        credit, invoice = pick(self.pairs(), number)
        path = next(name for word, name in TARGETS.items() if word in credit["Type"]) + "s"
        amount = str(round(min(credit["AmountDue"], invoice["AmountDue"]) * part, 2))
        body = {"Allocations": [{"Invoice": {"InvoiceID": invoice["DocumentID"]}, "Amount": amount}]}
        self.api.put(f"{path}/{credit['DocumentID']}/Allocations", body)

    def allocations(self):
        names = {"CreditNotes": "credit_notes", "Prepayments": "prepayments", "Overpayments": "overpayments"}
        found = [(path, row) for path, name in names.items() for row in getattr(self.organisation, name)]
        return [f"{path}/{row['DocumentID']}/Allocations/{part['AllocationID']}" for path, row in found for part in row["Allocations"]]

    @precondition(lambda self: self.allocations())
    @rule(number=numbers)
    def take_back(self, number):
        assert self.api.delete(pick(self.allocations(), number)).ok

    @rule(start=numbers, end=numbers, amount=cents, day=days)
    def transfer(self, start, end, amount, day):
        sides = {"FromBankAccount": start, "ToBankAccount": end}
        element = {name: {"AccountID": pick(self.banks(), number)["AccountID"]} for name, number in sides.items()}
        self.api.put("BankTransfers", {"BankTransfers": [{**element, "Amount": amount, "Date": day}]})

    @rule(amount=cents, types=types, day=days, cash=st.booleans())
    def journal(self, amount, types, day, cash):
        rows = [
            {"LineAmount": number, "AccountCode": code, "TaxType": "INPUT2"} for number, code in ((amount, "400"), (f"-{amount}", "429"))
        ]
        element = {"Narration": "x", "Date": day, "Status": "POSTED", "LineAmountTypes": types, "ShowOnCashBasisReports": cash}
        self.api.put("ManualJournals", {"ManualJournals": [{**element, "JournalLines": rows}]})

    # --- what always holds ---

    @invariant()
    def books_are_right(self):
        switches = self.api.app.world.switches
        self.books = Books(self.organisation, switches)
        self.accrual, self.cash = (list(entries(Books(self.organisation, switches, cash))) for cash in (False, True))
        self.by_account = per_account(self.books, self.accrual, date.max)
        self.check_that_each_source_balances_on_one_day(self.accrual)
        self.check_that_each_source_balances_on_one_day(self.cash)
        self.check_that_every_day_balances()
        self.check_what_is_due()
        self.check_what_banks_have()
        self.check_what_stock_is_worth()

    def check_that_each_source_balances_on_one_day(self, found):
        sums, on = defaultdict(Decimal), defaultdict(set)
        for entry in found:
            sums[entry.source] += entry.amount
            on[entry.source].add(entry.day)
        assert not any(sums.values())
        assert all(len(each) == 1 for each in on.values())

    def check_that_every_day_balances(self):
        for day in (date(2026, 3, 31), date(2026, 4, 1), date(2027, 4, 1)):
            found = per_account(self.books, self.accrual, day).values()
            assert sum(one.amount for one in found) == sum(one.movement for one in found) == 0

    def check_what_is_due(self):
        """On the control accounts, in the currency of the documents, and in base at the rate of each. A prepayment is not there."""
        expected = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in self.in_force("invoices", "credit_notes", "overpayments"):
            sales = row["Type"].startswith(("ACCREC", "RECEIVE"))
            sign = 1 if row["Type"] in ("ACCREC", "ACCPAYCREDIT", "SPEND-OVERPAYMENT") else -1
            sums = expected[row["ContactID"], "DEBTORS" if sales else "CREDITORS", row["CurrencyCode"]]
            sums[0] += sign * self.books.base(row["AmountDue"], row["CurrencyRate"])
            sums[1] += sign * row["AmountDue"]
        found = {key: list(sums) for key, sums in per_contact(self.books, self.accrual, date.max).items() if any(sums)}
        assert found == {key: sums for key, sums in expected.items() if any(sums)}

    def check_what_banks_have(self):
        """In the currency of each, without the ledger: payments and bank transactions (transfers are two of them)."""
        expected = defaultdict(Decimal)
        for row in self.in_force("payments"):
            expected[row["AccountID"]] += row["BankAmount"] if row["PaymentType"] in MONEY_IN else -row["BankAmount"]
        for row in self.in_force("bank_transactions"):
            own = self.organisation.accounts.get(row["AccountID"])["CurrencyCode"]
            total = row["Total"] if own == row["CurrencyCode"] else self.books.base(row["Total"], row["CurrencyRate"])
            expected[row["AccountID"]] += total if row["Type"].startswith("RECEIVE") else -total
        keys = [account["AccountID"] for account in self.banks()]
        assert {key: self.by_account[key].foreign for key in keys} == {key: expected[key] for key in keys}

    def check_what_stock_is_worth(self):
        item = next(iter(self.organisation.items))
        account = self.organisation.account_by_code("630")["AccountID"]
        assert self.by_account[account].amount == stock.on_hand(self.organisation, item)[1]

    def teardown(self):
        """When nothing is due any more, the books are the same on a cash basis, but for journals that stay out of it."""
        for row in self.in_force("invoices", "credit_notes"):
            target = next(name for word, name in TARGETS.items() if word in row["Type"])
            element = {target: {f"{target}ID": row["DocumentID"]}, "Account": {"Code": "090"}, "Amount": str(row["AmountDue"])}
            assert self.api.put("Payments", {"Payments": [element]}).ok
        sums = [defaultdict(Decimal), defaultdict(Decimal)]
        for found, cash in zip(sums, (False, True), strict=True):
            for entry in entries(Books(self.organisation, self.api.app.world.switches, cash)):
                found[entry.account] += entry.amount if entry.source[0] != "ManualJournal" else 0
        keys = sums[0].keys() | sums[1].keys()
        assert {key: sums[0][key] for key in keys} == {key: sums[1][key] for key in keys}


TestTrade = Trade.TestCase
TestTrade.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
