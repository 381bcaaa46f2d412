"""What happens to Odoo's records, as the handlers hear of it: whom it concerns, and what is asked for because of it."""

from odoo import api, models, tools

from ..const import CREATED, POSTED


class XeroHandlerChanges(models.AbstractModel):
    """Hooks that ``xero.trigger`` calls, in the transaction of the change: they enqueue and never send.

    As they stand here they do for records that have a company and are documents of their own.
    """

    _inherit = "xero.handler"

    # whose records the kind hears of: {model: fields}; of a record that is written, only if one of these fields is
    _records = tools.frozendict()

    # === WHICH RECORDS === #

    @api.model
    def _kind_of(self, move):
        """The kind of document that a journal entry is made of in Xero, '' if of none."""
        return self._move_types().get(move.move_type, "")

    @api.model
    def _is_document(self, move):
        """Whether a journal entry is an invoice, a bill or a credit note."""
        return self._kind_of(move) in self._document_kinds()

    @api.model
    def _is_credit_note(self, move):
        return self._kind_of(move) in self._kinds_that("_is_credit")

    _also_demanded = ()  # other models whose records are of the kind, too, when a person wants them sent

    def _mine(self, records):
        """Those of these records that the kind is made of."""
        return records

    def _by_connection(self, records, *, manual=False):
        """``(connection, records)`` of those whose connection sends the kind by itself (or, with ``manual``, at all)."""
        groups = {}
        for company, group in records.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            groups[connection] = groups.get(connection, records.browse()) | group
        for connection, group in groups.items():
            if connection._sends(self._kind, manual=manual):
                yield connection, group

    def _everywhere(self):
        """All connections that send the kind by itself: for records that companies share."""
        used_sudo = self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)])
        return used_sudo.filtered(lambda connection: connection._sends(self._kind))

    # === SOMETHING HAPPENED === #

    def _touched(self, records, event):
        """Hook: records of a model in ``_records`` were created, written, posted, reset or cancelled.

        What is new is asked for unless something speaks against it; of the rest, what is in Xero or on its way.
        """
        mine = self._mine(records)
        if event in (CREATED, POSTED):
            self._ask_for_wanted(mine)
        else:
            self._ask_for_known(mine)

    def _leaving(self, records):
        """Hook, before records of a model in ``_records`` are deleted; returns a function to be called when they are gone."""
        found = [
            (connection, group._name, connection._known_ids(group._name, group.ids))
            for connection, group in self._by_connection(self._mine(records))
        ]
        return lambda: self._ask_for_each(found)

    def _merged(self, record, gone_ids):
        """Hook: other records of its model were merged into this one."""

    def _reopened(self, connection, after, until):
        """Hook: a period that was closed in Xero is open again, from the day after ``after`` to ``until``."""

    # === A PERSON WANTS IT === #

    def _demanded(self, connection, records, *, early=False):
        """Send these records of the kind because a person wants it; returns why not, by record.

        :param early: those before the first day that is sent, too
        """
        against = self._reason_against if early else self._reason_not_wanted
        reasons = {record: reason for record in records if (reason := against(record, connection))}
        self._ask_for_now(connection, records.filtered(lambda record: record not in reasons))
        return reasons

    def _reason_not_wanted(self, record, connection):
        """Why this record is not sent by itself, in a sentence; empty if it is. What is in Xero already stays in step, whatever its day."""
        if reason := self._reason_against(record, connection):
            return reason
        reason = self._reason_of_day(record, connection)
        return "" if reason and connection._known_ids(record._name, record.ids) else reason

    def _reason_against(self, record, connection):
        """Why this record is not for Xero, in a sentence; empty if it is."""
        return self._reason_of_company(record, connection) or connection._reason_against_kind(self._kind)

    def _reason_of_day(self, record, connection):
        """Why the day of this record is none that is sent, in a sentence; empty if it is, or if its kind knows no days."""
        day = self._sync_day(record)
        return self._why_missing("before", connection) if day and connection.sync_from and day < connection.sync_from else ""

    def _sync_day(self, record):
        """Hook: the day that decides whether a record belongs to the time that is sent."""
        return False

    def _reason_of_company(self, record, connection):
        if connection._speaks_for(record.company_id):
            return ""
        return self.env._(
            "%(document)s belongs to %(company)s; switch to that company first.",
            document=record.display_name, company=record.company_id.name,
        )  # fmt: skip

    # === ASK === #

    def _ask_for_wanted(self, records):
        """Enqueue those of these records against which nothing speaks."""
        for connection, group in self._by_connection(records):
            wanted = group.filtered(lambda record, connection=connection: not self._reason_not_wanted(record, connection))
            self._ask_for(connection, wanted.ids)

    def _ask_for_known(self, records):
        """Enqueue those of these records that are in Xero, or on their way."""
        for connection, group in self._by_connection(records):
            self._ask_for(connection, connection._known_ids(group._name, group.ids))

    def _ask_for_now(self, connection, records):
        """Enqueue these records, for which a person waits."""
        self._ask_for(connection, records.ids, manual=True)

    def _ask_for_rows(self, connection, rows):
        """Enqueue what others need, ``(id, whether a person waits for it)``: who waits for the one waits for the other."""
        for manual in (True, False):
            self._ask_for(connection, [res_id for res_id, is_manual in rows if is_manual == manual], manual=manual)

    def _ask_for_each(self, found):
        """Enqueue all of ``(connection, model, ids)``."""
        for connection, model, ids in found:
            self._ask_for(connection, ids, model=model)

    def _ask_for(self, connection, res_ids, *, model="", manual=False):
        """Enqueue records of the kind's model, or of another one that its jobs name; they need not exist any more."""
        self.env["xero.job"].sudo()._enqueue(connection, self._kind, model or self._res_model, res_ids, manual=manual)

    def _sweep(self, connection):
        """Hook, when everything is asked for: enqueue what was never sent, has changed since, or is no longer in Odoo."""

    def _also_told(self, records):
        """Hook: what is to be said of those of these records, which are in step, that Xero has no place for as they are here.

        :rtype: dict[record, str]
        """
        return {}
