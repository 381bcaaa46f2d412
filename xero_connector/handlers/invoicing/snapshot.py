from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import models

from ...xero_core.resources.invoices import Invoice
from .. import mark
from ..amounts import exact_amount
from ..reading import Reading
from ..reasons import Held

# Xero's types; on the sales side Xero keeps numbers unique
TYPES = {
    "out_invoice": "ACCREC",
    "out_receipt": "ACCREC",
    "in_invoice": "ACCPAY",
    "in_receipt": "ACCPAY",
    "out_refund": "ACCRECCREDIT",
    "in_refund": "ACCPAYCREDIT",
}
RATE_TOLERANCE = 0.0001  # what the six decimals that Xero keeps of a rate may differ from it, as a share
SALES = ("ACCREC", "ACCRECCREDIT")
APPROVED = ("AUTHORISED", "PAID")


@dataclass
class DocumentReading(Reading):
    """Of documents (``moves`` by id): their contacts and the open jobs that bring these, by partner; what their lines name (``details``).

    ``others`` are Xero ids, by number, of documents of the purchase side that are known to be others; ``numbers`` says which document has
    a number in Xero, ``own_numbers`` how a document is called there instead of by its own. ``settled`` is what entries have taken off.
    ``proposed`` names what people have made in Xero that looks like a document, and nobody has said yet whether it is. ``money`` has what
    stands against a document there, by its Xero id, ``money_jobs`` the open job about each of that. About ``asked`` (bindings) a person has
    to say whose side is right.
    """

    table: object
    cents: object
    moves: dict
    contacts: dict
    contact_jobs: dict
    others: dict
    numbers: dict
    own_numbers: dict
    details: object
    base_url: str
    settled: dict
    proposed: dict
    money: dict
    money_jobs: dict
    asked: object


