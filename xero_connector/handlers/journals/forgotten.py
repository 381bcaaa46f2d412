from odoo import models

from ...const import RESTORED


class XeroHandlerJournal(models.AbstractModel):
    """Manual journals are bound by their marks if they were made of entries here and are forgotten."""

    _inherit = "xero.handler.journal"

    _list = "ManualJournals"
    _interval = RESTORED
    _taken_at = 60
    _marked_models = ("account.move",)
    _changes_in_place = True

    def _take(self, connection, client, remotes, baseline):
        self._take_forgotten(connection, client, remotes)
        return super()._take(connection, client, remotes, baseline)

    def _marked_text(self, remote):
        return remote.told.narration

    def _moved_by(self, record):
        return self._entries(record)


class XeroHandlerSummary(models.AbstractModel):
    _inherit = "xero.handler.summary"

    _marked_models = ("xero.journal.summary",)

    def _moved_by(self, record):
        return record


class XeroHandlerCost(models.AbstractModel):
    _inherit = "xero.handler.cost"

    def _moved_by(self, record):
        return record.filtered(lambda move: move.move_type != "entry")
