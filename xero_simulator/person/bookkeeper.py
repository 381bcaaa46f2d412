"""A bookkeeper at work by lot: what is done is drawn, with what is there and as the screens allow it. For trials, and for long storms."""

from __future__ import annotations

import random as chance
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import act
from .desk import Impossible
from .documents import same_line

if TYPE_CHECKING:
    from ..organisation import Organisation
    from ..store import Record
    from ..world import World

LIVE = ("AUTHORISED", "PAID")
# how often each is done by who does all of it
WEIGHTS = {
    "pay": 24, "overpay": 4, "pay_several": 5, "on_account": 4, "refund": 2, "allocate": 6, "unallocate": 4, "delete_payment": 9, "redo": 6,
    "void_on_account": 1, "reconcile": 8, "unreconcile": 2, "bank_line": 6, "edit": 8, "edit_silently": 4, "void": 2, "rename": 3,
}  # fmt: skip
RATES = (1.37, 1.52, 1.613)  # what of a foreign amount reaches a bank of the own currency, per unit


class Nothing(Exception):
    """There is nothing to do this with, or the screen would not have it."""


@dataclass(frozen=True)
class Banks:
    """Codes of the bank accounts that are used: of the organisation's currency, the first for most, and one of each other currency."""

    own: tuple[str, ...]
    foreign: dict[str, str] = field(default_factory=dict)


