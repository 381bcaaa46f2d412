"""A bookkeeper who also spends, receives and moves money, by lot: banks whose lines are entered in Xero and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .bookkeeper import Bookkeeper, Nothing

if TYPE_CHECKING:
    from ..store import Record

Coding = tuple[str, str]  # account code, tax type
KINDS = ("SPEND", "RECEIVE")
# how often each is done, beside what a bookkeeper does
WEIGHTS = {"spend": 20, "edit_spent": 10, "delete_spent": 7, "move": 7, "delete_move": 5, "match_spent": 5}


class Cashier(Bookkeeper):
    """``codings``: what money spent and received may be for, by ``SPEND`` and ``RECEIVE``; others are not touched."""

    def __init__(self, *given: Any, codings: Mapping[str, Sequence[Coding]], **named: Any) -> None:
        super().__init__(*given, **named)
        self._codings = codings

    # --- choices ---

    def _banks_ids(self) -> set[str]:
        return {row["AccountID"] for row in self._organisation.accounts if row["Code"] in self._banks.own}

    def _moneys(self, kinds: tuple[str, ...] = KINDS) -> list[Record]:
        """Live money spent and received at these banks."""
        banks = self._banks_ids()
        rows = self._organisation.bank_transactions
        return [row for row in rows if row["Status"] == "AUTHORISED" and row["Type"] in kinds and row["AccountID"] in banks]

    def _written(self) -> list[Record]:
        """Of these what people have entered; what an app has sent carries its link."""
        return [row for row in self._moneys() if not row.get("Url")]

    def _parts(self, kind: str, types: str) -> list[dict[str, Any]]:
        found = []
        for _each in range(self._random.choice((1, 1, 2, 3))):
            code, tax = self._random.choice(list(self._codings[kind]))
            price = Decimal(self._random.randint(1, 30_000)) / 100
            line = {"Description": "Entered in Xero", "Quantity": self._random.choice((1, 1, 3)), "UnitAmount": str(price)}
            found.append({**line, "AccountCode": code, **({} if types == "NoTax" else {"TaxType": tax})})
        return found

    def _somebody_there(self) -> str:
        return str(self._one([row for row in self._organisation.contacts if row["ContactStatus"] == "ACTIVE"])["ContactID"])

    # --- money spent and received ---

    def _do_spend(self) -> str:
        """Or received: of one line or several, with prices that include tax or do not."""
        kind, code = self._random.choice(KINDS), self._random.choice(self._banks.own)
        types = self._random.choice(("Inclusive", "Inclusive", "Exclusive"))
        lines, name = self._parts(kind, types), f"Rita {self._random.randint(1, 10**9)}"
        how = {"account": code, "date": str(self._day()), "reference": name, "line_amount_types": types}
        made = self._act(f"{kind.lower()}_money", contact=self._somebody_there(), lines=lines, **how)
        return f"{name}: {kind} {made['Total']} {code} of {how['date']}, {[(row['AccountCode'], row.get('TaxType')) for row in lines]}"

    def _do_edit_spent(self) -> str:
        row = self._one(self._written())
        what = self._random.choice(("Date", "LineItems", "LineItems", "Reference", "Contact"))
        fields: dict[str, Any] = {"Reference": f"Rita {self._random.randint(1, 10**9)}"}
        if what == "Date":
            fields = {"Date": str(self._day())}
        elif what == "LineItems":
            types = self._random.choice(("Inclusive", "Exclusive"))
            fields = {"LineAmountTypes": types, "LineItems": self._parts(row["Type"], types)}
        elif what == "Contact":
            fields = {"Contact": {"ContactID": self._somebody_there()}}
        self._act("edit", item=row["BankTransactionID"], fields=fields)
        return f"{row['Reference']}: {what} {fields if what in ('Date', 'Reference') else ''}"

    def _do_delete_spent(self) -> str:
        """What an app has sent, too."""
        row = self._one(self._written() if self._random.random() < 0.7 else self._moneys())
        self._act("remove_and_redo" if row["IsReconciled"] else "delete", item=row["BankTransactionID"])
        return f"{row['Reference']} {row['Total']}"

    # --- transfers ---

    def _do_move(self) -> str:
        if len(self._banks.own) < 2:
            raise Nothing("there is one bank only")
        source, target = self._random.sample(self._banks.own, 2)
        amount, name = Decimal(self._random.randint(1, 50_000)) / 100, f"Rita {self._random.randint(1, 10**9)}"
        self._act("transfer", source=source, target=target, amount=str(amount), date=str(self._day()), reference=name)
        return f"{name}: {amount} from {source} to {target}"

    def _do_delete_move(self) -> str:
        """One that an app has made, too."""
        row = self._one([row for row in self._organisation.bank_transfers if row["Status"] == "AUTHORISED"])
        self._act("remove_and_redo", item=row["BankTransferID"])
        return f"{row['Reference']} {row['Amount']}"

    # --- the bank ---

    def _do_match_spent(self) -> str:
        """Matched with the bank's statement, or that taken back."""
        row = self._one(self._moneys((*KINDS, "SPEND-TRANSFER", "RECEIVE-TRANSFER")))
        verb = "unreconcile" if row["IsReconciled"] else "reconcile"
        self._act(verb, items=[row["BankTransactionID"]])
        return f"{verb} {row['Reference']} {row['Total']}"
