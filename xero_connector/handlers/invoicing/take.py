"""What Xero has of a document is brought to Odoo: as it was decided, to the cent, and without anything being sent back."""

from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..amounts import exact_amount
from ..answers import CannotTake
from ..reasons import Held, HeldBehind, NothingToDo, Wait

# what the document would be that takes off what is too much, or adds what is missing
OTHER_SIDE = {
    "out_invoice": "out_refund",
    "out_receipt": "out_refund",
    "out_refund": "out_invoice",
    "in_invoice": "in_refund",
    "in_receipt": "in_refund",
    "in_refund": "in_invoice",
}


class XeroHandlerDocument(models.AbstractModel):
    _inherit = "xero.handler.document"

    def _take_theirs(self, connection, drift, remote, deed):
        """Do what was decided; returns the sentence about it.

        :raise CannotTake: Odoo does not come to what Xero has; nothing was changed then
        """
        move = self.env[self._res_model].browse(drift.res_id)
        move = move.with_company(move.company_id)
        try:
            with self.env.cr.savepoint():
                said = getattr(self, f"_do_{deed}")(connection, move, drift.binding_id.sudo(), remote)
        except (UserError, ValidationError) as refusal:
            raise CannotTake(str(refusal)) from refusal
        except UniqueViolation as clash:
            raise CannotTake(self.env._("Another document has the number %s here.", remote.number)) from clash
        self._note({move.id: said})
        return said

    # === THE DOCUMENT ITSELF === #

    def _do_in_place(self, connection, move, binding, remote):
        """What people change on posted documents, too."""
        theirs = self._theirs(connection, move, binding, remote)
        for each in theirs.lines:
            if each.values:
                each.line.write(each.values)
        if theirs.head:
            self._write_words(move, theirs.head)
        self._check_and_remember(connection, move, binding, remote)
        return self.env._("Taken from Xero.")

    def _write_words(self, move, head):
        """On a posted document; of a payment term in one part the day of its journal item says when it is due."""
        head = {name: value for name, value in head.items() if name != "invoice_payment_term_id"}
        terms = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        if "invoice_date_due" in head and len(terms) > 1:
            raise CannotTake(self.env._("It is due in several parts here."))
        move.write(head)
        if "invoice_date_due" in head and terms.date_maturity != head["invoice_date_due"]:
            terms.date_maturity = head["invoice_date_due"]

    def _do_again(self, connection, move, binding, remote):
        """Set to draft, changed, and posted again under the same number; what was matched with it is again."""
        theirs = self._theirs(connection, move, binding, remote)
        number, matches = move.name, self._others_matched(move)
        move.with_context(skip_invoice_sync=True).button_draft()
        self._write_theirs(move, theirs)
        move._post(soft=False)
        if move.name != theirs.head.get("name", number):
            raise CannotTake(self.env._("Odoo would give it another number, %s.", move.name))
        self._match_again(move, matches)
        self._check_and_remember(connection, move, binding, remote)
        return self.env._("Taken from Xero: it was set to draft, changed and posted again.")

    def _write_theirs(self, move, theirs):
        """The values of a draft; what Odoo computes anew of others is given last."""
        last = {name: value for name, value in theirs.head.items() if name in ("invoice_date_due", "name")}
        move.write({name: value for name, value in theirs.head.items() if name not in last})
        commands = [(1, each.line.id, each.values) if each.line else (0, 0, each.values) for each in theirs.lines if each.values]
        move.write({"invoice_line_ids": commands + [(2, line.id) for line in theirs.gone]})
        move.write(last)
        if theirs.rate and abs(theirs.rate - move.invoice_currency_rate) > theirs.rate * 1e-6:
            move.invoice_currency_rate = theirs.rate
        self._force_tax(move, theirs)

    # === TAXES TO THE CENT === #

    def _force_tax(self, move, theirs):
        """Xero's tax on the tax lines: of each tax where each line has one, else of all together, on the largest.

        :raise CannotTake: there is no line that could have it
        """
        wanted = {}
        for each in theirs.lines:
            taxes = self.env["account.tax"].browse(each.tax_ids).flatten_taxes_hierarchy()
            wanted.setdefault(tuple(taxes.ids), []).append(each.tax)
        lines = move.line_ids.filtered(lambda line: line.display_type == "tax")
        is_plain = all(len(ids) <= 1 for ids in wanted) and sum(sum(each, Decimal(0)) for each in wanted.values()) == theirs.tax
        if is_plain:
            for ids, amounts in wanted.items():
                self._force(move, lines.filtered(lambda line, ids=ids: line.tax_line_id.id in ids), sum(amounts, Decimal(0)))
        else:
            self._force(move, lines, theirs.tax)

    def _force(self, move, lines, wanted):
        has = sum((exact_amount(move.direction_sign * line.amount_currency, move.currency_id) for line in lines), Decimal(0))
        if has == wanted:
            return
        if not lines:
            raise CannotTake(self.env._("Xero has a tax of %s where Odoo has none.", wanted))
        largest = max(lines, key=lambda line: abs(line.amount_currency))
        amount = largest.amount_currency + move.direction_sign * float(wanted - has)
        move.write({"line_ids": [(1, largest.id, {"amount_currency": move.currency_id.round(amount)})]})

    # === WHAT IS MATCHED WITH IT === #

    def _others_matched(self, move):
        """The journal items that the document's debt is matched with, the oldest match first."""
        found = self._matched(move)
        return (found.debit_move_id | found.credit_move_id).filtered(lambda line: line.move_id != move)

    def _match_again(self, move, others):
        """What a change of the debt has taken apart is put together again, as far as there is something left of both."""
        for line in others:
            terms = move.line_ids.filtered(lambda each: each.display_type == "payment_term" and not each.reconciled)
            if terms and not line.reconciled and line not in self._others_matched(move):
                (terms[:1] | line).reconcile()

    # === CANCELLED, REVERSED === #

    def _do_cancel(self, connection, move, binding, remote):
        """Payments are unmatched first; they stay in Odoo."""
        self._remember_gone(binding, remote)
        move.line_ids.remove_move_reconcile()
        move.with_context(skip_invoice_sync=True).button_cancel()
        return self.env._("Cancelled, as it was voided in Xero.")

    def _do_reverse(self, connection, move, binding, remote):
        """What it has booked is taken back in the open period; Xero has neither of the two."""
        self._remember_gone(binding, remote)
        move.line_ids.remove_move_reconcile()
        day = self._open_day(move)
        reversal = move._reverse_moves([{"date": day, "invoice_date": day, "invoice_date_due": day, "ref": move.name}], cancel=True)
        if reversal.state != "posted":
            reversal._post(soft=False)
        if exact_amount(reversal.amount_total, move.currency_id) != exact_amount(move.amount_total, move.currency_id):
            raise CannotTake(self.env._("Odoo would reverse it with another amount."))
        text = self.env._("%(document)s was voided in Xero, and %(other)s takes it back here.", document=move.name, other=reversal.name)
        self._keep_out(connection, move | reversal, text)
        return text

    def _remember_gone(self, binding, remote):
        binding.write({"xero_status": remote.status if remote else "DELETED", "state": "synced", "message": False, "accepted": False})

    # === CORRECTED IN THE OPEN PERIOD === #

    def _do_correct(self, connection, move, binding, remote):
        """The difference, account by account, as a document of its own that stays out of Xero: there it is in the document already."""
        theirs = self._theirs(connection, move, binding, remote)
        day, amount = self._open_day(move), theirs.total - exact_amount(move.amount_total, move.currency_id)
        sign = -1 if amount < 0 else 1
        values = {
            "move_type": OTHER_SIDE[move.move_type] if amount < 0 else move.move_type,
            **{name: move[name].id for name in ("partner_id", "journal_id", "currency_id", "company_id")},
            **{"invoice_date": day, "date": day, "invoice_date_due": day, "ref": move.name, "invoice_user_id": False},
            "invoice_line_ids": [(0, 0, line) for line in self._correcting_lines(move, theirs, sign)],
        }
        other = self.env["account.move"].create(values)
        tax = theirs.tax - exact_amount(move.amount_tax, move.currency_id)
        self._force(other, other.line_ids.filtered(lambda line: line.display_type == "tax"), sign * tax)
        other._post(soft=False)
        if exact_amount(other.amount_total, move.currency_id) != abs(amount):
            raise CannotTake(self.env._("Odoo would make it %s.", move.currency_id.format(other.amount_total)))
        text = self.env._("%(other)s corrects %(document)s to what Xero has.", other=other.name, document=move.name)
        self._keep_out(connection, other, text)
        if amount < 0:
            self._match_again(move, other.line_ids.filtered(lambda line: line.display_type == "payment_term"))
        binding.write({"state": "accepted", "message": text, "xero_due": float(remote.amount_due)})
        binding.accepted = self._as_accepted(binding, move, self._seen(remote))
        self._note_seen(binding, remote)
        return text

    def _correcting_lines(self, move, theirs, sign):
        """What Xero has more (or less, with ``sign`` -1) on each account, with the same taxes and analytic accounts."""
        net = {}
        for line in move.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            amount = exact_amount(move.direction_sign * line.amount_currency, move.currency_id)
            self._add(net, line, {}, tuple(line.tax_ids.ids), -amount)
        for each in theirs.lines:
            if each.net or each.values.get("account_id") or each.line:
                self._add(net, each.line, each.values, each.tax_ids, each.net)
        lines = []
        for (account_id, tax_ids, distribution), amount in net.items():
            if amount:
                taxes = self.env["account.tax"].browse(tax_ids).with_context(force_price_include=False)
                price = float(sign * amount)
                if any(tax.price_include for tax in taxes):
                    price = taxes.compute_all(price, move.currency_id)["total_included"]
                name = self.env._("Correction of %s", move.name)
                values = {"name": name, "quantity": 1, "price_unit": price, "account_id": account_id, "tax_ids": [(6, 0, list(tax_ids))]}
                lines.append({**values, "analytic_distribution": dict(distribution) or False})
        return lines

    def _add(self, net, line, values, tax_ids, amount):
        distribution = values.get("analytic_distribution", (line and line.analytic_distribution) or {}) or {}
        key = (values.get("account_id", line and line.account_id.id), tuple(sorted(tax_ids)), tuple(sorted(distribution.items())))
        net[key] = net.get(key, Decimal(0)) + amount

    # === NOTHING IS SENT BACK === #

    def _left(self, binding, move):
        """What is here counts as sent, until it is changed here; of what could not be sent, what is wrong is said by itself."""
        if binding.origin == "xero" and not binding.follows_odoo:
            binding.sent = self._as_it_came(move)
            return
        own, seen_connection, seen_move = self._as_runs_see(binding.connection_id, move)
        try:
            document, _correction = own._settled(seen_move, own._read_moves(seen_connection, move.ids))
        except (Held, HeldBehind, NothingToDo, Wait):
            return
        binding.sent = self._digest(self._resource.to_xero(document))

    def _keep_out(self, connection, moves, reason):
        """Documents that Xero is not to have: what they say is there, or gone, already."""
        for handler in self.env["xero.handler.document"]._all():
            if mine := moves.filtered(lambda move, kinds=handler._moves: move.move_type in kinds):
                handler._leave_out(connection, mine, reason)

    def _check_and_remember(self, connection, move, binding, remote):
        """What Odoo has now is what Xero has, and counts as sent.

        :raise CannotTake: Odoo has come to something else
        """
        contacts, _jobs = self.env["xero.handler.contact"]._known(connection, move.commercial_partner_id)
        left = self._differences(move, remote, contacts.get(move.commercial_partner_id.id), False)
        if binding.correction == "rounding_line":
            left = [side for side in left if side.name != "total_tax"]
        if left:
            raise CannotTake(self.env._("Odoo would not come to what Xero has. %s", " ".join(side.text for side in left)))
        if binding.origin == "xero" and not binding.follows_odoo:
            self._remember_as_it_came(connection, move, binding, remote)
            return
        own, seen_connection, seen_move = self._as_runs_see(connection, move)
        reading = own._read_moves(seen_connection, move.ids)
        document, _correction = own._settled(seen_move, reading)
        plain = self._resource.to_xero(document)
        trace = own._described(seen_move, document, plain, reading)
        binding.write(
            {**self._remembered(remote, trace), "sent": self._digest(plain), "state": "synced", "message": False, "accepted": False}
        )
        self._note_seen(binding, remote)
