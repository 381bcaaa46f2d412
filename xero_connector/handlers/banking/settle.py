from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

from ...const import QUIET
from .settle_lines import Match, Part, Sharing, bank_currency, counterpart, items_of, open_amount


class NotSettled(UserError):
    """Why a bank line stays as it is, in words."""


class XeroBankSettling(models.AbstractModel):
    """The one place that writes on a bank statement line: what its money was for, and taking that back.

    What it makes of the line's entry is what Odoo's own reconciliation makes: the suspense item gives way to a counterpart of each open
    item, matched with it, and to items on accounts with their tax. Xero is told by the bells that ring for every match.
    """

    _name = "xero.bank.settling"
    _description = "Xero: Settling Bank Lines"

    # === SETTLE === #

    def _settle(self, line, matches=(), parts=()):
        """Say what all of a bank line was for.

        :param matches: ``Match``, or ``(journal item, amount)``, of what is open: receivable, payable, outstanding, or on the transfer
            account; also the suspense item of another bank's line, which makes both of them a transfer
        :param parts: ``Part`` of what goes to accounts
        :raise NotSettled: it cannot be, in words; nothing was changed
        """
        line.ensure_one()
        matches = [Match(*match) for match in matches]
        items = self.env["account.move.line"].union(*(match.item for match in matches))
        self._lock(line, items)
        self._check_line(line)
        for match in matches:
            self._check_item(line, match.item)
        self._check_parts(line, parts)
        self._check_open_period(line | items.statement_line_id.filtered(self._is_unexplained), parts)
        with self.env.cr.savepoint():
            self._meet(line, items)
            self._fill(line, matches, list(parts))

    def _settle_chosen(self, line, chosen, rest):
        """What a person has put together: items with amounts, and values of a ``Part`` that goes to an account, if anything."""
        self._settle(line, chosen, [Part(**rest)] if rest else [])

    def _fill(self, line, matches, parts):
        sharing = Sharing(line)
        amounts = [match.amount if match.amount is not None else open_amount(match, sharing) for match in matches]
        self._check_amounts(line, matches, amounts, parts)
        counterparts = [counterpart(match, amount, sharing) for match, amount in zip(matches, amounts, strict=True)]
        values = [*counterparts, *(each for part in parts for each in items_of(part, sharing))]
        before = line.move_id.line_ids
        self._put_in_place(line, before - line._seek_for_lines()[0], values, self._partner_found(line, matches, parts))
        made = (line.move_id.line_ids - before).sorted("id")[: len(counterparts)]
        pairs = [own | match.item for own, match in zip(made, matches, strict=True)]
        self.env["account.move.line"].with_context(**QUIET)._reconcile_plan(pairs)
        if any(not own.reconciled for own in made):
            raise NotSettled(self.env._("Odoo would match another amount. Match it by hand in Odoo."))

    def _put_in_place(self, line, old, values, partner):
        """Put other items in the place of ``old`` ones of the line's entry."""
        commands = [*(Command.delete(each.id) for each in old), *(Command.create(each) for each in values)]
        if partner:
            commands.insert(0, Command.update(line._seek_for_lines()[0].id, {"partner_id": partner.id}))
            line.xero_partner_found = True
        line.move_id.with_context(force_delete=True, skip_readonly_check=True, **QUIET).write({"line_ids": commands})

    def _partner_found(self, line, matches, parts):
        """Whose money it is, if the bank did not say, and all that it was for says the same."""
        named = [match.item.partner_id for match in matches] + [part.partner for part in parts if part.partner]
        partners = self.env["res.partner"].union(*named)
        return partners if len(partners) == 1 and not line.partner_id else partners.browse()

    def _meet(self, line, items):
        """Let other banks' lines of which nobody has said anything meet this one on the transfer account."""
        for item in items:
            other = item.statement_line_id
            if self._is_unexplained(other) and item in other._seek_for_lines()[1]:
                item.account_id = self._transfer_account(line)
                other.xero_transfer_of_id = line

    def _transfer_account(self, line):
        account = line.company_id.sudo().transfer_account_id
        if not account:
            raise NotSettled(self.env._("The company has no account for transfers between its banks. Choose one in Odoo's settings."))
        return account.sudo(False)

    # === UNDO === #

    def _undo(self, line):
        """Take back what was said of a bank line; of a transfer also what was said of the other bank's line by that.

        A payment that it was matched with stands as before.

        :raise NotSettled: it cannot be, in words; nothing was changed
        """
        line.ensure_one()
        lines = line | line.xero_transfer_of_id | self.env[line._name].search([("xero_transfer_of_id", "=", line.id)])
        self._lock(lines, lines.move_id.line_ids)
        if self._is_unexplained(line):
            raise NotSettled(self.env._("This bank line is not matched."))
        self._check_open_period(lines)
        with self.env.cr.savepoint():
            lines.move_id.line_ids.with_context(**QUIET).remove_move_reconcile()
            for each in lines:
                self._clear(each)

    def _clear(self, line):
        if line.xero_partner_found:
            line._seek_for_lines()[0].with_context(skip_readonly_check=True).partner_id = False
            line.with_context(skip_account_move_synchronization=True).partner_id = False
        line.write({"xero_partner_found": False, "xero_transfer_of_id": False, "xero_booked_by": "person", "xero_rule_id": False})
        items = line.move_id.line_ids - line._seek_for_lines()[0]
        self._put_in_place(line, items, [line._prepare_move_line_default_vals()[1]], None)

    # === CHECKS === #

    def _lock(self, lines, items):
        """Two people, or a person and a rule, do not match the same at once."""
        for records in (lines, items):
            if records.try_lock_for_update(allow_referencing=True) != records:
                raise NotSettled(self.env._("Somebody else is matching this at this moment. Look again in a moment."))

    def _is_unexplained(self, line):
        return bool(line) and not line.is_reconciled and not line._seek_for_lines()[2]

    def _check_line(self, line):
        if line.move_id.state != "posted" or not line.amount:
            raise NotSettled(self.env._("This bank line is not posted, or says no amount."))
        if not self._is_unexplained(line):
            raise NotSettled(self.env._("This bank line is matched already. Undo that first to match it with something else."))
        if line.move_id.inalterable_hash:
            raise NotSettled(self.env._("The entry of this bank line is secured; it cannot be changed any more."))

    def _check_item(self, line, item):
        item.ensure_one()
        name = item.move_id.display_name
        if item.company_id not in self._companies(line):
            raise NotSettled(self.env._("%s belongs to another company.", name))
        unexplained = self._is_unexplained(item.statement_line_id)
        if item.parent_state != "posted" or item.move_id == line.move_id or (unexplained and item.journal_id == line.journal_id):
            raise NotSettled(self.env._("%s cannot be matched with this bank line.", name))
        if not unexplained and item.reconciled:
            raise NotSettled(self.env._("%s is settled already.", name))
        if not unexplained and not item.account_id.reconcile:
            raise NotSettled(self.env._("%s is on an account on which nothing is matched.", name))

    def _companies(self, line):
        return self.env["res.company"].sudo().search([("id", "child_of", line.company_id.id)])

    def _check_parts(self, line, parts):
        own = line._seek_for_lines()[0].account_id | line.journal_id.suspense_account_id
        for part in parts:
            if part.account in own:
                raise NotSettled(self.env._("%s is the bank's own account. Choose what the money was for.", part.account.display_name))
            if not line.company_id.sudo().parent_ids & part.account.sudo().company_ids:
                raise NotSettled(self.env._("%s is an account of another company.", part.account.display_name))

    def _check_open_period(self, lines, parts=()):
        has_tax = any(part.taxes for part in parts) or bool(lines.move_id.line_ids.tax_ids)
        for line in lines:
            if locks := line.move_id._get_violated_lock_dates(line.move_id.date, has_tax):
                raise NotSettled(
                    self.env._("Odoo's books are closed up to %(lock)s, and the bank line is of %(day)s. Open the period, then match it.",
                               lock=format_date(self.env, locks[-1][0]), day=format_date(self.env, line.move_id.date))
                )  # fmt: skip

    def _check_amounts(self, line, matches, amounts, parts):
        """Each takes no more than is open, and all of them together are the line, to the cent."""
        currency = bank_currency(line)
        for match, amount in zip(matches, amounts, strict=True):
            self._check_share(match, amount, currency)
        left = currency.round(line.amount - sum(amounts) - sum(part.amount for part in parts))
        if any(currency.is_zero(each) for each in [*amounts, *(part.amount for part in parts)]):
            raise NotSettled(self.env._("What a bank line is matched with needs an amount."))
        if not currency.is_zero(left):
            raise NotSettled(self.env._("Left: %s. A bank line is matched when nothing is left.", self._in_words(left, currency)))

    def _check_share(self, match, amount, currency):
        item = match.item
        wanted = amount if item.currency_id == currency else match.of_item
        if wanted is None:
            return  # the rate of the bank line says how much, and matching it fails if that is more than is open
        residual = item.amount_residual_currency
        if wanted * residual < 0 or item.currency_id.compare_amounts(abs(wanted), abs(residual)) > 0:
            raise NotSettled(
                self.env._("%(name)s has %(open)s open, so %(amount)s of it cannot be matched.",
                           name=item.move_id.display_name, open=self._in_words(residual, item.currency_id),
                           amount=self._in_words(wanted, item.currency_id))
            )  # fmt: skip

    def _in_words(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)
