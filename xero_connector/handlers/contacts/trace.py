"""What is remembered of a contact while it is on the wire. No Odoo."""

from dataclasses import dataclass

from ..trace import Trace


@dataclass(frozen=True)
class ContactTrace(Trace):
    """``number`` is our own key of it; the rest tells whether one of its name is the same.

    ``account_number`` is one that nobody else may have in Xero.
    """

    name: str = ""
    vat: str = ""
    email: str = ""
    account_number: str = ""
