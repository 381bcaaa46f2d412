from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..xero_core.documents import RemoteInvoice
from ..xero_core.fingerprint import fingerprint
from ..xero_core.mapping import invoice as mapping
from .base import Held, Item, Later, NothingToDo
from .invoice_lines import LINE_FIELDS

REMOVED = ("VOIDED", "DELETED")


class XeroHandlerInvoice(models.AbstractModel):
    """Customer invoices, sent as approved (AUTHORISED) sales invoices whose totals equal Odoo's to the cent.

    Created by PUT under Odoo's own number, which Xero keeps unique: a number in use is looked up and taken over only if it is ours.
    """

    _name = "xero.handler.invoice"
    _inherit = "xero.handler.invoice.snapshot"
    _description = "Xero Handler: Invoices"

    _kind = "invoice"
    _res_model = "account.move"

    def _enqueue_first(self, connection, job_ids):
        return self.env["xero.handler.contact"]._enqueue_needed(connection, job_ids)

    def _context(self, connection, jobs):
        moves = self.env["account.move"].browse(jobs.mapped("res_id")).exists()
        moves.line_ids.fetch(LINE_FIELDS)
        partners = moves.commercial_partner_id
        Binding = self.env["xero.binding"]
        bindings = Binding._by_record(connection, "account.move", jobs.mapped("res_id"), [self._kind])
        table = connection._mapping_table()
        return {
            "connection": connection,
            "table": table,
            "cents": self._cents(connection, table),
            "moves": {move.id: move for move in moves},
            "bindings": bindings,
            "contacts": Binding._by_record(connection, "res.partner", partners.ids, ["contact"]),
            "contact_jobs": self._open_contact_jobs(connection, partners),
            "leaving": Binding._with_payment_jobs(bindings.values(), ("pending", "sending", "uncertain")),
            "base_url": self.env["ir.config_parameter"].sudo().get_param("web.base.url", ""),
        }

    def _open_contact_jobs(self, connection, partners):
        jobs = self.env["xero.job"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "contact"),
                ("res_id", "in", partners.ids),
                ("state", "not in", ("done", "cancelled")),
            ]
        )
        return {job.res_id: job for job in jobs}

    def _item(self, job, context):
        move, binding = context["moves"].get(job.res_id), context["bindings"].get(job.res_id)
        if binding and binding.xero_id in context["leaving"]:
            raise Later(self.env._("Waits until its payments have been removed in Xero."))
        if binding and (not move or move.state == "cancel"):
            return self._removal(job, binding)
        if binding and binding.xero_status in REMOVED:
            binding = None  # the end of that one in Xero: the invoice, posted again, is made anew
        if not move or move.state != "posted":
            raise NothingToDo(self.env._("The document is not posted."))
        if not binding and context["connection"].sync_from and move.invoice_date < context["connection"].sync_from:
            raise NothingToDo(self.env._("It is dated before the day the sync starts."))
        self._check_ready(move, context)
        invoice, correction = self._settled(move, context)
        plain = mapping.to_xero(invoice)
        digest = fingerprint(plain)
        if binding and binding.fingerprint == digest:
            raise NothingToDo(self.env._("Nothing had changed."))
        number = plain["InvoiceNumber"]
        return Item(
            job_id=job.id,
            res_id=move.id,
            operation="update" if binding else "create",
            payload=self._update(invoice, binding, number) if binding else plain,
            fingerprint=digest,
            xero_id=binding.xero_id if binding else "",
            sent_as={
                "number": number,
                "contact_id": invoice.contact_id,
                "partner_id": move.commercial_partner_id.id,
                "partner": move.commercial_partner_id.display_name,
                "total": str(invoice.total),
                "tax": str(invoice.total_tax),
                "correction": correction,
                "url": invoice.url,
            },
            label=move.name,
        )

    def _update(self, invoice, binding, number):
        """What changes an invoice; it names the number only to change it, so that it cannot be taken for the invoice that is meant."""
        payload = mapping.to_xero(self._with_xero_ids(invoice, binding))
        return payload if binding.number == number else {**payload, "InvoiceNumber": number}

    def _removal(self, job, binding):
        if binding.xero_status in REMOVED:
            raise NothingToDo(self.env._("It is already void in Xero."))
        status = "VOIDED" if binding.xero_status in ("AUTHORISED", "PAID") else "DELETED"
        payload = {"InvoiceID": binding.xero_id, "Status": status}
        sent_as = {"status": status, "xero_id": binding.xero_id}
        return Item(job.id, job.res_id, "remove", payload, "", binding.xero_id, sent_as, binding.number or "")

    # === SEND === #

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_invoices(payloads, idempotency_key)
        return client.update_invoices(payloads)

    def _evidence(self, client, operation, items):
        if operation == "remove":
            return client.invoices(ids=[item.xero_id for item in items])
        ask = {"numbers": [i.sent_as["number"] for i in items]} if operation == "create" else {"ids": [i.xero_id for i in items]}
        return [*client.invoices(**ask), *client.contacts(ids=sorted({item.sent_as["contact_id"] for item in items}))]

    def _judge(self, result):
        item = result.item
        if item.operation == "remove":
            self._judge_removal(result)
            return
        contact = next((found for found in result.evidence if found.xero_id == item.sent_as["contact_id"]), None)
        remote = next((found for found in result.evidence if isinstance(found, RemoteInvoice) and self._is_meant(found, item)), None)
        if item.operation == "create" and remote and self._is_ours(remote, item.sent_as):
            result.remote = remote
        else:
            result.held = self._why_refused(item, remote, contact, result.errors)

    def _is_meant(self, remote, item):
        if item.operation == "create":
            return remote.kind == "ACCREC" and remote.number == item.sent_as["number"]
        return remote.xero_id == item.xero_id

    def _why_refused(self, item, remote, contact, errors):
        if remote and item.operation == "create":
            return self._held_number(item, remote, errors)
        if remote and remote.status in REMOVED:
            return self._held_void(item, errors)
        if contact and contact.status == "ARCHIVED":
            return self.env["xero.handler.contact"]._held_document(contact, item.sent_as, errors)
        return self._refused(item, errors)

    def _held_void(self, item, errors):
        return Held(
            "refused",
            self.env._("%s was voided in Xero.", item.label),
            key=f"account.move,{item.res_id}",
            help=self.env._(
                "If that is right, cancel it in Odoo too. If not, cancel it, reset it to draft and confirm it: it is made anew in Xero."
            ),
            details=errors,
            record=("account.move", item.res_id),
            failed=True,
        )

    def _judge_removal(self, result):
        """Refused because it is void already, by a person or by a call whose answer was lost: then it is as it should be."""
        result.remote = self._removed(result.evidence, result.item.xero_id)
        if result.remote is None:
            result.held = self._refused(result.item, result.errors)

    def _removed(self, remotes, xero_id):
        return next((remote for remote in remotes if remote.xero_id == xero_id and remote.status in REMOVED), None)

    def _is_ours(self, remote, sent_as):
        """The invoice found under our number is the one we mean: same customer, same total, still alive."""
        same = remote.contact_id == sent_as["contact_id"] and remote.total == Decimal(sent_as["total"])
        return same and remote.status not in REMOVED

    def _held_number(self, item, remote, errors):
        return Held(
            "number_in_use",
            self.env._("The number %(number)s is already used in Xero by another invoice (%(total)s %(currency)s, %(status)s).",
                       number=item.label, total=f"{remote.total:.2f}", currency=remote.currency, status=remote.status.lower()),
            key=f"account.move,{item.res_id}",
            help=self.env._("Change the number of the other invoice in Xero, or of this one in Odoo, then press Retry."),
            details=errors,
            record=("account.move", item.res_id),
            failed=True,
        )  # fmt: skip

    # === RECOVER AND BIND === #

    def _look_up(self, client, jobs):
        creates = jobs.filtered(lambda j: j.operation == "create" and j.sent_as)
        remotes = client.invoices(numbers=[job.sent_as["number"] for job in creates]) if creates else []
        by_number = {remote.number: remote for remote in remotes if remote.kind == "ACCREC"}
        found = {job.id: by_number.get(job.sent_as["number"]) for job in creates}
        ours = {job.id: found[job.id] if found[job.id] and self._is_ours(found[job.id], job.sent_as) else None for job in creates}
        return ours | self._look_up_removals(client, jobs - creates)

    def _look_up_removals(self, client, jobs):
        known = jobs.filtered(lambda j: j.operation == "remove" and j.sent_as.get("xero_id"))
        remotes = client.invoices(ids=[job.sent_as["xero_id"] for job in known]) if known else []
        return {job.id: self._removed(remotes, job.sent_as["xero_id"]) for job in known}

    def _binding_values(self, remote):
        return {
            "number": remote.number,
            "xero_status": remote.status,
            "xero_total": float(remote.total),
            "line_ids": list(remote.line_item_ids),
        }

    def _after_bound(self, connection, res_ids):
        """Payments that were registered before the invoice was in Xero can follow now."""
        Partial = self.env["account.partial.reconcile"]
        Partial.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM account_partial_reconcile p JOIN account_move_line l ON l.id = p.debit_move_id
                    WHERE l.move_id = ANY(%s) ORDER BY p.id""",
                list(res_ids),
            )
        )
        Partial.browse(row[0] for row in rows)._xero_enqueue()

    def _after_done(self, connection, res_ids):
        """Payments that stood behind the invoice can follow now."""
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                     JOIN account_partial_reconcile p ON p.id = j.res_id JOIN account_move_line l ON l.id = p.debit_move_id
                    WHERE j.connection_id = %s AND j.kind = 'payment' AND l.move_id = ANY(%s)
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)""",
                connection.id, list(res_ids),
            )
        )  # fmt: skip
