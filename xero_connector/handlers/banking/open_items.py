"""What is read for suggestions: lines that wait, all that is open, what became of earlier lines; a query each, however many rows."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...const import DEBTS
from .matching import matcher
from .matching.facts import CREDIT, DOCUMENT, LIKELY, NONE, PAYMENT, SURE, TRANSFER, Line, OpenItem, Past

REMEMBERS = timedelta(days=366)
MOST_PAST = 5_000
REFUNDS = ("out_refund", "in_refund")
WAITING = SQL("NOT l.is_reconciled AND m.state = 'posted' AND l.amount <> 0")
ENTRY = SQL(
    """JOIN account_move m ON m.id = i.move_id
       JOIN account_account a ON a.id = i.account_id
       JOIN res_currency c ON c.id = i.currency_id"""
)
OPEN = SQL("i.parent_state = 'posted' AND NOT i.reconciled AND round(i.amount_residual_currency, c.decimal_places) <> 0")
WHOSE = SQL("LEFT JOIN res_partner own ON own.id = i.partner_id LEFT JOIN res_partner p ON p.id = own.commercial_partner_id")
RESIDUAL = SQL("round(i.amount_residual_currency, c.decimal_places)::text")


class XeroBankMatching(models.AbstractModel):
    """Reads, and has the matcher say what each line was for.

    Entry point: ``_found``. Each bank is looked at for itself, since what is outstanding of payments, and what is on its way between banks,
    depends on it; who has an item that several want is decided over all of them.
    """

    _name = "xero.bank.matching"
    _description = "Xero: Matching Bank Lines"

    def _found(self, connection, journals):
        """``[values of a row of xero.bank.match]`` of all lines of these banks that wait."""
        self.env.flush_all()
        lines = self._lines(journals)
        if not lines:
            return []
        companies = connection._companies()
        debts, payments, transfers, past = (
            self._debts(companies), self._payments(journals), self._transfers(companies), self._past(companies)
        )  # fmt: skip
        found, items = {}, {}
        for journal in journals:
            own = self._of_bank(journal, debts, payments, transfers)
            mine = [line for line, row in lines if row["journal_id"] == journal.id]
            found.update(matcher.suggest(mine, own, past) if mine else {})
            items.update((item.id, item) for item in own)
        matcher.settle_rivals(found)
        ruled = self._ruled([line.id for line, _row in lines if not any(each.is_sure for each in found[line.id])])
        return [self._row(connection, line, row, found[line.id], items, ruled.get(line.id)) for line, row in lines]

    def _of_bank(self, journal, debts, payments, transfers):
        """What a line of this bank can be matched with."""
        below = set(self.env["res.company"].sudo().search([("id", "child_of", journal.company_id.id)]).ids)
        own = [item for item, _journal, company in debts if company in below]
        own += [item for item, bank, _company in payments if bank == journal.id]
        return own + [item for item, bank, company in transfers if bank != journal.id and company in below]

    # === READ === #

    def _lines(self, journals):
        """``[(Line, its row)]``, the oldest first."""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT l.id, m.date, l.payment_ref AS text, round(l.amount, c.decimal_places)::text AS amount, l.currency_id,
                          l.partner_id, p.commercial_partner_id AS partner, m.journal_id, m.company_id
                     FROM account_bank_statement_line l JOIN account_move m ON m.id = l.move_id
                     JOIN res_currency c ON c.id = l.currency_id LEFT JOIN res_partner p ON p.id = l.partner_id
                    WHERE %s AND m.journal_id = ANY(%s) ORDER BY m.date, l.id""",
                WAITING, journals.ids,
            )
        )  # fmt: skip
        return [
            (Line(row["id"], row["date"], row["text"] or "", Decimal(row["amount"]), row["currency_id"], row["partner"] or 0), row)
            for row in rows
        ]

    def _debts(self, companies):
        """``[(OpenItem, None, company id)]`` of what customers owe and suppliers are owed, credits among it, but no money."""
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id, m.move_type, %s, i.currency_id, m.name, m.payment_reference, m.ref, p.id, p.name,
                          COALESCE(m.invoice_date, m.date), COALESCE(i.date_maturity, m.date), i.company_id
                     FROM account_move_line i %s %s
                    WHERE %s AND i.company_id = ANY(%s) AND a.account_type IN %s
                      AND m.origin_payment_id IS NULL AND m.statement_line_id IS NULL""",
                RESIDUAL, ENTRY, WHOSE, OPEN, companies.ids, DEBTS,
            )
        )  # fmt: skip
        return [(self._debt(*row[:-1]), None, row[-1]) for row in rows]

    def _debt(self, item_id, move_type, amount, currency, number, reference, ref, partner, name, day, due):
        """What people write is the number of an invoice, of a bill that of the vendor."""
        kind = CREDIT if move_type in REFUNDS else DOCUMENT
        written = ref if move_type.startswith("in_") else reference or ref
        amount, number = Decimal(amount), number or ""
        return OpenItem(item_id, kind, amount, currency, number, written or number, partner or 0, name or "", day, due)

    def _payments(self, journals):
        """``[(OpenItem, journal id, company id)]`` of payments that wait for their line on these banks."""
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id, %s, i.currency_id, m.name, y.memo, p.id, p.name, m.date, y.payment_method_line_id, m.journal_id,
                          i.company_id
                     FROM account_move_line i %s JOIN account_payment y ON y.id = m.origin_payment_id %s
                    WHERE %s AND m.journal_id = ANY(%s) AND i.account_id = y.outstanding_account_id AND a.reconcile""",
                RESIDUAL, ENTRY, WHOSE, OPEN, journals.ids,
            )
        )  # fmt: skip
        return [
            (
                OpenItem(row[0], PAYMENT, Decimal(row[1]), row[2], row[3], row[4] or row[3], row[5] or 0, row[6] or "", row[7], row[7],
                         str(row[8])),
                row[9],
                row[10],
            )
            for row in rows
        ]  # fmt: skip

    def _transfers(self, companies):
        """``[(OpenItem, journal id, company id)]``: what other banks' lines say that nobody has explained, or that waits in between."""
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id, round(-l.amount, c.decimal_places)::text, l.currency_id, m.date, m.journal_id, m.company_id
                     FROM account_bank_statement_line l JOIN account_move m ON m.id = l.move_id
                     JOIN account_journal j ON j.id = m.journal_id JOIN res_currency c ON c.id = l.currency_id
                     JOIN account_move_line i ON i.move_id = m.id AND i.account_id = j.suspense_account_id
                    WHERE %s AND m.company_id = ANY(%s)
                UNION ALL
                   SELECT i.id, %s, i.currency_id, m.date, m.journal_id, m.company_id
                     FROM account_move_line i %s JOIN res_company o ON o.transfer_account_id = i.account_id
                    WHERE %s AND o.id = i.company_id AND i.company_id = ANY(%s)""",
                WAITING, companies.ids, RESIDUAL, ENTRY, OPEN, companies.ids,
            )
        )  # fmt: skip
        journals_sudo = self.env["account.journal"].sudo().browse({row[4] for row in rows})
        names = {journal_sudo.id: journal_sudo.name for journal_sudo in journals_sudo}
        return [
            (OpenItem(row[0], TRANSFER, Decimal(row[1]), row[2], names[row[4]], "", 0, "", row[3], row[3]), row[4], row[5]) for row in rows
        ]

    def _past(self, companies):
        """``[Past]``: whose the last year's lines were, and what was taken of them as a fee without tax."""
        is_fee = SQL("i.matching_number IS NULL AND a.account_type LIKE 'expense%%' AND i.tax_line_id IS NULL")
        rows = self.env.execute_query(
            SQL(
                """SELECT l.payment_ref, min(p.commercial_partner_id), count(DISTINCT p.commercial_partner_id),
                          sum(i.amount_currency) FILTER (WHERE %(fee)s)::text, min(i.account_id) FILTER (WHERE %(fee)s),
                          count(*) FILTER (WHERE %(fee)s), (-sum(i.amount_currency) FILTER (WHERE i.matching_number IS NOT NULL))::text
                     FROM account_bank_statement_line l JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
                     JOIN account_journal j ON j.id = m.journal_id
                     JOIN account_move_line i ON i.move_id = m.id AND i.account_id <> j.default_account_id
                     JOIN account_account a ON a.id = i.account_id LEFT JOIN res_partner p ON p.id = i.partner_id
                    WHERE l.is_reconciled AND m.company_id = ANY(%(companies)s) AND m.date >= %(since)s
                 GROUP BY l.id, m.id HAVING bool_or(i.matching_number IS NOT NULL) ORDER BY m.date DESC, l.id DESC LIMIT %(most)s""",
                fee=is_fee, companies=companies.ids, since=fields.Date.context_today(self) - REMEMBERS, most=MOST_PAST,
            )
        )  # fmt: skip
        return [self._remembered(*row) for row in rows]

    def _remembered(self, text, partner, partners, fee, account, fees, whole):
        taken = {"fee": Decimal(fee), "of": Decimal(whole), "account": account} if fees == 1 and Decimal(whole) > 0 else {}
        return Past(text or "", partner if partners == 1 else 0, **taken)

    def _ruled(self, line_ids):
        """``{line id: candidate}`` of what a rule says, else what people always do."""
        lines = self.env["account.bank.statement.line"].browse(line_ids)
        found = {
            line_id: {
                "reason": "rule",
                "rule": rule.id,
                "account": rule.account_id.id,
                "taxes": rule.tax_ids.ids,
                "partner": rule.partner_id.id,
            }
            for line_id, rule in self.env["xero.rule"]._first(lines).items()
        }
        rest = lines.filtered(lambda line: line.id not in found)
        for line_id, (account, taxes, partner, why) in self.env["xero.bank.booking"]._learnt(rest).items():
            found[line_id] = {"reason": "habit", "account": account.id, "taxes": taxes.ids, "partner": partner.id, "why": why}
        return found

    # === ROWS === #

    def _row(self, connection, line, row, ranked, items, ruled):
        candidates = [self._candidate(line, each, items) for each in ranked]
        if ruled:
            candidates.insert(1 if ranked and ranked[0].reason not in ("amount", "name") else 0, ruled)
        first = candidates[0] if candidates else {}
        guessed = first.get("partner") if first.get("reason") != "amount" else 0
        return {
            "line_id": line.id,
            "connection_id": connection.id,
            "company_id": row["company_id"],
            "journal_id": row["journal_id"],
            "date": str(line.day),
            "text": line.text,
            "partner_id": row["partner_id"] or guessed or None,
            "amount": str(line.amount),
            "currency_id": line.currency,
            "sureness": SURE if first.get("sure") else LIKELY if first else NONE,
            "candidates": candidates,
        }

    def _candidate(self, line, suggestion, items):
        """A suggestion as it is kept: plain values of which sentences can be made in any language."""
        own = [items[each] for each in suggestion.items]
        partners = {item.partner for item in own}
        return {
            "items": list(suggestion.items),
            "names": [item.number for item in own],
            "kind": own[0].kind,
            "reason": suggestion.reason,
            "sure": suggestion.is_sure,
            "part": suggestion.is_part,
            "open": str(sum(item.amount for item in own)),
            "fee": str(suggestion.fee) if suggestion.fee else "",
            "account": suggestion.account,
            "day": str(own[0].day if own[0].kind in (PAYMENT, TRANSFER) else own[0].due),
            "days": (line.day - own[0].due).days,
            "partner": partners.pop() if len(partners) == 1 else 0,
        }
