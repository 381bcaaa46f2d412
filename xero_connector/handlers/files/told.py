from odoo import models

from ... import words
from ...const import HELD, ON_THE_WIRE
from ..missing import REASONS
from .document_files import DOCUMENTS, files_of


class XeroHandlerAttachment(models.AbstractModel):
    """What became of each file of a document, for the document's own screen."""

    _inherit = "xero.handler.attachment"

    def _files_told(self, connection, record):
        """``(name, state of ``words.DOCUMENT``, sentence)`` of each file of a document; of no other record.

        | the file           | says                                        |
        | ------------------ | ------------------------------------------- |
        | has an open job    | what holds it, or that it goes              |
        | is in Xero         | since when                                  |
        | neither            | why nobody has asked for it                 |
        """
        if record._name != DOCUMENTS:
            return []
        files = files_of(self.env, record.ids)
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", files.ids)]
        sent = {binding.res_id: binding for binding in self.env["xero.binding"].search([*own, ("is_there", "=", True)])}
        jobs = {job.res_id: job for job in self.env["xero.job"].search([*own, ("is_open", "=", True)])}
        why_none = self._why_no_file(connection, record)
        return [(file.name, *self._file_told(jobs.get(file.id), sent.get(file.id), why_none)) for file in files]

    def _file_told(self, job, binding, why_none):
        if job:
            state = "pending" if job.state in ON_THE_WIRE else job.state
            cause = job.state in HELD and job.problem_id.name
            return state, cause or job.message or job.connection_id._waiting_words()
        if binding:
            return "synced", binding.last_sync and self.env._("Sent %s.", words.moment(self.env, binding.last_sync))
        return "", why_none

    def _why_no_file(self, connection, record):
        """Why a file that nobody has asked for is not in Xero."""
        reason = self._asked_for(connection)
        if reason == "turn" and not self._kind_of(record):
            return ""
        if reason == "turn" and not self.env["xero.binding"]._by_record(connection, DOCUMENTS, record.ids, self._kinds_that("_files_at")):
            return self.env._("Goes after the document itself.")
        sentence = self.env._(REASONS[reason].sentence)
        return sentence % {"what": self._what_is_meant(reason, connection, 0), "day": ""}
