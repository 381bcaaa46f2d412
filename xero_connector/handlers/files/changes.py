from odoo import models
from odoo.tools import SQL

from .document_files import DOCUMENTS, files_of, may_be_of_document

# a change of one of these may make a file one of a document's, or another file
FIELDS = ("res_model", "res_id", "res_field", "raw", "datas")
# documents in Xero with a file that is not there
UNSENT = """
    SELECT DISTINCT d.res_id FROM xero_binding d JOIN ir_attachment a ON a.res_model = d.res_model AND a.res_id = d.res_id
     WHERE d.connection_id = %s AND d.kind = ANY(%s) AND d.res_model = 'account.move'
       AND d.is_there
       AND NOT EXISTS (SELECT 1 FROM xero_binding f
                        WHERE f.connection_id = d.connection_id AND f.res_model = 'ir.attachment' AND f.res_id = a.id)
"""


class XeroHandlerAttachment(models.AbstractModel):
    """When files are sent: those of documents that are in Xero, or on their way: these may arrive before this commits."""

    _inherit = "xero.handler.attachment"

    _records = {"ir.attachment": FIELDS}

    def _touched(self, records, event):
        files_sudo = records.sudo().filtered(may_be_of_document)
        moves_sudo = self.env[DOCUMENTS].sudo().browse(files_sudo.mapped("res_id")).exists()
        for connection, of_company in self._by_connection(moves_sudo):
            known = set(connection._known_ids(DOCUMENTS, of_company.ids))
            self._ask_for(connection, files_sudo.filtered(lambda file, known=known: file.res_id in known).ids)

    def _leaving(self, records):
        """A file that is removed in Odoo stays in Xero."""
        return lambda: None

    def _ask_for_files_of(self, connection, move_ids, *, manual=False):
        """The files of these documents, if they are in Xero."""
        if connection._sends(self._kind, manual=manual):
            in_xero = self.env["xero.binding"].sudo()._by_record(connection, DOCUMENTS, move_ids, self._kinds_that("_files_at"))
            self._ask_for(connection, files_of(self.env, list(in_xero)).ids, manual=manual)

    def _sweep(self, connection):
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(SQL(UNSENT, connection.id, list(self._kinds_that("_files_at"))))
        files = files_of(self.env, [row[0] for row in rows])
        known = set(connection._known_ids(self._res_model, files.ids))
        self._ask_for(connection, [file_id for file_id in files.ids if file_id not in known])
