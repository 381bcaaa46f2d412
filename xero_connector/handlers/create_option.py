"""Creates one tracking option in Xero because a person pressed the button for it."""

import hashlib

from odoo import models

from ..xero_core.mapping import tracking_option as mapping


class XeroCreateHandler(models.AbstractModel):
    """Entry point: ``_create_option``; returns our copy of what Xero made."""

    _inherit = "xero.handler.create"

    def _create_option(self, connection, account, category):
        """An option with the analytic account's name.

        :raise UserError: with a sentence for the person
        """
        with self._in_words(connection):
            payload = mapping.to_xero(account.with_context(lang=connection.company_id.partner_id.lang).name)
            key = hashlib.sha256(f"{connection.external_key} option {category.xero_id} {payload}".encode()).hexdigest()[:40]
            calls = []
            try:
                made = connection._client(on_call=calls.append).create_option(category.xero_id, payload, key)
            finally:
                self.env["xero.call"]._record(connection, calls)
        values = {"xero_id": made.xero_id, "name": made.name, "status": made.status, "active": True, "category_id": category.id}
        return self._keep(connection, "xero.tracking.option", "xero_id", values)
