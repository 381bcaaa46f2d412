from odoo import models

from ...access import clients
from ...xero_core.errors import XeroError


class XeroConnection(models.Model):
    """Files that people have attached in Xero, on demand."""

    _inherit = "xero.connection"

    def _fetch_files(self, move):
        """Bring what Xero has of files of a document to Odoo; says what came of it.

        :raise AccessError: the reader may not change the document
        """
        self.ensure_one()
        move.check_access("write")
        if reason := self._why_not_read():
            return self._notify(reason, "warning")
        [handler] = [each for each in move.env["xero.handler"]._all() if each._res_model == "ir.attachment"]
        calls = []
        try:
            came, large = handler._fetch_files(clients.xero(self.sudo(), on_call=calls.append), self, move)
        except XeroError as error:
            return self._notify(self._click_sentence(error), "warning")
        finally:
            self.env["xero.call"].sudo()._record(self, calls)
        return self._files_said(came, large)

    def _files_said(self, came, large):
        if large:
            text = self.env._("Too large to be fetched; open it in Xero: %s", ", ".join(large))
            return self._notify(text, "warning")
        if not came:
            return self._notify(self.env._("Xero has no other files of it."))
        return self._notify(self.env._("Files from Xero: %s", ", ".join(came)))
