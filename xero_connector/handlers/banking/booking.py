"""Bank lines that go straight to an account: by a person, by a rule unseen, and what can be learnt from both."""

import logging
from datetime import timedelta
from decimal import Decimal

import babel
from babel.dates import get_month_names

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import words
from ...const import DEBTS
from ...refusal import Refusal
from . import pattern
from .settle_lines import Part

_logger = logging.getLogger(__name__)

LEARNS_FROM = timedelta(days=366)
MOST = 20_000  # lines, the newest
BY_RULE, BY_PERSON = "rule", "person"


class XeroBankBooking(models.AbstractModel):
    """Books bank lines that nothing is open for.

    Entry points: ``_book`` (a person), ``_due`` and ``_book_by_rule`` (the scheduled action), ``_example`` (a condition made from a line),
    ``_learnt`` (what people always do).
    """

    _name = "xero.bank.booking"
    _description = "Xero: Booking Bank Lines"

    # === BOOK === #

    @api.model
    def _book(self, line, account, taxes, partner, label=""):
        """All of a bank line, tax included, to one account.

        :raise UserError: it cannot be, in words
        """
        part = Part(account=account, amount=line.amount, taxes=taxes, partner=partner, label=label or "")
        self.env["xero.bank.settling"]._settle(line, parts=[part])

    @api.model
    def _book_by_rule(self, line, rule):
        """As the rule says, without anybody being asked; said on the line's entry."""
        self._book(line, rule.account_id, rule.tax_ids, rule.partner_id, rule.label)
        line.write({"xero_booked_by": BY_RULE, "xero_rule_id": rule.id, "xero_rule_message": False})
        line.move_id._message_log(body=self.env._("Booked by the rule “%s”.", rule.name))

    @api.model
    def _book_as_suggested(self, line, candidate):
        """As a rule or a habit said when it was looked at last (a candidate of ``xero.bank.match``), if it says so still.

        :raise UserError: it cannot be, in words; a tax that is gone since must not become no tax
        """
        how = (candidate["account"], tuple(candidate["taxes"]), candidate["partner"] or 0)
        label = ""
        if candidate["reason"] == "rule":
            rule = self.env["xero.rule"]._first(line).get(line.id, self.env["xero.rule"])
            label, now = rule.label, (rule.account_id.id, tuple(rule.tax_ids.ids), rule.partner_id.id or 0)
            how = how if (rule.id, now) == (candidate["rule"], how) else None
        records = self._usable({how}).get(how) if how else None
        if not records:
            raise Refusal(self.env._("What was suggested has changed meanwhile. Look again."))
        self._book(line, *records, label)

    @api.model
    def _could_not(self, line, rule, error):
        """The line waits for a person, or until what is in the way is gone; said once."""
        if not isinstance(error, UserError):
            _logger.error("xero: rule %s could not book bank line %s", rule.id, line.id, exc_info=error)
        why = str(error) if isinstance(error, UserError) else self.env._("The server log has the details.")
        message = self.env._("The rule “%(rule)s” could not book it: %(why)s", rule=rule.name, why=why)
        if line.xero_rule_message != message and line.try_lock_for_update(allow_referencing=True):  # else somebody is at it
            line.xero_rule_message = message
            line.move_id._message_log(body=message)

    @api.model
    def _due(self, connection, seen=()):
        """``[(line, rule)]`` of the lines that wait and that the rules, as they are at this moment, book by themselves.

        Not those of which a person took back what was said, and those that were refused before come last.
        """
        rules = self.env["xero.rule"]._by_itself(connection, "bank")
        untouched = [("is_reconciled", "=", False), ("xero_booked_by", "=", False), ("id", "not in", list(seen))]
        ids = [line_id for rule in rules for line_id in rule._caught(untouched)]
        lines = self.env["account.bank.statement.line"].browse(ids).sorted(lambda line: (bool(line.xero_rule_message), line.id))
        first = self.env["xero.rule"]._first(lines)
        return [(line, first[line.id]) for line in lines if line.id in first and first[line.id] in rules]

    # === LEARN === #

    @api.model
    def _booked_as(self, line):
        """``(account, taxes, partner)`` that a line was booked to straight; ``None`` if it was matched, split, or waits."""
        items = line.move_id.line_ids - line._seek_for_lines()[0]
        base = items.filtered(lambda item: not item.tax_line_id)
        if not line.is_reconciled or len(base) != 1 or base.account_type in DEBTS or base.matching_number:
            return None
        return base.account_id, base.tax_ids, base.partner_id

    @api.model
    def _months(self):
        """Words of dates in the languages that are in use, as they may stand in a bank's text."""
        found = set(pattern.MONTHS)
        for code, _name in self.env["res.lang"].get_installed():
            try:
                locale = babel.Locale.parse(code, sep="_")
            except (ValueError, babel.UnknownLocaleError):
                continue
            for width in ("wide", "abbreviated"):
                found.update(name.strip(pattern.EDGES).casefold() for name in get_month_names(width, locale=locale).values())
        return frozenset(found)

    @api.model
    def _history(self, connection):
        """What became of the last year's bank lines: ``[(pattern.Line, how, whether a person did it, day)]``; one query.

        How: ``(account id, tax ids, partner id)``; ``None`` if it was matched, or split over several accounts.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.payment_ref, l.amount, l.currency_id, l.partner_id, l.account_number, m.date, l.xero_booked_by,
                          min(i.account_id), min(i.partner_id),
                          bool_or(a.account_type IN %(debts)s OR i.account_id = c.transfer_account_id OR i.matching_number IS NOT NULL),
                          array_agg(t.account_tax_id ORDER BY t.account_tax_id) FILTER (WHERE t.account_tax_id IS NOT NULL),
                          count(DISTINCT i.id)
                     FROM account_bank_statement_line l
                     JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
                     JOIN account_journal j ON j.id = l.journal_id
                     JOIN res_company c ON c.id = l.company_id
                     JOIN account_move_line i ON i.move_id = m.id AND i.account_id <> j.default_account_id AND i.tax_line_id IS NULL
                     JOIN account_account a ON a.id = i.account_id
                LEFT JOIN account_move_line_account_tax_rel t ON t.account_move_line_id = i.id
                    WHERE l.company_id = ANY(%(companies)s) AND l.is_reconciled AND m.date >= %(since)s
                 GROUP BY l.id, m.id ORDER BY m.date DESC, l.id DESC LIMIT %(most)s""",
                debts=DEBTS, companies=connection._companies().ids, since=fields.Date.context_today(self) - LEARNS_FROM, most=MOST,
            )
        )  # fmt: skip
        return [self._remembered(*row) for row in rows]

    def _remembered(self, text, amount, currency_id, partner_id, number, day, by, account_id, whose, is_matched, tax_ids, items):
        line = pattern.Line(text or "", amount, currency_id, partner_id or 0, number or "")
        how = None if is_matched or items != 1 else (account_id, tuple(tax_ids or ()), whose or 0)
        return line, how, by != BY_RULE, day

    @api.model
    def _example(self, line, account, taxes):
        """The condition that catches lines like this one, which is booked so; empty if nothing of it comes again."""
        connection = self.env["xero.connection"]._get_active(line.company_id)
        wanted = (account.id, tuple(sorted(taxes.ids)))
        known = [(each, how and how[:2]) for each, how, _person, _day in self._history(connection)]
        alike = [each for each, how in known if how == wanted]
        against = [each.text for each, how in known if how != wanted]
        return pattern.condition(self._as_line(line), alike, against, self._months())

    @api.model
    def _as_line(self, line):
        amount = Decimal(str(line.currency_id.round(line.amount)))
        return pattern.Line(line.payment_ref or "", amount, line.currency_id.id, line.partner_id.id or 0, line.account_number or "")

    @api.model
    def _learnt(self, lines):
        """``{line id: (account, taxes, partner, why)}``: what people booked so at least three times, and nobody ever otherwise.

        As many queries for many lines as for one. It is a suggestion: nothing is booked for it.
        """
        found, months = {}, self._months()
        for connection, mine in self._by_connection(lines):
            history = self._history(connection)
            always = pattern.habits(((self._pattern(line, months), how, person) for line, how, person, _day in history))
            last = {self._pattern(line, months): day for line, _how, _person, day in reversed(history)}
            known = {line.id: self._pattern(self._as_line(line), months) for line in mine}
            hows = self._usable({always[each] for each in known.values() if each in always and each[0]})
            for line_id, key in known.items():
                if records := hows.get(always.get(key)):
                    why = self.env._("Booked so every time before, last on %s.", words.day(self.env, last[key]))
                    found[line_id] = (*records, why)
        return found

    def _by_connection(self, lines):
        """``(connection, lines)`` of the lines of companies that have one."""
        found = {}
        for company_sudo, mine in lines.sudo().grouped("company_id").items():
            if connection_sudo := self.env["xero.connection"]._get_active(company_sudo):
                found[connection_sudo] = found.get(connection_sudo, mine.browse()) | mine
        return [(connection_sudo, mine.sudo(lines.env.su)) for connection_sudo, mine in found.items()]

    @staticmethod
    def _pattern(line, months):
        return pattern.key(line.text, months), line.amount < 0, line.currency_id

    def _usable(self, hows):
        """``{how: (account, taxes, partner)}`` of those of which all is still in use."""
        models_ = [self.env[name].with_context(active_test=False) for name in ("account.account", "account.tax", "res.partner")]
        ids = [(how, ((how[0],), how[1], tuple(filter(None, how[2:])))) for how in hows]
        alive = [set(model.browse({each for _how, parts in ids for each in parts[number]}).exists().filtered("active").ids)
                 for number, model in enumerate(models_)]  # fmt: skip
        return {
            how: tuple(model.browse(parts[number]) for number, model in enumerate(models_))
            for how, parts in ids
            if all(set(parts[number]) <= alive[number] for number in range(3))
        }
