from odoo import models

from ...const import HOURLY, PARTIAL
from .transfer_parts import transfer_parts


class XeroHandlerTransfer(models.AbstractModel):
    """Transfers are bound by their marks if they were made of entries here and are forgotten; else read for what comes in of them."""

    _inherit = "xero.handler.transfer"

    _list = "BankTransfers"
    _interval = HOURLY
    _taken_at = 60
    _marked_models = (PARTIAL,)

    def _is_read(self, connection):
        return connection._takes_bank_lines()

    def _take(self, connection, client, remotes, baseline):
        self._take_forgotten(connection, client, remotes)
        return super()._take(connection, client, remotes, baseline)

    def _moved_by(self, record):
        return record if transfer_parts(record) else record.browse()
