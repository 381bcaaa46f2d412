from odoo import models

from ... import words
from ...const import GONE
from ...xero_core.resources import normal
from ..amounts import exact_amount
from ..reasons import Held, HeldBehind, NothingToDo, Wait

LINES_NAMED = 3  # of those that differ


class XeroHandlerDocument(models.AbstractModel):
    """What a document says here and what Xero holds: amounts and contact always, all else where Xero's content is not what we last saw."""

    _inherit = "xero.handler.document"

    def _says_otherwise(self, binding, remote):
        """Whether Xero's content is another than when both sides agreed: what was seen since, and differed, proves nothing."""
        if not remote or not remote.complete or remote.status in GONE:
            return False
        return binding.state == "drift" or binding.seen != self._seen(remote)

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

    def _differences(self, move, remote, contact, is_money_told):
        """What Xero has otherwise of amounts, contact and currency, in sentences.

        :param contact: the binding of its partner, if there is one
        :param bool is_money_told: whether what is open on it is expected to be the same
        """
        if remote is None:
            return [self.env._("Xero does not have it any more.")]
        if remote.status in GONE:
            return [self.env._("It was voided in Xero.")]
        currency = move.currency_id
        amounts = [
            (self.env._("Total is %(xero)s in Xero, %(odoo)s here."), remote.total, move.amount_total),
            (self.env._("Tax is %(xero)s in Xero, %(odoo)s here."), remote.total_tax, move.amount_tax),
        ]
        if is_money_told:
            amounts.append((self.env._("%(xero)s are open in Xero, %(odoo)s here."), remote.amount_due, move.amount_residual))
        found = [
            text % {"xero": currency.format(float(xero)), "odoo": currency.format(odoo)}
            for text, xero, odoo in amounts
            if xero != exact_amount(odoo, currency)
        ]
        if contact and contact.xero_id != remote.contact_id:
            found.append(self.env._("It is with another contact in Xero."))
        if remote.currency != currency.name:
            found.append(self.env._("Its currency is %s in Xero.", remote.currency))
        return found

    def _option_names(self, connection):
        """``{id: name}`` of the tracking options of the connection."""
        options_sudo = self.env["xero.tracking.option"].sudo().search([("connection_id", "=", connection.id)])
        return {option.xero_id: option.name for option in options_sudo}

    def _differences_said(self, ours, theirs, names):
        """What else two snapshots do not have in common, field by field.

        :param ours: what Xero would have if the document were sent as it is now
        :param dict names: of tracking options, by their ids
        """
        labels = {
            "number": self.env._("Number"),
            "date": self.env._("Date"),
            "due_date": self.env._("Due date"),
            "reference": self.env._("Reference"),
        }
        text = self.env._("%(field)s is %(xero)s in Xero, %(odoo)s here.")
        found = [
            text % {"field": label, "xero": self._shown(getattr(theirs, name)), "odoo": self._shown(getattr(ours, name))}
            for name, label in labels.items()
            if (getattr(ours, name) or "") != (getattr(theirs, name) or "")
        ]
        return found + self._lines_said(ours.lines, theirs.lines, names)

    def _shown(self, value):
        if not value:
            return self.env._("empty")
        return f"“{value}”" if isinstance(value, str) else words.day(self.env, value)

    def _lines_said(self, ours, theirs, names):
        if len(ours) != len(theirs):
            return [self.env._("Lines: %(xero)s in Xero, %(odoo)s here.", xero=len(theirs), odoo=len(ours))]
        labels = {
            "description": self.env._("text"),
            "quantity": self.env._("quantity"),
            "unit_amount": self.env._("price"),
            "discount_rate": self.env._("discount"),
            "account_code": self.env._("account"),
            "tax_type": self.env._("tax"),
            "tracking": self.env._("tracking"),
        }
        found = []
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
            fields = [labels[name] for name in normal.differing(one, other, names) if name in labels]
            if fields:
                found.append(self.env._("Line %(number)s is another in Xero: %(fields)s.", number=number, fields=", ".join(fields)))
        return found[:LINES_NAMED]
