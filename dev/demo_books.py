"""What Odoo's demo books lack, entered over RPC as an accountant would, so that every kind of document occurs. Each piece once."""

import time
from datetime import date, timedelta

from dev import bootstrap
from dev.demo_mapping import choose_tracking, create_missing, read_again

MOVES, PAYMENTS = "account.move", "account.payment"
DONE = "xero_connector.demo_pieces"  # system parameter: what was entered already
DAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - the day of whoever looks at it
FOREIGN = "EUR"
SAVINGS = "Savings"
CLEARING = "850"  # Xero's own "Suspense", of which a bookkeeper allows payments


def open_accounts(person, xero, country, connection_id):
    """What a person sets up first: a foreign currency in Xero, a second bank account, tax rates that Xero lacks, policies."""
    xero.change(country, currencies=[FOREIGN], enable_payments=[CLEARING])
    _allow_full_accounting(person)
    sleeping = [row["id"] for row in person.search_read("res.currency", [("name", "=", FOREIGN), ("active", "=", False)], ["id"])]
    if sleeping:
        person.call("res.currency", "write", sleeping, {"active": True})
    if not person.search_read("account.journal", [("name", "=", SAVINGS)], ["id"]):
        number = f"0620000{connection_id:08d}"
        person.call("account.journal", "create", [{"name": SAVINGS, "code": "SAV", "type": "bank", "bank_acc_number": number}])
    read_again(person, connection_id)
    _choose_policies(person, connection_id)
    create_missing(person, connection_id)


def _allow_full_accounting(person):
    """Boxes in Odoo's settings: analytic accounting, and all of accounting for the administrator."""
    for module, name in (("analytic", "group_analytic_accounting"), ("account", "group_account_user")):
        domain = [("module", "=", module), ("name", "=", name), ("model", "=", "res.groups")]
        [group] = person.search_read("ir.model.data", domain, ["res_id"])
        domain = [("all_group_ids", "not in", group["res_id"]), ("share", "=", False)]
        people = [row["id"] for row in person.search_read("res.users", domain, ["id"])]
        if people:
            person.call("res.users", "write", people, {"group_ids": [(4, group["res_id"])]})


def _choose_policies(person, connection_id):
    """Journal entries go one by one; where Xero forbids an account, a clearing account stands in. Tracking options are made as needed."""
    own = ("connection_id", "=", connection_id)
    if person.search_read("xero.entry.policy", [own, ("policy", "=", "each")], ["id"]):
        return
    [journal] = person.search_read("account.journal", [("type", "=", "general")], ["id"], limit=1, order="sequence, id")
    found = person.search_read("xero.entry.policy", [own, ("journal_id", "=", journal["id"])], ["id"])
    if found:
        person.call("xero.entry.policy", "write", [found[0]["id"]], {"policy": "each"})
    else:
        person.call("xero.entry.policy", "create", [{"connection_id": connection_id, "journal_id": journal["id"], "policy": "each"}])
    domain = [own, ("can_post", "=", True), ("name", "ilike", "suspense")]
    clearing = person.search_read("xero.account", domain, ["id"], limit=1)
    values = {"create_options": True, **({"clearing_account_id": clearing[0]["id"]} if clearing else {})}
    person.call("xero.connection", "write", [connection_id], values)


def work(person, company, connection_id):
    """A month of an accountant in one company; ``company`` has its id and currency."""
    Accountant(person, company, connection_id).work()
    read_again(person, connection_id)
    create_missing(person, connection_id)
    choose_tracking(person, connection_id)


