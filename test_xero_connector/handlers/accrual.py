import datetime
from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.addons.xero_connector.handlers import mark
from odoo.addons.xero_connector.handlers.dispatch import Outgoing
from odoo.addons.xero_connector.handlers.reading import Reading
from odoo.addons.xero_connector.handlers.reasons import Held, NothingToDo
from odoo.addons.xero_connector.handlers.trace import Trace
from odoo.addons.xero_connector.xero_core import values
from odoo.addons.xero_connector.xero_core.fingerprint import fingerprint
from odoo.addons.xero_connector.xero_core.resources import manual_journals as resource
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass
class AccrualReading(Reading):
    records: dict  # by id


@dataclass(frozen=True)
class AccrualTrace(Trace):
    narration: str = ""
    date: datetime.date | None = None


class XeroHandlerAccrual(models.AbstractModel):
    """Accruals: manual journals of two lines."""

    _name = "xero.handler.accrual"
    _inherit = "xero.handler"
    _description = "Xero Handler: Accruals of the Tests"

    _kind = "accrual"
    _label = _lt("Test Accrual")
    _sequence = 55
    _res_model = "test.xero.accrual"
    _trace = AccrualTrace
    _records = {_res_model: ("name", "date", "amount", "debit_code", "credit_code")}

    def _page(self, short_code, row):
        return values.journal_url(short_code, row["xero_id"])

    def _sweep(self, connection):
        """Those that never got there."""
        ids = self.env[self._res_model].sudo().search([("company_id", "=", connection.company_id.id)]).ids
        self._ask_for(connection, sorted({*ids} - {*connection._known_ids(self._res_model, ids)}))

    def _read(self, connection, jobs):
        ids = jobs.mapped("res_id")
        records = self.env[self._res_model].browse(ids).exists()
        bindings = self.env["xero.binding"]._by_record(connection, self._res_model, ids, [self._kind])
        return AccrualReading(connection, bindings, {record.id: record for record in records})

    def _decide(self, job, reading):
        """What is to be done about an accrual.

        | in Odoo | in Xero | as it was sent | then          |
        | ------- | ------- | -------------- | ------------- |
        | no      | no      |                | nothing       |
        | no      | yes     |                | it is removed |
        | yes     | no      |                | it is made    |
        | yes     | yes     | yes            | nothing       |
        | yes     | yes     | no             | it is changed |
        """
        record, binding = reading.records.get(job.res_id), reading.bindings.get(job.res_id)
        if binding and not record:
            return self._removal(job, binding, reading.connection)
        if not record:
            raise NothingToDo
        return self._made(job, record, binding, reading)

    def _removal_payload(self, binding):
        return resource.removal(binding.xero_id, binding.xero_status)

    def _removal_trace(self, binding):
        return self._trace(date=binding.date)

    def _made(self, job, record, binding, reading):
        if not record.debit_code or not record.credit_code:
            raise Held(
                "account_unmapped",
                self.env._("%s names no account.", record.name),
                key=f"{self._res_model},{record.id}",
                record=(self._res_model, record.id),
            )
        amount = Decimal(f"{record.amount:.2f}")
        lines = (resource.JournalLine(record.debit_code, amount), resource.JournalLine(record.credit_code, -amount))
        journal = resource.ManualJournal(
            f"{record.name} {mark.told(record)}", record.date, lines, xero_id=binding.xero_id if binding else ""
        )
        payload = resource.to_xero(journal)
        digest = fingerprint({name: value for name, value in payload.items() if name != "ManualJournalID"})
        if binding and binding.sent == digest:
            raise NothingToDo
        trace = self._trace(narration=journal.narration, date=journal.date, total=amount)
        operation = "update" if binding else "create"
        return Outgoing(job.id, record.id, operation, payload, digest, journal.xero_id, trace, record.name)

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_manual_journals(payloads, idempotency_key)
        return client.update_manual_journals(payloads)

    def _candidates(self, client, creates, removals):
        return client.manual_journals({item.trace.date for item in creates + removals})

    def _is_ours(self, trace, remote):
        return bool(trace.narration) and remote.narration == trace.narration

    def _binding_values(self, remote):
        return {"number": remote.narration, "xero_status": remote.status, "xero_total": float(remote.total or 0), "date": remote.date}
