"""What a document in Xero would be in Odoo: read for a document that is there, line by line, by the mapping read backwards."""

from decimal import Decimal
from typing import NamedTuple

from odoo import SUPERUSER_ID, models

from ...const import TEXT_LINES
from ...mapping import backwards
from ..amounts import exact_amount
from ..answers import CannotTake
from .snapshot import SALES, TYPES, _pairs

DIGITS = 2  # of quantities in Odoo
# what keys of lines say that Odoo has as one, or not as a line: a part by tracking, a piece of a long text, the cents
PART, PIECE, CENTS = ".", "+", "rounding"


class TheirLine(NamedTuple):
    """One line as Odoo would have it: ``line`` is the one that is there (empty for a new one), ``values`` what is another in Xero.

    ``net`` and ``tax`` are Xero's, in the document's currency and direction.
    """

    line: object
    values: dict
    net: Decimal
    tax: Decimal
    tax_ids: tuple


class Theirs(NamedTuple):
    """``head`` are values of the document that are others in Xero, ``gone`` lines that are not there any more."""

    head: dict
    lines: list
    gone: object
    total: Decimal
    rate: float | None

    @property
    def tax(self) -> Decimal:
        """What is not on a line: Xero's tax, and the cents that stand on a line of their own there."""
        return self.total - sum((each.net for each in self.lines), Decimal(0))


