"""What a bank transaction of Xero's is made of, as parts of one line of the bank: signed like it, with what of each is tax. No Odoo."""

from dataclasses import dataclass, replace
from decimal import Decimal

from ....xero_core.fingerprint import fingerprint
from ....xero_core.resources.lines import Line

ZERO = Decimal(0)


@dataclass(frozen=True)
class Piece:
    """One part: `amount` with tax, positive where the bank received it, `tax_amount` what of it is tax, exactly as Xero has it.

    `account`, `taxes`, `partner` and `analytic` are Odoo's, once they are known.
    """

    line: Line
    amount: Decimal
    tax_amount: Decimal = ZERO
    account: object = None
    taxes: object = None
    partner: object = None
    label: str = ""
    analytic: object = False

    def placed(self, **values):
        return replace(self, **values)


def pieces_of(transaction, is_out: bool) -> list[Piece]:
    """Its lines, without those that are only text or come to nothing; what Xero keeps is without tax, whatever the prices were."""
    sign, found = (-1 if is_out else 1), []
    for line in transaction.lines:
        net, tax = line.amount or ZERO, line.tax_amount or ZERO
        if line.quantity is not None and (net or tax):
            found.append(Piece(line, sign * (net + tax), sign * tax))
    return found


def content(told: dict) -> dict:
    """What makes a bank line another one; that the bank's statement was matched with it does not.

    :param told: as ``Told.as_json`` gives it
    """
    said = {name: value for name, value in (told.get("said") or {}).items() if name not in ("is_reconciled", "payee")}
    return {**told, "said": said}


def print_of(transaction) -> str:
    """Fingerprint of what money spent or received in Xero is: where, when, and what each of its lines books; '' if it has no lines.

    Whom it was paid to and what is written on it moves no money.
    """
    lines = sorted(
        (line.account_code, line.tax_type, str(line.amount or ZERO), str(line.tax_amount or ZERO))
        for line in transaction.lines
        if line.amount or line.tax_amount
    )
    about = {"kind": transaction.kind, "account": transaction.account_id, "day": str(transaction.date), "lines": lines}
    return fingerprint(about) if lines else ""