class Bookkeeper:
    """``do`` one thing; the same thing for the same generator and the same books.

    :param day: gives the day that a payment is dated
    :param spared: ids of documents whose credit is left alone
    """

    def __init__(
        self, world: World, organisation: Organisation, random: chance.Random, banks: Banks, day: Callable[[], date],
        spared: Collection[str] = (), user: str = "Rita Mills",
    ):  # fmt: skip
        self._world, self._organisation, self._random, self._banks = world, organisation, random, banks
        self._day, self._spared, self._user = day, spared, user

    def do(self, name: str) -> str:
        """What was done, in words; raises Nothing."""
        work: Callable[[], str] | None = getattr(self, f"_do_{name}", None)
        if work is None:
            raise Impossible(f"a bookkeeper does not {name}; there are {', '.join(sorted(WEIGHTS))}")
        return work()

    def _act(self, verb: str, **arguments: Any) -> Any:
        try:
            return act(self._world, self._organisation, verb, self._user, **arguments)
        except Impossible as impossible:
            raise Nothing(str(impossible)) from impossible

    # --- choices ---

    def _one(self, rows: list[Record]) -> Record:
        if not rows:
            raise Nothing("there is nothing to do this with")
        return rows[self._random.randrange(len(rows))]

    def _rows(self, table: str, *, open_only: bool = True) -> list[Record]:
        """Live documents of a table, in the order in which they were made."""
        rows = getattr(self._organisation, table)
        return [row for row in rows if row["Status"] in LIVE and (not open_only or row["AmountDue"])]

    def _free(self, rows: list[Record]) -> list[Record]:
        return [row for row in rows if row["DocumentID"] not in self._spared]

    def _own(self, rows: list[Record]) -> list[Record]:
        return [row for row in rows if row["CurrencyCode"] == self._organisation.region.currency]

    def _bank_for(self, row: Record) -> tuple[str, Decimal | None]:
        """``(code of a bank, what of a foreign amount reaches it per unit)``."""
        if row["CurrencyCode"] == self._organisation.region.currency:
            return self._random.choice(self._banks.own), None
        foreign = self._banks.foreign.get(row["CurrencyCode"])
        if foreign and self._random.random() < 0.5:
            return foreign, None
        return self._banks.own[0], Decimal(str(self._random.choice(RATES)))

    def _part(self, due: Decimal) -> Decimal:
        share = self._random.choice((1, 1, "0.5", "0.3"))
        return (due * Decimal(share)).quantize(Decimal("0.01"))

    # --- paying ---

    def _do_pay(self) -> str:
        """All or part of an invoice or a bill; of a credit note it is a refund."""
        return self._pay(self._one(self._free(self._rows(self._random.choice(("invoices", "invoices", "credit_notes"))))))

    def _pay(self, row: Record) -> str:
        code, rate = self._bank_for(row)
        amount = self._part(row["AmountDue"])
        bank = {"bank_amount": str((amount * rate).quantize(Decimal("0.01")))} if rate else {}
        self._act("pay", document=row["DocumentID"], amount=str(amount), account=code, date=str(self._day()), **bank)
        return f"{amount} {row['CurrencyCode']} for {row['Number']} to {code} {bank}"

    def _do_pay_several(self) -> str:
        rows = self._own(self._rows("invoices"))
        first = self._one(rows)
        alike = [row for row in rows if row["Type"] == first["Type"] and row is not first][: self._random.randint(1, 3)]
        if not alike:
            raise Nothing("there is only one")
        payments = [{"document": row["DocumentID"], "amount": str(self._part(row["AmountDue"]))} for row in (first, *alike)]
        self._act("batch_deposit", payments=payments, account=self._banks.own[0], date=str(self._day()))
        return f"{[(row['Number'], payment['amount']) for row, payment in zip((first, *alike), payments, strict=True)]}"

    def _do_overpay(self) -> str:
        row = self._one(self._own(self._rows("invoices")))
        amount = row["AmountDue"] + Decimal(self._random.choice(("10", "25.50", "0.01")))
        self._act("overpay", document=row["DocumentID"], amount=str(amount), account=self._banks.own[0], date=str(self._day()))
        return f"{amount} for {row['Number']}"

    def _do_on_account(self) -> str:
        contact = self._one([row for row in self._organisation.contacts if row["ContactStatus"] == "ACTIVE"])
        amount, side = self._random.choice((70, 131.5)), self._random.choice(("sale", "purchase"))
        how = {"account": self._banks.own[0], "date": str(self._day()), "kind": "overpayment", "side": side}
        self._act("prepay", contact=contact["ContactID"], amount=amount, **how)
        return f"{amount} of {contact['Name']}, {side}"

    def _do_refund(self) -> str:
        """Money on account is paid back."""
        row = self._one(self._own(self._rows("overpayments")))
        amount = self._part(row["AmountDue"])
        self._act("refund", credit=row["DocumentID"], amount=str(amount), account=self._banks.own[0], date=str(self._day()))
        return f"{amount} of what {row['ContactID']} has on account"

    # --- writing ---

    def _do_write(self) -> str:
        """An invoice, a bill or a credit note, coded like one that is there; now and then for somebody new."""
        kind = self._random.choice(("ACCREC", "ACCREC", "ACCPAY", "ACCPAY", "ACCRECCREDIT", "ACCPAYCREDIT"))
        pattern = self._one([row for row in self._rows("invoices", open_only=False) if row["Type"] == kind.replace("CREDIT", "")])
        lines = [self._line(pattern) for _each in range(self._random.randint(1, 3))]
        verb = {"ACCREC": "write_invoice", "ACCPAY": "write_bill"}.get(kind, "write_credit_note")
        number = f"X-{self._random.randint(1000, 999999)}"
        how = {"number": number, "date": str(self._day()), "line_amount_types": self._random.choice(("Exclusive", "Inclusive"))}
        how |= {"side": "sale" if "REC" in kind else "purchase"} if "CREDIT" in kind else {}
        self._act(verb, contact=self._somebody(number), lines=lines, **how)
        return f"{verb} {number}, {how}"

    def _line(self, pattern: Record) -> dict[str, Any]:
        like = self._one([line for line in pattern["Lines"] if line.get("AccountCode")])
        price = Decimal(self._random.randint(1, 50_000)) / 100
        line = {"Description": "Written in Xero", "Quantity": self._random.choice((1, 1, 2, "0.333")), "UnitAmount": str(price)}
        tax = {"TaxType": like["TaxType"]} if like.get("TaxType") else {}
        return {**line, "AccountCode": like["AccountCode"], **tax}

    def _somebody(self, number: str) -> str:
        if self._random.random() < 0.3:
            made = self._act("write_contact", name=f"Newcomer {number}", fields={"EmailAddress": f"{number.lower()}@example.com"})
            return str(made["ContactID"])
        return str(self._one([row for row in self._organisation.contacts if row["ContactStatus"] == "ACTIVE"])["ContactID"])

    # --- taking back ---

    def _do_delete_payment(self) -> str:
        rows = [row for row in self._organisation.payments if row["Status"] == "AUTHORISED"]
        row = self._one(rows)
        if batch := row.get("BatchPaymentID"):
            self._act("remove_and_redo", item=batch)
        else:
            self._act("delete_payment", payment=row["PaymentID"])
        return f"{row['Amount']} {row.get('Reference', '')}"

    def _do_redo(self) -> str:
        """Removed, and entered again at once."""
        rows = [row for row in self._organisation.payments if row["Status"] == "AUTHORISED" and not row.get("BatchPaymentID")]
        row = self._one(rows)
        self._act("remove_and_redo", item=row["PaymentID"])
        bank = {} if row["BankAmount"] == row["Amount"] else {"bank_amount": str(row["BankAmount"])}
        how = {"account": row["AccountID"], "date": str(row["Date"])[:10], **bank}
        self._act("pay", document=row["DocumentID"], amount=str(row["Amount"]), **how)
        return f"{row['Amount']} {row.get('Reference', '')}"

    def _do_void_on_account(self) -> str:
        rows = [row for row in self._rows("overpayments") if row["AmountDue"] == row["Total"]]
        row = self._one(rows)
        self._act("void", item=row["DocumentID"])
        return f"{row['Total']} of {row['ContactID']}"

    # --- credit ---

    def _do_allocate(self) -> str:
        credit = self._one(self._free([row for table in ("credit_notes", "overpayments") for row in self._rows(table)]))
        side = "ACCREC" if credit["Type"] in ("ACCRECCREDIT", "RECEIVE-OVERPAYMENT") else "ACCPAY"
        alike = [
            row
            for row in self._rows("invoices")
            if (row["Type"], row["ContactID"], row["CurrencyCode"]) == (side, credit["ContactID"], credit["CurrencyCode"])
        ]
        invoice = self._one(alike)
        amount = self._part(min(credit["AmountDue"], invoice["AmountDue"]))
        self._act("allocate", credit=credit["DocumentID"], invoice=invoice["DocumentID"], amount=str(amount))
        return f"{amount} of {credit['Number']} to {invoice['Number']}"

    def _do_unallocate(self) -> str:
        credits = [row for table in ("credit_notes", "overpayments") for row in self._rows(table, open_only=False) if row["Allocations"]]
        credit = self._one(self._free(credits))
        self._act("unallocate", credit=credit["DocumentID"])
        return f"{credit['Number']}"

    # --- the bank ---

    def _do_reconcile(self) -> str:
        return self._mark("reconcile", False)

    def _do_unreconcile(self) -> str:
        return self._mark("unreconcile", True)

    def _mark(self, verb: str, now: bool) -> str:
        rows = [row for row in self._organisation.payments if row["Status"] == "AUTHORISED" and bool(row["IsReconciled"]) == now]
        row = self._one(rows)
        self._act(verb, items=[row.get("BatchPaymentID") or row["PaymentID"]])
        return f"{row['Amount']} {row.get('Reference', '')}"

    def _do_bank_line(self) -> str:
        """A line of the bank that pays a document to the cent: a person matches it, or Xero does so by itself, rightly or not."""
        row = self._one(self._own(self._rows("invoices")))
        contact = self._organisation.contacts.get(row["ContactID"]) or {}
        amount = row["AmountDue"] if row["Type"] == "ACCREC" else -row["AmountDue"]
        how, code = self._random.choice(("", "match", "match", "receive")), "200" if amount > 0 else "400"
        line = self._act(
            "bank_line", amount=str(amount), payee=contact.get("Name", ""), account=self._banks.own[0], date=str(self._day()),
            reference=f"Statement {row['Number'] or ''}".strip(), jax=how, line_account=code,
        )  # fmt: skip
        if not how:
            self._act("match_line", line=line["LineID"], documents=[row["DocumentID"]])
        return f"{amount} for {row['Number']}, {how or 'by a person'}"

    # --- documents and contacts ---

    def _do_edit(self) -> str:
        row = self._one([row for row in self._rows("invoices") if row["AmountDue"] == row["Total"]])
        what = self._random.choice(("Reference", "DueDate", "LineItems"))
        fields: dict[str, Any] = {"Reference": f"Rita {self._random.randint(1, 9999)}"}
        if what == "DueDate":
            fields = {"DueDate": str(self._day() + timedelta(days=self._random.randint(0, 90)))}
        elif what == "LineItems":
            fields = {"LineItems": self._dearer(row)}
        self._act("edit", item=row["DocumentID"], fields=fields)
        return f"{row['Number']}: {what}"

    def _dearer(self, row: Record) -> list[dict[str, Any]]:
        """The first line that has a price has another."""
        lines = [same_line(line) for line in row["Lines"]]
        priced = next((line for line in lines if "LineItemID" in line), None)
        if priced is None:
            raise Nothing("there is no line with a price")
        priced["UnitAmount"] = str(round(self._random.uniform(1, 400), 2))
        priced.pop("TaxAmount", None)  # reckoned anew
        return lines

    def _do_edit_silently(self) -> str:
        """What moves no stamp, of a document that is paid."""
        row = self._one([row for row in self._rows("invoices", open_only=False) if not row["AmountDue"]])
        if self._random.random() < 0.5:
            day = str(self._day() + timedelta(days=self._random.randint(0, 90)))
            self._act("edit", item=row["DocumentID"], fields={"DueDate": day})
            return f"{row['Number']}: due {day}"
        code = self._random.choice(("200", "260") if row["Type"] == "ACCREC" else ("400", "404"))
        self._act("edit_line_account", document=row["DocumentID"], account=code)
        return f"{row['Number']}: account {code}"

    def _do_void(self) -> str:
        rows = [row for table in ("invoices", "credit_notes") for row in self._rows(table) if row["AmountDue"] == row["Total"]]
        row = self._one(self._free(rows))
        self._act("void", item=row["DocumentID"])
        return f"{row['Number']}"

    def _do_rename(self) -> str:
        contact = self._one([row for row in self._organisation.contacts if row["ContactStatus"] == "ACTIVE"])
        name = f"{contact['Name'][:200]} {self._random.randint(1, 9999)}"
        self._act("rename", contact=contact["ContactID"], name=name)
        return f"{contact['Name']} to {name}"