class Accountant:
    """Enters one piece after the other; what was entered before is left alone."""

    title = "Entering what Odoo's demo books lack"

    def __init__(self, person, company, connection_id):
        self.person, self.company_id, self.connection_id = person, company["id"], connection_id
        self.key = f"{DONE}.{self.company_id}"
        self.refused = []  # what could not be entered, and why

    def work(self):
        done = (self.person.call("ir.config_parameter", "get_param", self.key) or "").split()
        pieces = [name for name in vars(type(self)) if name.startswith("enter_") and name not in done]
        if not pieces:
            return
        bootstrap.step(self.title)
        self._look_around()
        for name in pieces:
            try:
                getattr(self, name)()
            except RuntimeError as refusal:
                what, why = name.removeprefix("enter_").replace("_", " "), str(refusal).split("\n")[0]
                bootstrap.step(f"  {what}: {why}")
                self.refused.append(f"{what}: {why}")
            done.append(name)
            self.person.call("ir.config_parameter", "set_param", self.key, " ".join(done))

    # === THE PIECES === #

    def enter_payments_of_invoices(self):
        """One in full, part of a second, and a third in two parts."""
        for invoice, parts in zip(self._open("out_invoice")[:3], ((1.0,), (0.3,), (0.5, 0.5)), strict=False):
            for part in parts:
                self.person.pay(invoice["id"], round(invoice["amount_residual"] * part, 2))

    def enter_credit_notes_matched(self):
        """The open credit notes of the demo books, each with an open document of the same partner."""
        for credit, document in (("out_refund", "out_invoice"), ("in_refund", "in_invoice")):
            for note in self._open(credit)[:2]:
                partner = ("partner_id", "=", note["partner_id"][0])
                others = self._open(document, partner)
                if others:
                    self.person.call(MOVES, "js_assign_outstanding_line", [others[0]["id"]], self._debt(note["id"]))

    def enter_credit_note_refunded(self):
        invoice = self._enter("out_invoice", [(2, 75.5)])
        self.person.pay(invoice, self._residual(invoice))
        note = self._enter("out_refund", [(1, 75.5)])
        self.person.pay(note, self._residual(note))

    def enter_bills(self):
        """One paid, one in part, one open; and two of different vendors paid together."""
        bills = [self._enter("in_invoice", [(3, 33.33), (1, 12.05 + n)], self.vendors[n % 2]) for n in range(5)]
        self.person.pay(bills[0], self._residual(bills[0]))
        self.person.pay(bills[1], 50)
        self._pay_together(bills[3:], group_payment=False)

    def enter_credit_note_of_vendor(self):
        bill = self._enter("in_invoice", [(1, 210)], self.vendors[0])
        note = self._enter("in_refund", [(1, 60)], self.vendors[0])
        self.person.call(MOVES, "js_assign_outstanding_line", [bill], self._debt(note))
        refunded = self._enter("in_refund", [(1, 41.99)], self.vendors[1])
        self.person.pay(refunded, self._residual(refunded))

    def enter_receipts(self):
        for kind in ("out_receipt", "in_receipt"):
            receipt = self._enter(kind, [(1, 19.95)])
            self.person.pay(receipt, self._residual(receipt))

    def enter_one_payment_for_several(self):
        invoices = [self._enter("out_invoice", [(quantity, 17.77)], self.customers[0]) for quantity in (1, 2, 3)]
        self._pay_together(invoices, group_payment=True)

    def enter_money_on_account(self):
        """One payment that stays unmatched, and one that is matched with a later invoice."""
        self._on_account(300)
        payment = self._on_account(120.4)
        invoice = self._enter("out_invoice", [(1, 250)], self.customers[1])
        [move] = self.person.call(PAYMENTS, "read", [payment], ["move_id"])
        self.person.call(MOVES, "js_assign_outstanding_line", [invoice], self._debt(move["move_id"][0]))

    def enter_foreign_currency(self):
        """Invoiced at one rate, paid at another."""
        [currency] = self.person.search_read("res.currency", [("name", "=", FOREIGN)], ["id"])
        for rate, day in ((0.62, DAY - timedelta(days=20)), (0.6, DAY)):
            values = {"currency_id": currency["id"], "rate": rate, "name": str(day), "company_id": self.company_id}
            self.person.call("res.currency.rate", "create", [values])
        for kind in ("out_invoice", "in_invoice"):
            move = self._enter(kind, [(4, 99.95)], day=DAY - timedelta(days=10), currency_id=currency["id"])
            self.person.pay(move, self._residual(move))

    def enter_write_off(self):
        """A customer pays a little less, and the rest is forgiven."""
        invoice = self._enter("out_invoice", [(1, 80)])
        [account] = self.person.search_read("account.account", [("account_type", "=", "expense")], ["id"], limit=1)
        values = {"amount": round(self._residual(invoice) - 1.5, 2), "payment_difference_handling": "reconcile"}
        self._pay_together([invoice], **values, writeoff_account_id=account["id"], writeoff_label="Small difference")

    def enter_tracking(self):
        """A line shared 60/40 between two analytic accounts, their plan mapped to one of Xero's tracking categories."""
        if not self.person.search_read("xero.tracking.category", [("connection_id", "=", self.connection_id)], ["id"]):
            return  # the organisation tracks nothing
        [plan] = self.person.search_read("account.analytic.plan", [], ["id"], limit=1, order="id")
        names = [f"{name} {self.company_id}" for name in ("North", "South")]
        values = [{"name": name, "plan_id": plan["id"], "company_id": self.company_id} for name in names]
        north, south = self.person.call("account.analytic.account", "create", values)
        self._enter("out_invoice", [(1, 33.33)], analytic_distribution={str(north): 60, str(south): 40})
        self._enter("in_invoice", [(1, 100.01)], analytic_distribution={str(north): 60, str(south): 40})

    def enter_journal_entry(self):
        """Rent for next month is set aside."""
        kinds = ("expense", "asset_prepayments")
        accounts = [self.person.search_read("account.account", [("account_type", "=", kind)], ["id"], limit=1)[0]["id"] for kind in kinds]
        lines = [(0, 0, {"account_id": accounts[0], "credit": 850}), (0, 0, {"account_id": accounts[1], "debit": 850})]
        [entry] = self.person.call(MOVES, "create", [{"move_type": "entry", "ref": "Prepaid rent", "date": str(DAY), "line_ids": lines}])
        self.person.call(MOVES, "action_post", [entry])

    def enter_transfer(self):
        """From the current account to the savings account: the two banks' lines meet on the transfer account."""
        [company] = self.person.call("res.company", "read", [self.company_id], ["transfer_account_id"])
        [savings] = self.person.search_read("account.journal", [("name", "=", SAVINGS), ("company_id", "=", self.company_id)], ["id"])
        sides = [self._bank_line(*line, company["transfer_account_id"][0]) for line in ((self.bank, -1000), (savings["id"], 1000))]
        self.person.call("account.move.line", "reconcile", sides)

    def _bank_line(self, journal, amount, account):
        """A line of a bank statement, its other side on this account; returns that journal item."""
        values = {"journal_id": journal, "amount": amount, "date": str(DAY), "payment_ref": "To savings"}
        [line] = self.person.call("account.bank.statement.line", "create", [values])
        [row] = self.person.call("account.bank.statement.line", "read", [line], ["move_id"])
        domain = [("move_id", "=", row["move_id"][0]), ("account_id.account_type", "!=", "asset_cash")]
        [other] = self.person.search_read("account.move.line", domain, ["id"])
        self.person.call("account.move.line", "write", [other["id"]], {"account_id": account})
        return other["id"]

    # === HOW THINGS ARE DONE === #

    def _look_around(self):
        domain = [("is_company", "=", True), ("parent_id", "=", False), ("name", "not ilike", "company"), ("active", "=", True)]
        partners = [row["id"] for row in self.person.search_read("res.partner", domain, ["id"], limit=6, order="id")]
        self.customers, self.vendors = partners[:2], partners[2:4]
        own = ("company_id", "=", self.company_id)
        self.taxes = {}
        for use in ("sale", "purchase"):
            [company] = self.person.call("res.company", "read", [self.company_id], [f"account_{use}_tax_id"])
            tax = company[f"account_{use}_tax_id"]
            self.taxes[use] = [tax[0]] if tax else []
        self.bank = self.person.search_read("account.journal", [own, ("type", "=", "bank")], ["id"], limit=1, order="id")[0]["id"]

    def _enter(self, kind, lines, partner=None, day=DAY, analytic_distribution=False, **values):
        """A posted document with lines of (quantity, price); returns its id."""
        sale = kind.startswith("out")
        taxes = self.taxes["sale" if sale else "purchase"]
        rows = [
            (0, 0, {"name": "Work", "quantity": quantity, "price_unit": price, "tax_ids": [(6, 0, taxes)],
                    **({"analytic_distribution": analytic_distribution} if analytic_distribution else {})})
            for quantity, price in lines
        ]  # fmt: skip
        values |= {"move_type": kind, "invoice_date": str(day), "date": str(day), "invoice_date_due": str(day + timedelta(days=14))}
        values |= {"partner_id": partner or (self.customers if sale else self.vendors)[0], "invoice_line_ids": rows}
        if not sale:
            values["ref"] = f"SUP-{time.time_ns() % 10**9}"
        [move] = self.person.call(MOVES, "create", [{**values, "invoice_payment_term_id": False}])
        self.person.call(MOVES, "action_post", [move])
        return move

    def _open(self, kind, *conditions):
        domain = [("company_id", "=", self.company_id), ("move_type", "=", kind), ("state", "=", "posted"), ("amount_residual", ">", 0)]
        return self.person.search_read(MOVES, [*domain, *conditions], ["amount_residual", "partner_id"], order="name")

    def _residual(self, move):
        return self.person.call(MOVES, "read", [move], ["amount_residual"])[0]["amount_residual"]

    def _debt(self, move):
        """The journal item of a document or payment that is on the receivable or payable account."""
        domain = [("move_id", "=", move), ("account_type", "in", ("asset_receivable", "liability_payable"))]
        return self.person.search_read("account.move.line", domain, ["id"], limit=1)[0]["id"]

    def _pay_together(self, moves, **values):
        context = {"active_model": MOVES, "active_ids": moves}
        wizard = self.person.call("account.payment.register", "create", [values], context=context)
        self.person.call("account.payment.register", "action_create_payments", wizard, context=context)

    def _on_account(self, amount):
        values = {"payment_type": "inbound", "partner_type": "customer", "partner_id": self.customers[1], "amount": amount}
        [payment] = self.person.call(PAYMENTS, "create", [{**values, "date": str(DAY), "journal_id": self.bank}])
        self.person.call(PAYMENTS, "action_post", [payment])
        return payment