class XeroHandlerDocument(models.AbstractModel):
    _inherit = "xero.handler.document"

    def _as_runs_see(self, connection, move):
        """The handler, the connection and the document as runs see them: in another language a document has other texts."""
        own = self.with_user(SUPERUSER_ID).with_context({}).with_company(connection.company_id)
        return own, connection.with_env(own.env), move.with_env(own.env)

    def _theirs(self, connection, move, binding, remote):
        """What Xero has of a document, for Odoo.

        :raise CannotTake: something of it has no place here, or more than one
        """
        own, seen_connection, seen_move = self._as_runs_see(connection, move)
        expected = own._expected(seen_connection, seen_move).get(seen_move) if binding else None  # nothing was sent of one that is new
        # of a new document nothing is known that would speak for one of several accounts: Xero has the same for all of them
        told, table = remote.told, backwards.load(seen_connection, decides=not binding)
        if told.currency != move.currency_id.name:
            raise CannotTake(self.env._("Its currency was changed; a document of Odoo keeps its own."))
        owners = self._owners(move, binding, expected)
        before = {line.key: line for line in expected.lines} if expected else {}
        try:
            lines = [each for line in told.lines if (each := self._their_line(move, line, owners, before, table))]
        except backwards.Ambiguous as name:
            text = self.env._("Nothing here, or more than one thing, is mapped to “%s” of Xero.", name)
            raise CannotTake(text) from name
        kept = move.invoice_line_ids.browse(each.line.id for each in lines if each.line)
        gone = move.invoice_line_ids.filtered(lambda line: line.display_type == "product" or line.name) - kept
        rate = float(told.currency_rate) if told.currency_rate and move.currency_id != move.company_id.currency_id else None
        return Theirs(self._their_head(connection, move, told, expected), lines, gone, told.total, rate)

    def _owners(self, move, binding, expected):
        """``{id of Xero's line: Odoo's line, False if Odoo has none of its own for it}``, where one stands for one.

        Odoo has none for the cents, which are in its taxes, and for the rest of a long text; see ``settling`` and ``rounding``.

        :raise CannotTake: a line of Odoo is several in Xero, or Odoo makes it by itself
        """
        pairs = list(_pairs(binding.line_ids or [], expected.lines if expected else ()))
        if any(PART in key for key, _xero_id in pairs):
            raise CannotTake(self.env._("A line of it is several in Xero, by its tracking options."))
        own = {str(line.id): line for line in move.line_ids}
        if any(own[key].display_type not in ("product", *TEXT_LINES) for key, _xero_id in pairs if key in own):
            raise CannotTake(self.env._("Odoo makes a line of it by itself."))
        return {xero_id: own.get(key, False) for key, xero_id in pairs if key in own or key == CENTS or PIECE in key}

    # === HEAD === #

    def _their_head(self, connection, move, told, expected):
        values = {**self._their_names(move, told, expected), **self._their_partner(connection, move, told)}
        if told.date and told.date != self._date(move):
            values |= {"invoice_date": told.date, "date": told.date}
        if told.due_date and told.due_date != (move.invoice_date_due or self._date(move)):
            values |= {"invoice_payment_term_id": False, "invoice_date_due": told.due_date}
        return values

    def _their_names(self, move, told, expected):
        """Number and reference; what is a bill's number in Xero is the vendor's, and here its reference."""
        is_sale = self._is_numbered(move)
        said = "reference" if is_sale else "number"
        ours = getattr(expected, said) if expected else move.ref or ""
        values = {} if ours == getattr(told, said) else {"ref": getattr(told, said)}
        if is_sale and expected and told.number != expected.number:
            values["name"] = told.number
        return values

    def _their_partner(self, connection, move, told):
        """:raise CannotTake: nobody knows who that is"""
        contacts, _jobs = self.env["xero.handler.contact"]._known(connection, move.commercial_partner_id)
        own = contacts.get(move.commercial_partner_id.id)
        if own and own.xero_id == told.contact_id:
            return {}
        partner = self.env["xero.handler.contact"]._partner_of(connection, told.contact_id)
        if not partner:
            raise CannotTake(self.env._("Its contact in Xero is nobody who is known here."))
        return {"partner_id": partner.id}

    # === LINES === #

    def _their_line(self, move, line, owners, before, table):
        """One line; None for that of the cents, which Odoo has in its taxes."""
        own = owners.get(line.line_item_id)
        if own is False:
            return None
        own = own or move.invoice_line_ids.browse()
        if line.quantity is None:
            own = own or self._text_alike(move, line)
            return TheirLine(own, self._their_text(own, line, before), Decimal(0), Decimal(0), ())
        use = "sale" if TYPES[move.move_type] in SALES else "purchase"
        others = move.invoice_line_ids.filtered(lambda each: each.display_type == "product")
        account_id = table.account(line.account_code, [each.id for each in (own | others).account_id | move.journal_id.default_account_id])
        sets = [tuple(each.tax_ids.ids) for each in own | others]
        account_taxes = self.env["account.account"].browse(account_id).tax_ids if not own else self.env["account.tax"]
        tax_ids = table.tax_ids(line.tax_type, [*sets, tuple(account_taxes.ids)], use)
        values = {**self._their_text(own, line, before), **self._their_tracking(own, line, before, table)}
        if own.account_id.id != account_id:
            values["account_id"] = account_id
        if not own or set(own.tax_ids.ids) != set(tax_ids):
            values["tax_ids"] = [(6, 0, list(tax_ids))]
        values |= self._their_amount(move, own, line, tax_ids)
        return TheirLine(own, values, line.amount or Decimal(0), line.tax_amount or Decimal(0), tuple(tax_ids))

    def _text_alike(self, move, line):
        """The text between the lines that says the same: Xero gives it another id when a person edits the document."""
        texts = move.invoice_line_ids.filtered(lambda each: each.display_type in TEXT_LINES)
        return texts.filtered(lambda each: (each.name or "").strip() == line.description.strip())[:1]

    def _their_text(self, own, line, before):
        known = before.get(str(own.id)) if own else None
        same = (known.description if known else own.name or "").strip() == line.description.strip()
        values = {} if own and same else {"name": line.description}
        return {**values, **({} if own or line.quantity is not None else {"display_type": "line_note"})}

    def _their_tracking(self, own, line, before, table):
        known = before.get(str(own.id)) if own else None
        mine = {table.said(*ids) for ids in known.tracking} if known else set()
        theirs = {table.said(*ids, name) for ids, name in line.tags}
        return {} if mine == theirs else {"analytic_distribution": table.distribution(theirs)}

    def _their_amount(self, move, own, line, tax_ids):
        """Quantity, price and discount as they were typed in Xero, if Odoo comes to Xero's amount by them; else a price that does.

        Odoo keeps two decimals of a quantity and of a discount, and all of a price.
        """
        net, tax = line.amount or Decimal(0), line.tax_amount or Decimal(0)
        taxes = self.env["account.tax"].browse(tax_ids)
        is_gross = any(each.price_include for each in taxes)
        wanted = net + tax if is_gross else net
        typed = (line.quantity or Decimal(0), line.unit_amount or Decimal(0), line.discount_rate or Decimal(0))
        if own and exact_amount(move.direction_sign * own.amount_currency, move.currency_id) == net and _is_typed(own, typed):
            return {}
        quantity, price, discount = (float(each) for each in typed)
        amount = round(round(quantity, DIGITS) * price * (1 - round(discount, DIGITS) / 100), move.currency_id.decimal_places)
        if is_gross == line.includes_tax and exact_amount(amount, move.currency_id) == wanted:
            return {"quantity": round(quantity, DIGITS), "price_unit": price, "discount": round(discount, DIGITS)}
        quantity = round(quantity, DIGITS) or 1.0
        return {"quantity": quantity, "price_unit": float(wanted) / quantity, "discount": 0.0}


def _is_typed(own, typed):
    quantity, price, discount = typed
    pairs = ((own.quantity, quantity), (own.price_unit, price), (own.discount, discount))
    return all(abs(mine - float(theirs)) < 0.00005 for mine, theirs in pairs)
