from odoo import api, models
from odoo.tools import SQL

PDF_FIELD = "invoice_pdf_report_file"
# a change of one of these may make a file one of a document's, or another file
WATCHED = {"res_model", "res_id", "res_field", "raw", "datas"}
# images that stand in the text of a message or of the document itself are part of that text
INLINE = """
    SELECT a.id FROM ir_attachment a JOIN account_move m ON m.id = a.res_id
     WHERE a.id = ANY(%s) AND a.mimetype LIKE 'image/%%' AND (
           m.narration ~ ('/web/image/' || a.id || '\\M')
           OR EXISTS (SELECT 1 FROM message_attachment_rel r JOIN mail_message t ON t.id = r.message_id
                       WHERE r.attachment_id = a.id AND t.body ~ ('/web/image/' || a.id || '\\M')))
"""
# documents in Xero with a file that is not there
UNSENT = """
    SELECT DISTINCT d.res_id FROM xero_binding d JOIN ir_attachment a ON a.res_model = d.res_model AND a.res_id = d.res_id
     WHERE d.connection_id = %s AND d.kind = ANY(%s) AND d.res_model = 'account.move'
       AND COALESCE(d.xero_status, '') NOT IN ('DELETED', 'VOIDED')
       AND NOT EXISTS (SELECT 1 FROM xero_binding f
                        WHERE f.connection_id = d.connection_id AND f.res_model = 'ir.attachment' AND f.res_id = a.id)
"""


class IrAttachment(models.Model):
    """Files of documents that are in Xero follow them there, if the connection says so."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        mine = [attachment.id for attachment, vals in zip(attachments, vals_list, strict=True) if vals.get("res_model") == "account.move"]
        self.browse(mine)._xero_enqueue()
        return attachments

    def write(self, vals):
        res = super().write(vals)
        if WATCHED & vals.keys() and vals.get("res_model", "account.move") == "account.move":
            self.filtered(lambda attachment: attachment.res_model == "account.move")._xero_enqueue()
        return res

    def _xero_enqueue(self):
        """Ask for those of these files to be sent whose documents are in Xero, or on their way: these may arrive before this commits."""
        files = self.sudo().filtered(lambda file: file.res_id and file.type == "binary" and file.res_field in (False, PDF_FIELD))
        moves = self.env["account.move"].sudo().browse(files.mapped("res_id")).exists()
        for company, of_company in moves.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            if connection._sends("attachment"):
                known = set(connection._known_ids("account.move", of_company.ids))
                ids = files.filtered(lambda file, known=known: file.res_id in known).ids
                self.env["xero.job"].sudo()._enqueue(connection, "attachment", self._name, ids)

    @api.model
    def _xero_enqueue_of_moves(self, connection, move_ids, manual=False):
        """Ask for the files of these documents, which are in Xero, to be sent."""
        if connection._sends("attachment", manual=manual):
            in_xero = (
                self.env["xero.binding"].sudo()._by_record(connection, "account.move", move_ids, self.env["xero.handler"]._document_kinds())
            )
            self.env["xero.job"].sudo()._enqueue(connection, "attachment", self._name, self._xero_files(in_xero).ids, manual=manual)

    @api.model
    def _xero_unsent(self, connection):
        """Ids of the files of documents in Xero that are not there and not on their way."""
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(SQL(UNSENT, connection.id, list(self.env["xero.handler"]._document_kinds())))
        files = self._xero_files([row[0] for row in rows])
        known = set(connection._known_ids(self._name, files.ids))
        return [file_id for file_id in files.ids if file_id not in known]

    @api.model
    def _xero_files(self, move_ids):
        """The files of these documents: their own PDF first, then the file they show, then the rest by age.

        Not those that belong to other fields (e-invoices), images inside texts, or what the server itself has attached for other programs.
        A file that is attached twice counts once.
        """
        domain = [("res_model", "=", "account.move"), ("res_id", "in", list(move_ids)), ("res_field", "in", (False, PDF_FIELD))]
        found = self.sudo().search([*domain, ("type", "=", "binary")], order="id")
        inline = self._xero_inline(found)
        found = found.filtered(lambda file: file.id not in inline and not file._xero_is_for_programs())
        first = {}
        for file in found:
            first.setdefault((file.res_id, file.checksum or file.id), file.id)
        shown = self.env["account.move"].sudo().browse(move_ids).message_main_attachment_id
        return self.browse(first.values()).sudo().sorted(lambda file: (file.res_field != PDF_FIELD, file not in shown, file.id))

    def _xero_inline(self, files):
        """Ids of those of these files that are images inside a text."""
        if not any((file.mimetype or "").startswith("image/") for file in files):
            return set()
        self.env["mail.message"].flush_model(["body", "attachment_ids"])
        self.env["account.move"].flush_model(["narration"])
        files.flush_recordset(["res_id", "mimetype"])
        return {row[0] for row in self.env.execute_query(SQL(INLINE, files.ids))}

    def _xero_is_for_programs(self):
        """Whether this is data that the server made or received (an e-invoice), not a file that a person has attached."""
        kind = (self.mimetype or "").partition(";")[0]
        return kind in ("application/xml", "text/xml", "application/json") and self.create_uid._is_superuser()
