from odoo import models
from odoo.tools import SQL

from ...const import PARTIAL
from ..reasons import Held
from .facts import ENTRY
from .parts import entries_of, shown_entry


class XeroHandlerMoney(models.AbstractModel):
    """What the counterparts of money have in common: each of them is one form of the same money, made and removed, never changed."""

    _inherit = "xero.handler.money"

    def _decide_step(self, step, job, source, reading):
        """What is sent for one step of a movement.

        :raise Held, HeldBehind, Wait: why it cannot go now
        """
        if step.operation == "remove":
            return self._removal(job, source.bindings[step.key], reading.connection)
        return self._creation(step, job, source, reading)

    def _creation(self, step, job, source, reading):
        raise NotImplementedError

    def _known_as(self, records):
        """A match is known by the money, or the credit note."""
        return {record.id: shown_entry(record.sudo()) if record._name == PARTIAL else record for record in records}

    # === TROUBLE === #

    def _held(self, item, code, message, help_text, errors=()):
        """The ``Held`` of one counterpart; people know it by the payment or bank statement line."""
        key = f"{item.res_model},{item.res_id}"
        return Held(code, message, key=key, help=help_text, details=errors, record=self._owner_of(item), failed=bool(errors))

    def _owner_of(self, item):
        """``(model, id)`` of the record whose job it is: people know the counterpart by that."""
        job = self.env["xero.job"].browse(item.job_id)
        return job.res_model, job.res_id

    def _refused(self, item, errors):
        held = super()._refused(item, errors)
        held.res_model, held.res_id = self._owner_of(item)
        held.key = f"{item.res_model},{item.res_id}"
        return held

    def _held_too_large(self, item, invoice, amount, errors):
        """More than what is open on the document in Xero."""
        text = self.env._("%(payment)s is %(amount)s, but only %(open)s is open on %(invoice)s in Xero.",
                          payment=item.label, amount=f"{amount:.2f}", open=f"{invoice.amount_due:.2f}", invoice=invoice.number)  # fmt: skip
        return self._held_by_what_stays(item, [invoice.xero_id], text, errors) or self._held(
            item,
            "payment_too_large",
            text,
            self.env._("Somebody may have recorded a payment in Xero by hand. Remove it there and press Retry, or ignore this one."),
            errors,
        )

    def _check_not_void(self, entries, reading, name):
        """:raise Held: somebody has voided one of these documents in Xero; it takes no money any more"""
        for entry in entries:
            document = reading.documents.get(entry.id)
            if document and document.is_void:
                text = self._void_words(name, entry.name)
                raise Held("voided_in_xero", text, key=f"{ENTRY},{entry.id}", help=self._void_help(), record=(ENTRY, entry.id))

    def _held_void(self, item, document, errors):
        """Of money for a document of which nobody here has noticed yet that it was voided."""
        return self._held(item, "voided_in_xero", self._void_words(item.label, document.number), self._void_help(), errors)

    def _void_words(self, name, document):
        return self.env._("%(payment)s cannot reach Xero: %(invoice)s was voided there.", payment=name, invoice=document)

    def _void_help(self):
        return self.env._("If that is right, cancel the document in Odoo too. If not, bring it to Xero again, then press Retry.")

    def _held_by_what_stays(self, item, xero_ids, text, errors):
        """The ``Held`` of what has no room as long as other money of ours is still on these documents in Xero; ``None`` if none is.

        That money is to leave and cannot, or has not yet: its job is open. When it is gone, this is looked at again by itself.
        """
        connection = self.env["xero.job"].browse(item.job_id).connection_id
        money = self.env["xero.binding"]._money_on(connection, xero_ids)
        others = {each._decider()[1:] for each in money} - {self._owner_of(item)}
        domain = [
            ("connection_id", "=", connection.id),
            ("kind", "in", ("payment", "allocation")),
            ("is_open", "=", True),
        ]
        jobs = self.env["xero.job"].search([*domain, ("res_id", "in", [res_id for _model, res_id in others])])
        stays = jobs.filtered(lambda job: (job.res_model, job.res_id) in others)[:1]
        if not stays:
            return None
        record = stays._document()
        name = (record and self._entry_of(record).display_name) or self.env._("a deleted payment")
        why = self.env._("%(other)s is still there and has to leave first. %(why)s", other=name, why=stays.message or "")
        held = self._held(item, "payment_too_large", f"{text} {why}", self.env._("It follows by itself when that is gone."))
        held.details = tuple(errors)
        held.res_model, held.res_id = stays.res_model, stays.res_id  # what a person has to look at, and who lets this go
        return held

    def _entry_of(self, record):
        """The entry under which people know a movement of money or a match."""
        return shown_entry(record) if record._name == PARTIAL else entries_of(record)

    # === NEXT === #

    def _after_removed(self, connection, res_ids):
        """Documents and money on account that waited for this to be gone from them can follow."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", list(res_ids))]
        gone = self.env["xero.binding"].search(own)
        xero_ids = {each for binding in gone for each in binding._xero_documents()}
        self.env["xero.handler.document"]._let_go_of_changes(connection, xero_ids)
        documents = [("connection_id", "=", connection.id), ("kind", "in", self._document_kinds()), ("xero_id", "in", list(xero_ids))]
        self.env["xero.handler.payment"]._let_go_of_money(connection, self.env["xero.binding"].search(documents).mapped("res_id"))
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_binding b
                     JOIN xero_job j ON (j.connection_id, j.res_model, j.res_id) = (b.connection_id, b.owner_model, b.owner_id)
                    WHERE b.connection_id = %s AND b.kind = 'on_account' AND b.on_account_xero_id = ANY(%s) AND j.kind = 'payment'
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)""",
                connection.id, list(xero_ids),
            )
        )  # fmt: skip
