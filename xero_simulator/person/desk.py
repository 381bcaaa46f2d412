"""Where a person sits: the calls that the screens make, and finding what was clicked on."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..call import Call, Router
from ..endpoints import ROUTES
from ..errors import Invalid, NotFound, Refused
from ..identity.accounts import AccessToken
from ..organisation import Organisation
from ..store import Record, Table

if TYPE_CHECKING:
    from ..world import World

_ROUTER = Router(ROUTES)
_NOBODY = AccessToken("", "", frozenset(), "", datetime(9999, 1, 1, tzinfo=timezone.utc))
# By the name in an address: the table that has what can be clicked on.
TABLES = {
    "Invoices": "invoices", "CreditNotes": "credit_notes", "Payments": "payments", "BatchPayments": "batch_payments",
    "BankTransactions": "bank_transactions", "BankTransfers": "bank_transfers", "Overpayments": "overpayments",
    "Prepayments": "prepayments", "ManualJournals": "manual_journals", "Contacts": "contacts",
}  # fmt: skip


class Impossible(ValueError):
    """The screen refuses, and says why."""


class Desk:
    """One person in one organisation, now or at a moment that has passed. No token, no limits, no idempotency: those are for apps."""

    def __init__(self, world: World, organisation: Organisation, user: str, moment: datetime | None = None):
        self.world, self.organisation, self.user, self.moment = world, organisation, user, moment

    def call(self, method: str = "POST", body: Any = None, path: dict[str, str] | None = None) -> Call:
        data = json.dumps(body, default=str).encode()
        headers = {"Content-Type": "application/json"}
        query = {"unitdp": "4"} if method != "GET" else {}
        return Call(self.world, self.organisation, _NOBODY, method, query, headers, data, path or {}, person=self.user, moment=self.moment)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's body to one call of the API, made by this person; raises Impossible."""
        route, variables = _ROUTER.find(method, f"/{path}")
        try:
            return route.handler(self.call(method, body, variables)).body
        except Invalid as invalid:
            raise Impossible(" ".join(invalid.messages)) from invalid
        except NotFound as missing:
            raise Impossible(f"{path}: there is no such thing") from missing
        except Refused as refused:
            raise Impossible(_messages(refused)) from refused

    def put(self, envelope: str, element: dict[str, Any]) -> dict[str, Any]:
        """A new one of them, as the API would answer."""
        return self.send("PUT", envelope, {envelope: [_without_blanks(element)]})[envelope][0]

    def post(self, envelope: str, key: str, element: dict[str, Any]) -> dict[str, Any]:
        return self.send("POST", f"{envelope}/{key}", element)[envelope][0]

    # --- what was clicked on ---

    def table(self, envelope: str) -> Table:
        return getattr(self.organisation, TABLES[envelope])

    def find(self, key: str, *envelopes: str) -> tuple[str, Record]:
        """By id, by the number of a sales document, or by the name of a contact."""
        for envelope in envelopes or TABLES:
            record = self.table(envelope).get(key.lower()) or self._named(envelope, key)
            if record:
                return envelope, record
        raise Impossible(f"there is no {key} among {', '.join(envelopes or TABLES)}")

    def _named(self, envelope: str, key: str) -> Record | None:
        if envelope == "Contacts":
            return self.organisation.contact_by_name(key)
        if envelope not in ("Invoices", "CreditNotes"):
            return None
        kind = "ACCREC" if envelope == "Invoices" else "ACCRECCREDIT"
        return next(iter(self.table(envelope).find("number", (kind, key.lower()))), None)

    def account(self, key: str) -> dict[str, str]:
        """Named by code or id; the organisation's first bank account if by nothing."""
        if not key:
            banks = [row for row in self.organisation.accounts if row["Type"] == "BANK" and row["Status"] == "ACTIVE"]
            if not banks:
                raise Impossible("there is no bank account")
            return {"AccountID": banks[0]["AccountID"]}
        return {"AccountID": key} if self.organisation.accounts.get(key.lower()) else {"Code": key}

    def contact(self, key: str) -> dict[str, str]:
        return {"ContactID": self.find(key, "Contacts")[1]["ContactID"]}


def key_of(table: Table, record: Record) -> str:
    return record[table.id_field]


def _without_blanks(element: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in element.items() if value not in (None, "")}


def _messages(refused: Refused) -> str:
    """What stands in an error of Xero's, in one line."""
    try:
        body = json.loads(refused.body)
    except ValueError:
        return refused.body
    rows = [error["Message"] for row in body.get("Elements", []) for error in row.get("ValidationErrors", [])]
    return " ".join(rows) or body.get("Message") or body.get("Detail") or refused.body
