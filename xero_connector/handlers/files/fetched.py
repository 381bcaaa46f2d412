from odoo import models

from ...const import QUIET
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import attachments as resource
from .document_files import DOCUMENTS


class XeroHandlerAttachment(models.AbstractModel):
    """Files that people have attached in Xero come to the document in Odoo when somebody asks for them; a call for each, one for the list.

    What was fetched, and what was sent from here, is known by its id and not fetched again. Nothing that was fetched goes back.
    """

    _inherit = "xero.handler.attachment"

    def _fetch_files(self, client, connection, move):
        """Attach to a document what Xero has beside what was sent from here.

        :return: ``(names of the files that came, names of those that are too large)``
        :raise XeroError: Xero does not say; what came before stays
        """
        parent_sudo = (
            self.env["xero.binding"].sudo()._by_record(connection, DOCUMENTS, move.ids, self._kinds_that("_files_at")).get(move.id)
        )
        if not parent_sudo or not parent_sudo.is_there:
            return [], []
        listed = client.attachments(self.env["xero.handler"]._of(parent_sudo.kind)._files_at, parent_sudo.xero_id)
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [each.xero_id for each in listed])
        came, large = [], []
        for remote in listed:
            if remote.xero_id in known:
                continue
            if remote.size > resource.MAX_BYTES:
                large.append(remote.name)
            elif (content := client.content(remote)) is not None:
                self._keep_file(connection, move, parent_sudo, remote, content)
                came.append(remote.name)
        return came, large

    def _keep_file(self, connection, move, parent, remote, content):
        """The file, and the pair that keeps it from being sent."""
        Attachment = self.env["ir.attachment"].with_context(**QUIET)
        file = Attachment.create({"name": remote.name, "raw": content, "res_model": move._name, "res_id": move.id})
        pair = {
            "connection_id": connection.id,
            "kind": self._kind,
            "res_model": self._res_model,
            "res_id": file.id,
            "xero_id": remote.xero_id,
        }
        digest = fingerprint({"parent": parent.xero_id, "checksum": file.checksum or ""})
        about = {"number": remote.name, "parent_xero_id": parent.xero_id, "xero_type": parent.xero_type, "sent": digest, "origin": "xero"}
        self.env["xero.binding"].sudo().create({**pair, **about})