class XeroHandlerInvoiceSnapshot(models.AbstractModel):
    """The first half of a document's way: may it go, and the frozen copy of what Odoo's books say."""

    _name = "xero.handler.invoice.snapshot"
    _inherit = "xero.handler.invoice.totals"
    _description = "Xero Handler: Invoice Snapshot"

    # === CHECKS BEFORE SENDING === #

    def _check_ready(self, move, reading):
        """Causes known beforehand that hold the document back.

        :raise Held, HeldBehind, Wait: naming the cause
        """
        connection, binding = reading.connection, reading.bindings.get(move.id)
        self._check_confirmed(connection)
        if not binding or not binding.is_there:
            self._check_lock_date(self._date(move), connection)
        self._check_currency(move.currency_id, reading.table)
        self._check_contact(move.commercial_partner_id, reading)
        if not binding or binding.xero_status not in APPROVED:
            self._check_approval(TYPES[move.move_type], connection[f"{self._kind}_approval"].upper(), connection)

    def _check_locked_change(self, move, binding, day, connection):
        """:raise Held: figures of a closed period would change, where the document stands or where it would go"""
        lock = connection._last_locked_day()
        if lock and min(binding.date or day, day) <= lock:
            raise self._held_locked_change(move.id, move.name, lock)

    def _held_locked_change(self, move_id, name, lock, details=()):
        return Held(
            "lock_date",
            self.env._("Xero is locked up to %(day)s; %(document)s cannot be changed there.", day=self._day_in_words(lock), document=name),
            key=f"account.move,{move_id}",
            help=self.env._(
                "Undo the change in Odoo and enter a credit note and a new document in the open period; "
                "or have the lock date moved in Xero, then read again from Xero."
            ),
            details=details,
            record=("account.move", move_id),
        )

    def _check_locked_removal(self, binding, connection):
        """:raise Held: the document stands in a closed period, whose figures stay as they are"""
        lock = connection._last_locked_day()
        if lock and binding.date and binding.date <= lock:
            move = self.env["account.move"].browse(binding.res_id).exists()
            raise self._held_locked_removal(move, binding.number, lock)

    def _held_locked_removal(self, move, number, lock):
        return Held(
            "lock_date",
            self.env._("Xero is locked up to %(day)s; %(document)s cannot be voided there.", day=self._day_in_words(lock), document=number),
            key=f"account.move,{move.id}" if move else f"{number}/{lock}",
            help=self.env._(
                "Restore the document in Odoo and make a credit note in the open period; or have the lock date moved in Xero, "
                "then read again from Xero."
            )
            if move
            else self.env._("Enter a credit note in Xero by hand and leave this one out; or have the lock date moved, then press Retry."),
            record=("account.move", move.id) if move else (False, False),
        )

    # === SNAPSHOT === #

    def _snapshot(self, move, reading):
        """The document as Odoo's books have it, without Odoo.

        :rtype: Invoice
        """
        connection, kind = reading.connection, TYPES[move.move_type]
        status = connection[f"{self._kind}_approval"].upper()
        return Invoice(
            kind=kind,
            number=self._number_in_xero(move, reading),
            contact_id=reading.contacts[move.commercial_partner_id.id].xero_id,
            date=self._date(move),
            due_date=move.invoice_date_due or self._date(move),
            currency=move.currency_id.name,
            currency_rate=self._currency_rate(move),
            lines=self._detailed(self._lines(move, reading.table), move, reading.details),
            total=exact_amount(move.amount_total, move.currency_id),
            total_tax=exact_amount(move.amount_tax, move.currency_id),
            reference=(move.ref or move.payment_reference or "")[:255],
            status=status,
            url=mark.link(move, reading.base_url),
            branding_theme_id=connection.branding_theme_id.xero_id or "",
            sent=kind == "ACCREC" and status == "AUTHORISED" and connection.mark_sent and move.is_move_sent,
        )

    def _number(self, move):
        """Our own number; what a vendor gave a document is its number on the purchase side, which Xero shows as its reference."""
        return move.name if TYPES[move.move_type] in SALES else move.ref or move.name

    def _date(self, move):
        """The document's own date, unless the books have it in another month (late bills, locked periods): Xero knows one date only."""
        own, booked = move.invoice_date or move.date, move.date
        return own if (own.year, own.month) == (booked.year, booked.month) else booked

    def _with_xero_ids(self, invoice, binding):
        """The same document with its own and its lines' ids in Xero, so that lines are changed and not replaced."""
        ids = {}
        for key, line_id in _pairs(binding.line_ids or [], invoice.lines):
            ids.setdefault(key, []).append(line_id)
        lines = (replace(line, line_item_id=ids[line.key].pop(0)) if ids.get(line.key) else line for line in invoice.lines)
        return replace(invoice, xero_id=binding.xero_id, lines=tuple(lines))

    def _currency_rate(self, move):
        """Units of the document's currency per unit of the company's, as Odoo used it; None in the company's own currency."""
        if move.currency_id == move.company_id.currency_id:
            return None
        rate = Decimal(str(round(move.invoice_currency_rate, 6)))
        if abs(float(rate) - move.invoice_currency_rate) > move.invoice_currency_rate * RATE_TOLERANCE:
            raise Held(
                "totals_differ",
                self.env._(
                    "%(number)s: Xero keeps six decimals of the exchange rate, too few for %(rate)s; its books would differ.",
                    number=move.name, rate=f"{move.invoice_currency_rate:.10f}",
                ),
                key=f"account.move,{move.id}",
                help=self.env._("Enter this document in Xero by hand, or ignore it here."),
                record=("account.move", move.id),
            )  # fmt: skip
        return rate


def _pairs(remembered, lines):
    """``(key of our line, id of Xero's)`` of what a binding remembers; one that remembers ids alone goes by position."""
    if remembered and isinstance(remembered[0], str):
        return zip((line.key for line in lines), remembered, strict=True) if len(remembered) == len(lines) else ()
    return remembered
