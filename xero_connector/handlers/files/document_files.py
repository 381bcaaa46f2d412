"""Which files are a document's: functions of Odoo's records, which write nothing."""

from odoo.tools import SQL

PDF_FIELD = "invoice_pdf_report_file"
DOCUMENTS = "account.move"
# images that stand in the text of a message or of the document itself are part of that text
INLINE = """
    SELECT a.id FROM ir_attachment a JOIN account_move m ON m.id = a.res_id
     WHERE a.id = ANY(%s) AND a.mimetype LIKE 'image/%%' AND (
           m.narration ~ ('/web/image/' || a.id || '\\M')
           OR EXISTS (SELECT 1 FROM message_attachment_rel r JOIN mail_message t ON t.id = r.message_id
                       WHERE r.attachment_id = a.id AND t.body ~ ('/web/image/' || a.id || '\\M')))
"""


def files_of(env, move_ids):
    """The files of these documents: their own PDF first, then the file they show, then the rest by age.

    Not those that belong to other fields (e-invoices), images inside texts, or what the server itself has attached for other programs.
    A file that is attached twice counts once.
    """
    domain = [("res_model", "=", DOCUMENTS), ("res_id", "in", list(move_ids)), ("res_field", "in", (False, PDF_FIELD))]
    found_sudo = env["ir.attachment"].sudo().search([*domain, ("type", "=", "binary")], order="id")
    inline = _inline(found_sudo)
    found_sudo = found_sudo.filtered(lambda file: file.id not in inline and not _is_for_programs(file))
    first = {}
    for file in found_sudo:
        first.setdefault((file.res_id, file.checksum or file.id), file.id)
    shown = env[DOCUMENTS].sudo().browse(move_ids).message_main_attachment_id
    return found_sudo.browse(first.values()).sorted(lambda file: (file.res_field != PDF_FIELD, file not in shown, file.id))


def may_be_of_document(file):
    """Whether this is a file that a document may have, as far as the file itself tells."""
    return bool(file.res_model == DOCUMENTS and file.res_id and file.type == "binary" and file.res_field in (False, PDF_FIELD))


def _inline(files):
    """Ids of those of these files that are images inside a text."""
    if not any((file.mimetype or "").startswith("image/") for file in files):
        return set()
    env = files.env
    env["mail.message"].flush_model(["body", "attachment_ids"])
    env[DOCUMENTS].flush_model(["narration"])
    files.flush_recordset(["res_id", "mimetype"])
    return {row[0] for row in env.execute_query(SQL(INLINE, files.ids))}


def _is_for_programs(file):
    """Whether this is data that the server made or received (an e-invoice), not a file that a person has attached."""
    kind = (file.mimetype or "").partition(";")[0]
    return kind in ("application/xml", "text/xml", "application/json") and file.create_uid._is_superuser()
