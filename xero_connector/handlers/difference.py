from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..xero_core.documents import Line
from ..xero_core.fingerprint import fingerprint
from .base import Behind, Later, NothingToDo
from .invoice_lines import money
from .kinds import DOCUMENTS

ENDED = ("VOIDED", "DELETED")
DIFFERENCES = ("write_off", "surplus")


class XeroHandlerDifference(models.AbstractModel):
    """What write-offs and surpluses have in common: the part of a payment's entry that is neither the money nor the debt.

    It is in Xero for as long as the payment is matched with a document that is; one that has changed is removed and made anew.
    """

    _name = "xero.handler.difference"
    _description = "Xero Handler: Payment Differences"

    def _difference_context(self, connection, jobs):
        """What the items need; the entries' own lines are few."""
        moves = self.env["account.move"].browse(jobs.mapped("res_id")).exists()
        found = {move.id: write_off for move in moves if (write_off := self._wanted(move))}
        documents = self.env["account.move"].union(*(each.parts._xero_documents() for each in found.values()))
        partners = self.env["res.partner"].union(*(each.partner for each in found.values()))
        Binding = self.env["xero.binding"]
        open_jobs = [("connection_id", "=", connection.id), ("kind", "in", DOCUMENTS), ("res_id", "in", documents.ids)]
        return {
            "connection": connection,
            "table": connection._mapping_table(),
            "write_offs": found,
            "bindings": Binding._by_record(connection, "account.move", jobs.mapped("res_id"), [self._kind]),
            "documents": Binding._by_record(connection, "account.move", documents.ids, DOCUMENTS),
            "document_jobs": {
                job.res_id: job for job in self.env["xero.job"].search([*open_jobs, ("state", "not in", ("done", "cancelled"))])
            },
            "contacts": Binding._by_record(connection, "res.partner", partners.ids, ["contact"]),
            "contact_jobs": {},
            **self._line_context(connection, self.env["account.move"].union(*(each.move for each in found.values()))),
        }

    def _wanted(self, move):
        """What this entry writes off, if it is for this kind of document, and matched."""
        write_off = move._xero_write_off()
        mine = write_off and write_off.kind == self._kind and write_off.parts
        return write_off if mine and not move._xero_why_no_write_off(write_off) else None

    def _facts(self, write_off):
        """Fingerprint of what Odoo says; not of the mapping, which may change without what was sent by then."""
        lines = [
            [line.account_id.id, line.tax_ids.ids, f"{line.amount_currency:.3f}", f"{line.balance:.3f}", line.analytic_distribution or {}]
            for line in (write_off.lines + write_off.taxes).sorted("id")
        ]
        return fingerprint({"lines": lines, "date": str(write_off.move.date), "partner": write_off.partner.id})

    def _check_documents(self, write_off, context):
        """One of the documents is in Xero.

        :raise Behind, Later, NothingToDo: why none is
        """
        documents = write_off.parts._xero_documents()
        waiting = [context["document_jobs"][each.id] for each in documents if each.id in context["document_jobs"]]
        if any(self._is_there(each, context) for each in documents):
            return
        if any(job.state in ("pending", "sending", "uncertain") for job in waiting):
            raise Later(self.env._("Waits for the document %s.", documents[:1].name))
        held = next((job for job in waiting if job.problem_id), None)
        if held:
            raise Behind(held.problem_id, self.env._("Waits for the document %s.", documents[:1].name))
        raise NothingToDo(self.env._("Its document is not in Xero."))

    def _is_there(self, document, context):
        binding = context["documents"].get(document.id)
        return bool(binding) and binding.xero_status not in ENDED

    # === LINES === #

    def _difference_lines(self, write_off, context):
        """The lines, positive where they take off what is owed (or, of a surplus, add to the money)."""
        sign = write_off.direction if write_off.amount > 0 else -write_off.direction
        taxes = self._tax_amounts(write_off)
        lines = [self._difference_line(line, sign, taxes[line], write_off, context["table"]) for line in write_off.lines.sorted("id")]
        return tuple(self._detailed(lines, write_off.move, context))

    def _difference_line(self, line, sign, tax_amount, write_off, table):
        account = self._posting_account(line.account_id, table)
        tax = self._line_tax(line.tax_ids, account, table)
        amount = money(sign * line.amount_currency, write_off.currency)
        return Line(
            line.name or line.account_id.name,
            Decimal(1),
            amount,
            account_code=account.code,
            tax_type=tax.tax_type,
            tax_rate=tax.rate,
            tax_amount=money(sign * tax_amount, write_off.currency),
            key=str(line.id),
            amount=amount,
        )

    def _tax_amounts(self, write_off):
        """``{line: its part of the tax lines}``: each tax is shared among the amounts it is on, to the cent."""
        amounts = dict.fromkeys(write_off.lines, 0.0)
        for tax in write_off.taxes:
            # of a group of taxes the line names the group
            bases = write_off.lines.filtered(lambda line, tax=tax: (tax.tax_line_id | tax.group_tax_id) & line.tax_ids) or write_off.lines
            left, total = tax.amount_currency, sum(bases.mapped("amount_currency"))
            for base in bases[:-1]:
                part = write_off.currency.round(tax.amount_currency * base.amount_currency / total) if total else 0.0
                amounts[base] += part
                left -= part
            amounts[bases[-1:]] += left
        return amounts

    def _rate(self, write_off):
        """Units of the currency per unit of the company's, as the entry has it; None in the company's own."""
        if write_off.currency == write_off.move.company_currency_id:
            return None
        return Decimal(str(round(abs(1 / write_off.in_company_currency(1.0)), 6)))


class XeroHandlerDocument(models.AbstractModel):
    _inherit = "xero.handler.document"

    def _after_done(self, connection, res_ids):
        """What is written off these documents may have waited for them."""
        super()._after_done(connection, res_ids)
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT DISTINCT j.id FROM xero_job j
                     JOIN account_move_line l ON l.move_id = j.res_id
                     JOIN account_partial_reconcile p ON p.debit_move_id = l.id OR p.credit_move_id = l.id
                     JOIN account_move_line d ON d.id = CASE WHEN p.debit_move_id = l.id THEN p.credit_move_id ELSE p.debit_move_id END
                    WHERE j.connection_id = %s AND j.res_model = 'account.move' AND j.kind = ANY(%s) AND d.move_id = ANY(%s)
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)""",
                connection.id, list(DIFFERENCES), list(res_ids),
            )
        )  # fmt: skip
