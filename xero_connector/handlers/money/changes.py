from datetime import date

from odoo import models
from odoo.tools import SQL

from ...const import CREATED, PARTIAL, WRITTEN
from .facts import ENTRY, MODELS
from .parts import debt_lines, is_allocation, is_unmatched, matched_entries, partials_of, settles, settling_partials


class XeroHandlerPayment(models.AbstractModel):
    """When movements of money are looked at: a payment or bank statement line, its entry, or one of its matches has changed."""

    _inherit = "xero.handler.payment"

    _records = {ENTRY: ("state", "line_ids", "commercial_partner_id"), PARTIAL: (), **dict.fromkeys(MODELS, ())}

    # === SOMETHING HAPPENED === #

    def _touched(self, records, event):
        if event in (CREATED, WRITTEN):
            self._ask_for_money(self._money_of(records))

    def _leaving(self, records):
        """Money that leaves is asked for if Xero knows of it; that of a match as it stands afterwards."""
        if records._name == PARTIAL:
            money = self._money_of(records)
            return lambda: self._ask_for_money({model: each.exists() for model, each in money.items()})
        known = [
            (connection, model, self._known_money(connection, model, group.ids))
            for model, money in self._money_of(records).items()
            for connection, group in self._by_connection(money)
        ]
        return lambda: self._ask_for_each(known)

    def _money_of(self, records):
        """The payments and bank statement lines that these are, are entries of, or match; and entries that settle: ``{model: records}``."""
        if records._name in MODELS:
            return {records._name: records}
        moves = (records.debit_move_id | records.credit_move_id).move_id if records._name == PARTIAL else records
        entries = moves.filtered(lambda move: settles(move) and partials_of(debt_lines(move)))
        moves = moves.filtered(lambda move: move.origin_payment_id or move.statement_line_id)
        lines = moves.filtered(lambda move: not move.origin_payment_id).statement_line_id
        return {money._name: money for money in (moves.origin_payment_id, lines, entries) if money}

    # === ASK === #

    def _ask_for_money(self, money, *, manual=False):
        """Ask for these movements (``{model: records}``) to be brought in step."""
        for model, records in money.items():
            for connection, group in self._by_connection(records, manual=manual):
                wanted = group if manual else self._concerning(connection, group)
                self._ask_for(connection, wanted.ids, model=model, manual=manual)

    def _concerning(self, connection, money):
        """Those that are in Xero or on their way, are matched with what is, or not matched with anything although that is sent."""
        known = set(self._known_money(connection, money._name, money.ids))
        others = money.filtered(lambda record: record.id not in known)
        if connection.unmatched_payments != "wait" and money._name != ENTRY:
            others -= others.filtered(is_unmatched)
        if money._name != ENTRY:
            others -= others.filtered(lambda record: self._is_direct(record, connection))
        matched = {record: matched_entries(record) for record in others}
        in_xero = set(connection._known_ids("account.move", [entry.id for entries in matched.values() for entry in entries]))
        in_xero |= set(self._known_entries(connection, matched))
        return money - money.browse(record.id for record, entries in matched.items() if not in_xero.intersection(entries._ids))

    def _is_direct(self, money, connection):
        """Whether it was paid for something at once, or for nobody, since the start date: it goes by itself, without a document."""
        too_early = connection.sync_from and money.move_id.date and money.move_id.date < connection.sync_from
        return not too_early and bool(self._direct_of(money, connection))

    def _known_money(self, connection, model, ids):
        """Those of these payments or bank statement lines that are in Xero in any form, or on their way; one query."""
        if not ids:
            return []
        self.env["xero.job"].flush_model()
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT owner_id FROM xero_binding
                    WHERE connection_id = %(connection)s AND owner_model = %(model)s AND owner_id = ANY(%(ids)s)
                      AND is_there
                    UNION
                   SELECT res_id FROM xero_job
                    WHERE connection_id = %(connection)s AND kind = %(kind)s AND res_model = %(model)s AND res_id = ANY(%(ids)s)
                      AND is_open""",
                connection=connection.id, kind=self._kind, model=model, ids=list(ids),
            )
        )  # fmt: skip
        return [row[0] for row in rows]

    def _known_entries(self, connection, matched):
        """Ids of those of these entries (``{money: entries}``) that belong to money which is in Xero, or on its way."""
        entries = self.env["account.move"].union(*matched.values())
        found = []
        for name in ("origin_payment_id", "statement_line_id"):
            records = entries[name]
            known = set(self._known_money(connection, records._name, records.ids))
            found += [entry.id for entry in entries if entry[name][:1].id in known]
        return found

    # === A PERSON WANTS IT === #

    def _reason_against(self, payment, connection):
        if reason := self._reason_of_company(payment, connection):
            return reason
        if payment.state not in ("in_process", "paid"):
            return self.env._("Confirm the payment first.")
        if not payment.move_id:
            return self._why_missing("no_entry", connection)
        return connection._reason_against_kind(self._kind) or self._reason_unmatched(payment, connection)

    def _reason_unmatched(self, payment, connection):
        documents = matched_entries(payment)
        if self._direct_of(payment, connection):
            too_early = connection.sync_from and payment.move_id.date < connection.sync_from
            return self._why_missing("before", connection) if too_early else ""
        if is_unmatched(payment):
            waits = connection.unmatched_payments == "wait" and not documents
            return self._why_missing("unmatched", connection) if waits else ""
        if not documents:
            return self._why_missing("no_document", connection)
        if not connection._known_ids("account.move", documents.ids) and not self._known_entries(connection, {payment: documents}):
            return self._why_missing("elsewhere", connection)
        return ""

    def _ask_for_now(self, connection, payments):
        self._ask_for_money({payments._name: payments}, manual=True)

    def _ask_for_settling(self, documents):
        """All that pays these documents or is allocated to them, for which a person waits."""
        partials = settling_partials(documents)
        self.env["xero.handler.allocation"]._ask_for_matches(partials, manual=True)
        self._ask_for_money(self._money_of(partials), manual=True)

    # === CONTACTS === #

    def _ask_for_money_under(self, connection, partner):
        """What of this partner's money stands in Xero under a contact, as far as it is not in a closed period there."""
        if not connection._sends(self._kind):
            return
        self.env["account.move.line"].flush_model(["partner_id"])
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT b.owner_model, array_agg(DISTINCT b.owner_id)
                     FROM res_partner p JOIN account_move_line l ON l.partner_id = p.id JOIN account_move m ON m.id = l.move_id
                     JOIN xero_binding b ON b.owner_id = CASE b.owner_model WHEN 'account.payment' THEN m.origin_payment_id
                                                                            ELSE m.statement_line_id END
                    WHERE p.commercial_partner_id = %s AND b.connection_id = %s AND b.kind IN %s
                      AND b.is_there AND (b.date IS NULL OR b.date > %s)
                 GROUP BY b.owner_model""",
                partner.commercial_partner_id.id, connection.id, self._kinds_that("_is_under_contact"),
                connection._last_locked_day() or date.min,
            )
        )  # fmt: skip
        for model, ids in rows:
            self._ask_for(connection, ids, model=model)

    def _ask_for_reopened(self, connection, after, until):
        """Money of a period that is open again and stands in Xero under a contact."""
        if connection._sends(self._kind):
            domain = [
                ("connection_id", "=", connection.id),
                ("kind", "in", self._kinds_that("_is_under_contact")),
                ("date", ">", after),
                ("date", "<=", until),
            ]
            there_sudo = self.env["xero.binding"].sudo().search([*domain, ("is_there", "=", True)])
            for model, bindings in there_sudo.grouped("owner_model").items():
                self._ask_for(connection, bindings.mapped("owner_id"), model=model)


class XeroHandlerAllocation(models.AbstractModel):
    """When the matches of credit notes are looked at."""

    _inherit = "xero.handler.allocation"

    _records = {PARTIAL: ()}

    def _touched(self, records, event):
        self._ask_for_matches(records)

    def _leaving(self, records):
        known = [
            (connection, PARTIAL, connection._known_kinds(PARTIAL, group.ids).get(self._kind, []))
            for connection, group in self._by_connection(records)
        ]
        return lambda: self._ask_for_each(known)

    def _ask_for_matches(self, partials, *, manual=False):
        for connection, group in self._by_connection(partials, manual=manual):
            self._ask_for_both_known(connection, group, manual=manual)

    def _ask_for_both_known(self, connection, partials, *, manual=False):
        """Those that settle documents with each other, if both are in Xero or on their way."""
        credits = partials.filtered(is_allocation)
        moves = (credits.debit_move_id | credits.credit_move_id).move_id
        known = set(connection._known_ids(moves._name, moves.ids))
        both = [credit.id for credit in credits if {credit.debit_move_id.move_id.id, credit.credit_move_id.move_id.id} <= known]
        self._ask_for(connection, both, manual=manual)
