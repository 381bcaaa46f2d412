from contextlib import contextmanager

from odoo import api, models, tools

from ... import words
from ..audit.xero_audit import SEND, Entry


class XeroTrigger(models.AbstractModel):
    """The bell that Odoo's models ring when something happens to their records. Which kinds of document that concerns, and what they make
    of it, is the business of the handlers (``xero.handler._records`` and its hooks).

    Entry points: ``_touched``, ``_leaving``, ``_merged``, ``_demanded``. All of them work in the transaction of the change.
    """

    _name = "xero.trigger"
    _description = "Xero Trigger"

    @api.model
    @tools.ormcache("model")
    def _listeners(self, model):
        """``((handler, fields a change of which concerns it), ...)``: who hears of records of this model."""
        handlers = self.env["xero.handler"]._all()
        return tuple((each._name, frozenset(each._records[model])) for each in handlers if each._has_jobs and model in each._records)

    @api.model
    def _touched(self, records, event, fields=None):
        """These records were created, posted, reset or cancelled; or written, and then only whom ``fields`` concern hears of it."""
        if records:
            for handler, watched in self._listeners(records._name):
                if fields is None or not watched.isdisjoint(fields):
                    self.env[handler]._touched(records, event)

    @api.model
    @contextmanager
    def _leaving(self, records):
        """Around the deletion of these records: before it the handlers are asked, after it they ask for what follows."""
        handlers = [self.env[name] for name, _fields in self._listeners(records._name)] if records else ()
        follow = [handler._leaving(records) for handler in handlers]
        yield
        for ask in follow:
            ask()

    @api.model
    def _merged(self, record, gone_ids):
        """Other records of the same model (ids) were merged into this one."""
        for name, _fields in self._listeners(record._name):
            self.env[name]._merged(record, gone_ids)

    @api.model
    def _demanded(self, records, connection, *, early=False):
        """A person wants these records, of one model, to be sent now; returns the reasons of those that cannot be, by record.

        :param early: those before the first day that is sent, too
        """
        reasons, rest, before = {}, records, self._states(records)
        for handler in self.env["xero.handler"]._all():
            if handler._has_jobs and records._name in (handler._res_model, *handler._also_demanded) and (mine := handler._mine(rest)):
                reasons |= handler._demanded(connection, mine, early=early)
                rest -= mine
        self._keep_demanded(records.filtered(lambda each: each not in reasons) - rest, connection, before)
        return reasons | {each: self.env._("%s is none of the documents that are sent to Xero.", each.display_name) for each in rest}

    @api.model
    def _states(self, records):
        """``{record: how it stands, as people read it}``; of what shows no state nothing."""
        known = "xero_state" in records._fields
        return {record: self.env._(words.DOCUMENT[record.xero_state or words.NOT_IN_XERO].label) for record in records} if known else {}

    @api.model
    def _keep_demanded(self, records, connection, before):
        after = self._states(records)
        entries = [Entry(record, "", before.get(record, ""), after.get(record, "")) for record in records]
        self.env["xero.audit"]._keep(SEND, connection.sudo().company_id, entries)
