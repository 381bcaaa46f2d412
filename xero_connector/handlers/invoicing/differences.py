from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ... import words
from ...const import GONE
from ...xero_core.resources import normal
from ..amounts import exact_amount
from ..drift import AMOUNTS, MONEY, Side
from ..reasons import Held, HeldBehind, NothingToDo, Wait

LINES_NAMED = 3  # of those that differ
HEAD = ("number", "date", "due_date", "reference")
SHOWN_ANYWAY = ("total", "date", "due_date", "reference")  # beside what differs, also where both say the same


class Names(NamedTuple):
    """What people know as what snapshots name: of tracking options by their ids, accounts by code, rates by type."""

    options: dict
    accounts: dict
    rates: dict


class XeroHandlerDocument(models.AbstractModel):
    """What a document says here and what Xero holds: amounts and contact always, all else where Xero's content is not what we last saw."""

    _inherit = "xero.handler.document"

    def _says_otherwise(self, binding, remote):
        """Whether Xero's content is another than when both sides agreed: what was seen since, and differed, proves nothing."""
        if not remote or not remote.complete or remote.status in GONE:
            return False
        return binding.state in ("drift", "accepted") or binding.seen != self._seen(remote)

    def _expected(self, connection, moves):
        """``{document: snapshot}`` of what Xero would have if these were sent as they are now; without those that could not be."""
        expected, reading = {}, self._read_moves(connection, moves.ids) if moves else None
        for move in moves:
            try:
                document, _correction = self._settled(move, reading)
            except (Held, HeldBehind, NothingToDo, Wait):
                continue  # what stands in its way is said by itself
            expected[move] = self._resource.from_xero(self._resource.to_xero(document)).told
        return expected

    # === HEAD === #

    def _differences(self, move, remote, contact, is_money_told):
        """What Xero has otherwise of amounts, contact and currency; a list of ``Side``.

        :param contact: the binding of its partner, if there is one
        :param bool is_money_told: whether what is open on it is expected to be the same
        """
        if remote is None or remote.status in GONE:
            return [self._gone_there(remote)]
        currency = move.currency_id
        amounts = [
            ("total", self.env._("Total is %(xero)s in Xero, %(odoo)s here."), remote.total, move.amount_total),
            ("total_tax", self.env._("Tax is %(xero)s in Xero, %(odoo)s here."), remote.total_tax, move.amount_tax),
        ]
        if is_money_told:
            amounts.append((MONEY, self.env._("%(xero)s are open in Xero, %(odoo)s here."), remote.amount_due, move.amount_residual))
        found = []
        for name, text, theirs, ours in amounts:
            if theirs != exact_amount(ours, currency):
                odoo, xero = currency.format(ours), currency.format(float(theirs))
                found.append(Side(name, odoo, xero, text % {"xero": xero, "odoo": odoo}))
        return found + self._other_party(move, remote, contact)

    def _gone_there(self, remote):
        posted = self.env._("Posted")
        if remote is None:
            return Side("status", posted, self.env._("Not there"), self.env._("Xero does not have it any more."))
        return Side("status", posted, self.env._(words.DOCUMENT["voided"].label), self.env._("It was voided in Xero."))

    def _other_party(self, move, remote, contact):
        found = []
        if contact and contact.xero_id != remote.contact_id:
            theirs = self.env["xero.handler.contact"]._partner_of(contact.connection_id, remote.contact_id).display_name or self.env._(
                "another contact"
            )
            text = self.env._("It is with another contact in Xero.")
            found.append(Side("partner", move.commercial_partner_id.display_name, theirs, text))
        if remote.currency != move.currency_id.name:
            text = self.env._("Its currency is %s in Xero.", remote.currency)
            found.append(Side("currency", move.currency_id.name, remote.currency, text))
        return found

    # === FIELD BY FIELD === #

    def _names(self, connection):
        """:rtype: Names"""
        own = [("connection_id", "=", connection.id)]
        options_sudo, accounts_sudo, rates_sudo = (
            self.env[model].sudo().with_context(active_test=False).search(own)
            for model in ("xero.tracking.option", "xero.account", "xero.tax.rate")
        )
        return Names(
            {option.xero_id: option.name for option in options_sudo},
            {account.code: f"{account.code} {account.name}" for account in accounts_sudo if account.code},
            {rate.tax_type: rate.name for rate in rates_sudo},
        )

    def _differences_said(self, ours, theirs, names):
        """What else two snapshots do not have in common, field by field.

        :param ours: what Xero would have if the document were sent as it is now
        """
        labels = {
            "number": self.env._("Number"),
            "date": self.env._("Date"),
            "due_date": self.env._("Due date"),
            "reference": self.env._("Reference"),
        }
        text = self.env._("%(field)s is %(xero)s in Xero, %(odoo)s here.")
        found = []
        for name in HEAD:
            odoo, xero = (self._shown(getattr(each, name)) for each in (ours, theirs))
            if (getattr(ours, name) or "") != (getattr(theirs, name) or ""):
                found.append(Side(name, odoo, xero, text % {"field": labels[name], "xero": xero, "odoo": odoo}))
        return found + self._lines_said(ours.lines, theirs.lines, names)

    def _shown(self, value):
        if not value:
            return self.env._("empty")
        return f"“{value}”" if isinstance(value, str) else words.day(self.env, value)

    def _lines_said(self, ours, theirs, names):
        if len(ours) != len(theirs):
            text = self.env._("Lines: %(xero)s in Xero, %(odoo)s here.", xero=len(theirs), odoo=len(ours))
            return [Side("lines", str(len(ours)), str(len(theirs)), text)]
        labels = {
            "description": self.env._("text"),
            "quantity": self.env._("quantity"),
            "unit_amount": self.env._("price"),
            "discount_rate": self.env._("discount"),
            "account_code": self.env._("account"),
            "tax_type": self.env._("tax"),
            "tracking": self.env._("tracking"),
        }
        found, told = [], 0
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
            fields = [name for name in normal.differing(one, other, names.options) if name in labels]
            if fields:
                said = ", ".join(labels[name] for name in fields)
                texts = (
                    [self.env._("Line %(number)s is another in Xero: %(fields)s.", number=number, fields=said)]
                    if told < LINES_NAMED
                    else []
                )
                told += 1
                found += self._line_sides(number, fields, one, other, names, texts)
        return found

    def _line_sides(self, number, fields, one, other, names, texts):
        """One side for each field of a line; the first has the sentence about all of them."""
        texts = texts + [""] * len(fields)
        return [
            Side(name, self._in_words(name, getattr(one, name), names), self._in_words(name, _of_line(other, name), names), text, number)
            for name, text in zip(fields, texts, strict=False)
        ]

    def _in_words(self, name, value, names):
        """The value of a field of a line, of a snapshot or of what is kept of one, as people read it."""
        if name in ("quantity", "unit_amount", "discount_rate"):
            return f"{Decimal(str(value or 0)).normalize() + 0:f}"
        if name == "tracking":
            return ", ".join(filter(None, (names.options.get(option, option) for _category, option in value or ()))) or self._shown("")
        known = {"account_code": names.accounts, "tax_type": names.rates}.get(name, {})
        return known.get(value, value) or self._shown("")

    # === WHAT BOTH HAD === #

    def _with_agreed(self, sides, move, ours, theirs, agreed, names):
        """These sides, and some that are the same, with what was last known to be on both.

        :param dict agreed: what Xero had answered when both said the same, as it is kept (``xero.version``); {} if it is not
        """
        known = {side.name for side in sides}
        if ours and theirs:
            sides = sides + [
                Side(name, text, text, differs=False)
                for name in SHOWN_ANYWAY
                if name not in known and (text := self._head_in_words(name, getattr(theirs, name), move.currency_id))
            ]
        return [side._replace(agreed=self._agreed(side, agreed, names, move.currency_id)) for side in sides]

    def _changed_there(self, connection, moves, bindings, remotes):
        """Those of these, which wait to be sent, of which Xero says otherwise than both last had.

        After a backup came back, nobody knows what both last had.
        """
        moves = moves.filtered(lambda move: self._says_otherwise(bindings[move.id], remotes[bindings[move.id].xero_id]))
        if not moves or connection.restored_from:
            return moves.browse()
        agreed = self.env["xero.version"].sudo()._last_answers([bindings[move.id].id for move in moves])
        expected, names = self._expected(connection, moves), self._names(connection)
        changed = moves.browse()
        for move, ours in expected.items():
            remote, before = remotes[bindings[move.id].xero_id], agreed.get(bindings[move.id].id, {})
            sides = self._differences(move, remote, None, False) + self._differences_said(ours, remote.told, names)
            told = self._with_agreed(sides, move, None, None, before, names)
            if any(side.agreed and side.agreed != side.xero for side in told):
                changed |= move
        return changed

    def _agreed(self, side, agreed, names, currency):
        if side.line:
            lines = agreed.get("lines") or []
            line = lines[side.line - 1] if side.line <= len(lines) else {}
            return self._in_words(side.name, line[side.name], names) if side.name in line else ""
        if side.name == "lines":
            return str(len(agreed["lines"])) if agreed.get("lines") else ""
        if side.name not in (*AMOUNTS, *HEAD) or side.name not in agreed:
            return ""
        return self._head_in_words(side.name, agreed[side.name], currency)

    def _head_in_words(self, name, value, currency):
        """A field of the head, of a snapshot or of what is kept of one."""
        if name in AMOUNTS:
            return currency.format(float(value or 0))
        return self._shown(date.fromisoformat(value) if value and isinstance(value, str) and name.endswith("date") else value)


def _of_line(line, name):
    """The options by their names where Xero's list tells no ids."""
    value = getattr(line, name)
    return tuple((category, option or known) for (category, option), known in line.tags) if name == "tracking" else value
