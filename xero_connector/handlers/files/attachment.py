from dataclasses import dataclass

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import ON_ITS_WAY
from ...xero_core import values
from ...xero_core.errors import Outcome, Scope, XeroError
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import attachments as resource
from ...xero_core.resources.attachments import Attachment
from ..dispatch import Claim, Outgoing, Result
from ..reading import Reading
from ..reasons import Held, NothingToDo, Wait
from .document_files import DOCUMENTS, files_of
from .trace import FileTrace

_lt = LazyTranslate(__name__)
MONEY = ("RECEIVE", "SPEND")  # Xero's types of bank transactions


@dataclass
class FileReading(Reading):
    """Of files: their documents (``moves``), what these are in Xero (``parents``, by id) or that they are on their way (``waiting``, ids).

    ``names`` are the files' in Xero, by id; ``counts`` how many files of ours a document has there, by its Xero id.
    """

    files: dict  # by id
    moves: dict  # by id
    parents: dict
    waiting: set
    names: dict
    counts: dict


class XeroHandlerAttachment(models.AbstractModel):
    """Files of invoices, bills and credit notes, and of expenses that the company has paid, sent after the document itself; one call each.

    A file is sent under a name of its own, so nothing that is in Xero is ever replaced but an earlier version of the very file. A file that
    is removed in Odoo stays in Xero: its document may have been approved with it.
    """

    _name = "xero.handler.attachment"
    _inherit = "xero.handler"
    _description = "Xero Handler: Attachments"

    _kind = "attachment"
    _label = _lt("Attachment")
    _sequence = 90
    _setting = "sync_attachment"
    _is_spare = True
    _res_model = "ir.attachment"
    _trace = FileTrace

    def _page(self, short_code, row):
        """Its document's: files have no page."""
        if row["xero_type"] in MONEY:
            return values.bank_transaction_url(short_code, row["parent_xero_id"])
        return values.document_url(short_code, row["xero_type"] or "", row["parent_xero_id"] or row["xero_id"])

    def _known_as(self, files):
        """By their documents."""
        moves = self.env[DOCUMENTS].browse({file.sudo().res_id for file in files}).exists()
        return {file.id: moves.browse(file.sudo().res_id) for file in files if file.sudo().res_id in moves._ids}

    def _ids_under(self, model, ids):
        return files_of(self.env, ids).ids if model == DOCUMENTS else []

    def _batch_limit(self, operation):
        return 1

    def _claim_limit(self):
        """Their contents are in memory from the claim on."""
        return 5

    def _read(self, connection, jobs):
        asked_sudo = self.env["ir.attachment"].sudo().browse(jobs.mapped("res_id")).exists()
        move_ids = [file.res_id for file in asked_sudo if file.res_model == "account.move"]
        Binding = self.env["xero.binding"]
        parents = Binding._by_record(connection, "account.move", move_ids, self._kinds_that("_files_at"))
        files = files_of(self.env, move_ids)
        sent = Binding.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", self._kind),
                ("parent_xero_id", "in", [parent.xero_id for parent in parents.values()]),
            ]
        )
        return FileReading(
            connection,
            bindings=Binding._by_record(connection, self._res_model, jobs.mapped("res_id"), [self._kind]),
            files={file.id: file for file in files},
            moves={move.id: move for move in self.env["account.move"].browse(move_ids)},
            parents=parents,
            waiting=self._waiting_documents(move_ids, connection),
            names=self._names(files, parents, sent),
            counts={xero_id: len(of_parent) for xero_id, of_parent in sent.grouped("parent_xero_id").items()},
        )

    def _waiting_documents(self, move_ids, connection):
        """Ids of those of these documents that are on their way to Xero."""
        own = [("connection_id", "=", connection.id), ("kind", "in", self._document_kinds()), ("res_id", "in", move_ids)]
        return set(self.env["xero.job"].search([*own, ("state", "in", ON_ITS_WAY)]).mapped("res_id"))

    def _names(self, files, parents, sent):
        """``{file id: its name in Xero}``; those that are there keep theirs, also if the file is gone from Odoo."""
        names = {}
        for move_id, of_move in files.grouped("res_id").items():
            if parent := parents.get(move_id):
                there = sent.filtered(lambda binding, parent=parent: binding.parent_xero_id == parent.xero_id)
                own = {binding.res_id: binding.number for binding in there}
                number = of_move.env["account.move"].browse(move_id).name
                for file in of_move.sorted("id"):
                    own.setdefault(file.id, resource.own_name(file.name, number, own.values()))
                names |= own
        return names

    def _decide(self, job, reading):
        """What is to be done about a file.

        | is a file of its document | the document in Xero | the file there | then                                      |
        | ------------------------- | -------------------- | -------------- | ----------------------------------------- |
        | no                        |                      |                | nothing                                   |
        | yes                       | on its way           |                | it waits                                  |
        | yes                       | no                   |                | nothing                                   |
        | yes                       | yes                  | no             | it is added, as far as ten have room      |
        | yes                       | yes                  | this content   | nothing                                   |
        | yes                       | yes                  | another one    | its earlier version is replaced           |
        """
        file, binding = reading.files.get(job.res_id), reading.bindings.get(job.res_id)
        parent = self._parent(file, reading)
        there = binding and binding.parent_xero_id == parent.xero_id
        digest = fingerprint({"parent": parent.xero_id, "checksum": file.checksum or ""})
        if there and binding.sent == digest:
            raise NothingToDo(self.env._("Nothing had changed."))
        name, move = reading.names[file.id], reading.moves[file.res_id]
        self._check_file(file, move, name)
        where = {"endpoint": self.env["xero.handler"]._of(parent.kind)._files_at, "parent_id": parent.xero_id, "name": name}
        return Outgoing(
            job_id=job.id,
            res_id=file.id,
            operation="update" if there else "create",
            payload=where,
            fingerprint=digest,
            xero_id=binding.xero_id if there else "",
            trace=self._trace(**where, type=parent.xero_type or "", size=file.file_size, move_id=move.id, document=move.display_name),
            label=file.name,
            content=file.raw,
            claims=() if there else (self._place(file, move, reading, parent),),
        )

    def _parent(self, file, reading):
        """The counterpart of its document.

        :raise Wait, NothingToDo: there is none yet, or at all
        """
        parent = reading.parents.get(file.res_id) if file else None
        if parent and parent.is_there:
            return parent
        if file and file.res_id in reading.waiting:
            raise Wait(self.env._("Waits for the document %s.", reading.moves[file.res_id].display_name))
        raise NothingToDo(self.env._("Its document is not in Xero, or it is none of the document's files."))

    # === WHAT XERO TAKES === #

    def _check_file(self, file, move, name):
        """:raise Held: Xero takes no such file"""
        ending = resource.extension(name)
        reason = ""
        if not file.file_size:
            reason = self.env._("The file “%(file)s” of %(document)s is empty.", file=file.name, document=move.display_name)
        elif file.file_size > resource.MAX_BYTES:
            reason = self.env._(
                "The file “%(file)s” of %(document)s has %(size)s MB; Xero takes 10 at most.",
                file=file.name, document=move.display_name, size=f"{file.file_size / 1e6:.1f}",
            )  # fmt: skip
        elif ending not in resource.TYPES:
            reason = self.env._(
                "Xero takes no files like “%(file)s” of %(document)s.", file=file.name, document=move.display_name
            )  # fmt: skip
        if reason:
            raise self._held_file(file.id, move.id, reason, self.env._("Attach it as PDF, or ignore it: the document itself is in Xero."))
        if not file.raw:
            reason = self.env._(
                "The content of the file “%(file)s” of %(document)s is missing in Odoo.", file=file.name, document=move.display_name
            )  # fmt: skip
            advice = self.env._(
                "Odoo's file store lacks it, as after restoring a database without its files. Attach it again, or ignore it."
            )
            raise self._held_file(file.id, move.id, reason, advice)

    def _place(self, file, move, reading, parent):
        """One of the files that the document can have in Xero.

        :rtype: Claim
        """
        reason = self.env._("“%(file)s” is one file too many: Xero takes 10 for %(document)s.", file=file.name, document=move.display_name)
        advice = self.env._("Remove one of them in Xero and attach this one there, or ignore it.")
        room = resource.MAX_FILES - reading.counts.get(parent.xero_id, 0)
        return Claim(("files", parent.xero_id), lambda: self._held_file(file.id, move.id, reason, advice), room)

    def _held_file(self, file_id, move_id, reason, advice, details=()):
        record = ("account.move", move_id)
        return Held(
            "file_refused", reason, key=f"ir.attachment,{file_id}", help=advice, details=details, record=record, failed=bool(details)
        )

    # === SEND === #

    def _call(self, client, operation, items, idempotency_key):
        [item] = items  # see _batch_limit
        try:
            return [Result(item, remote=client.attach(Attachment(**item.payload, content=item.content), idempotency_key))]
        except XeroError as error:
            # this file's own fault: no sign that Xero refuses everything
            if error.scope is Scope.DOCUMENT and error.outcome is Outcome.REFUSED:
                return [Result(item, errors=error.details or (error.message,))]
            raise

    def _refused(self, item, errors):
        document = item.trace.document
        return self._held_file(
            item.res_id,
            item.trace.move_id,
            self.env._("Xero did not take the file “%(file)s” of %(document)s.", file=item.label, document=document),
            self.env._("Attach it in another form, or ignore it: the document itself is in Xero."),
            errors,
        )

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        parents = {(item.trace.endpoint, item.trace.parent_id) for item in creates}
        return [remote for parent in sorted(parents) for remote in client.attachments(*parent)]

    def _is_ours(self, trace, remote):
        """Of its name and size; if there is none, sending it again replaces nothing but itself."""
        return bool(trace.name) and (remote.parent_id, remote.name, remote.size) == (trace.parent_id, trace.name, trace.size)

    def _binding_values(self, remote):
        return {"number": remote.name, "parent_xero_id": remote.parent_id}

    def _remembered(self, remote, trace):
        """Also what its document is, for the link to it."""
        return {**super()._remembered(remote, trace), "xero_type": trace.type}
