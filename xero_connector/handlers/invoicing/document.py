from dataclasses import replace

from odoo import models

from ...xero_core import values
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import invoices as resource
from ...xero_core.values import clean_text
from .. import mark
from ..dispatch import Claim, Outgoing
from ..reasons import NothingToDo, Wait
from ..trace import LinesTrace
from .lines import LINE_FIELDS
from .snapshot import SALES, TYPES, DocumentReading

RANKS = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID")


class XeroHandlerDocument(models.AbstractModel):
    """What invoices, bills and credit notes have in common on their way to Xero, where their totals equal Odoo's to the cent.

    Created by PUT, which never overwrites. On the sales side Xero keeps numbers unique: one in use is looked up and taken over only if it
    is ours. On the purchase side it does not, so before anything is created there it is looked for.
    """

    _name = "xero.handler.document"
    _inherit = "xero.handler.invoice.snapshot"
    _description = "Xero Handler: Documents"

    _res_model = "account.move"
    _trace = LinesTrace
    _is_distributed = True
    _is_counted = True
    _is_told = True
    _is_ruled = True
    _files_at = "Invoices"
    _list = "Invoices"
    _rings = ("INVOICE",)
    _rings_itself = True
    _is_asked_by_id = True
    _resource = resource  # ring 1's payloads of the kind

    def _sweep(self, connection):
        """Posted documents since the start date that are not in Xero, those changed since they were sent, and those no longer in Odoo."""
        domain = [("company_id", "in", connection._companies().ids), ("state", "=", "posted"), ("move_type", "in", self._moves)]
        domain += [("invoice_date", ">=", connection.sync_from)] if connection.sync_from else []
        ids = set(self.env["account.move"].sudo().search(domain).ids)
        known = connection._known_kinds("account.move", list(ids))
        unsent = ids.difference(*(known.get(kind, ()) for kind in self._document_kinds()))
        changed = ids & set(connection._changed_ids("account.move", "account_move", self._kind))
        self._ask_for(connection, [*(unsent | changed), *connection._gone_ids("account.move", "account_move", self._kind)])

    def _page(self, short_code, row):
        return values.document_url(short_code, row["xero_type"] or "", row["parent_xero_id"] or row["xero_id"])

    def _enqueue_first(self, connection, job_ids):
        named = (handler for handler in self.env["xero.handler"]._all() if handler._is_named)
        return any(handler._enqueue_needed(connection, job_ids) for handler in named)

    def _read(self, connection, jobs):
        return self._read_moves(connection, jobs.mapped("res_id"))

    def _read_moves(self, connection, move_ids):
        """What the decisions about these documents need."""
        moves = self.env["account.move"].browse(move_ids).exists()
        moves.line_ids.fetch(LINE_FIELDS)
        contacts, contact_jobs = self.env["xero.handler.contact"]._known(connection, moves.commercial_partner_id)
        Binding = self.env["xero.binding"]
        bindings = Binding._by_record(connection, "account.move", move_ids, [self._kind])
        table = connection._mapping_table()
        money = self._money(connection, bindings.values())
        numbers = self._numbers_in_use(connection, moves)
        return DocumentReading(
            connection,
            bindings,
            table=table,
            cents=self._cents(connection, table),
            moves={move.id: move for move in moves},
            contacts=contacts,
            contact_jobs=contact_jobs,
            others=self._bound_with_number(connection, moves),
            numbers=numbers,
            own_numbers=self._own_numbers(connection, moves, bindings, numbers),
            details=self._line_details(connection, moves),
            base_url=self.env["ir.config_parameter"].sudo().get_param("web.base.url", ""),
            settled=self._settled_elsewhere(connection, moves),
            proposed=self.env["xero.made"]._like(connection, move_ids),
            money=money,
            money_jobs=self._money_jobs(connection, self.env["xero.binding"].union(*money.values())),
            asked=self._asked_about(bindings.values()),
        )

    def _is_numbered(self, move):
        """Whether its number has to be unique in Xero."""
        return TYPES.get(move.move_type) in SALES

    def _bound_with_number(self, connection, moves):
        """``{number: Xero ids, and links}`` of documents of the purchase side that are known to be others, though numbered alike."""
        purchases = (move for move in moves if move.move_type in TYPES and TYPES[move.move_type] not in SALES)
        numbers = [clean_text(self._number(move), resource.NUMBER_LIMIT) for move in purchases]
        others = {}
        if numbers:
            own = [("connection_id", "=", connection.id), ("kind", "=", self._kind)]
            for binding in self.env["xero.binding"].search([*own, ("number", "in", numbers)]):
                others.setdefault(binding.number, []).append(binding.xero_id)
            # of those without an answer nobody knows the id
            for job in self.env["xero.job"].search([*own, ("state", "=", "uncertain")]):
                for kept in job.traces or ():
                    others.setdefault(kept["trace"].get("number"), []).append(kept["trace"].get("url"))
        return others

    def _decide(self, job, reading):
        """What is to be done about a document.

        | in Odoo                | in Xero        | then                                                                      |
        | ---------------------- | -------------- | ------------------------------------------------------------------------- |
        | cancelled or deleted   | yes            | it is voided, when the money against it has left                          |
        | in draft               | yes            | the same, after an hour or if a person asks                               |
        | not posted             | no, or void    | nothing                                                                   |
        | posted                 | no, or void    | it is made, if it is dated since the sync started                         |
        | posted                 | as it was sent | nothing                                                                   |
        | posted, other content  | changed there, | nothing, until somebody has said whose side is right                      |
        |                        | and asked about|                                                                           |
        | posted, other figures  | otherwise      | it is changed, when the money against it has left; not in a closed period |
        | posted, other words    | otherwise      | these are changed                                                         |
        | posted, another number | with ours that | it gets one of its own until that is free                                 |
        |                        | gives it away  |                                                                           |

        What holds it, and what it waits for, is checked before.
        """
        move, binding = reading.moves.get(job.res_id), reading.bindings.get(job.res_id)
        if binding and self._is_to_leave(move, binding, job):
            return self._voiding(job, move, binding, reading)
        if binding and not binding.is_there:
            binding = None  # the end of that one in Xero: the document, posted again, is made anew
        self._check_counts(move, binding, job, reading.connection)
        self._check_ready(move, reading)
        return self._change(job, move, binding, reading)

    def _check_counts(self, move, binding, job, connection):
        """:raise NothingToDo: it is none of those that are sent"""
        if not move or move.state != "posted":
            raise NothingToDo(self.env._("The document is not posted."))
        if not binding and not job.manual and (reason := self._reason_of_day(move, connection)):
            raise NothingToDo(reason)

    def _change(self, job, move, binding, reading):
        """What makes the document in Xero, or (``binding``) changes it there."""
        self._check_asked(move, binding)
        document, correction = self._settled(move, reading)
        self._check_amounts(document, move)
        plain = self._resource.to_xero(document)
        digest = self._digest(plain)
        settled = reading.settled.get(move.id)
        if binding and binding.sent == digest:
            self._check_settled(move, settled)
            raise NothingToDo(self.env._("Nothing had changed."))
        self._check_answered(binding, reading.asked)
        if not binding:
            self._check_not_made(move, reading)
        if owner := self._check_number(move, reading):
            return self._step_aside(job, move, owner, binding, reading)
        return Outgoing(
            job_id=job.id,
            res_id=move.id,
            operation="update" if binding else "create",
            payload=self._update(move, document, binding, plain, job, reading) if binding else plain,
            fingerprint=digest,
            xero_id=binding.xero_id if binding else "",
            trace=replace(self._described(move, document, plain, reading), correction=correction),
            label=move.name,
            last=not settled,
            claims=self._number_claim(move, reading),
        )

    def _digest(self, plain):
        """Fingerprint of a payload, by which it is known whether something was changed since."""
        return fingerprint(resource.without_items(_unmarked(plain)))

    def _number_claim(self, move, reading):
        """Two documents of one number, of which neither is in Xero with it: the second looks again when the first has it."""
        if not self._is_numbered(move):
            return ()
        number = self._number_in_xero(move, reading)
        return (Claim(("number", number.lower()), lambda: Wait(self.env._("Waits for another document with the number %s.", number))),)

    def _is_to_leave(self, move, binding, job):
        """Whether what Xero has of the document is to be taken out of it: cancelled, deleted, or left in draft.

        :raise Wait: somebody may still be at work on it
        """
        if move and move.state == "draft" and binding.is_there:
            self._check_left(move, job)
            return True
        return not move or move.state == "cancel"

    def _described(self, move, document, plain, reading):
        """How to recognise the document in Xero, and what the binding remembers of it.

        :rtype: LinesTrace
        """
        number = plain[self._resource.NUMBER]
        return self._trace(
            type=document.kind,
            number=number,
            contact_id=document.contact_id,
            partner_id=move.commercial_partner_id.id,
            partner=move.commercial_partner_id.complete_name,
            date=document.date,
            total=document.total,
            tax=document.total_tax,
            url=document.url,
            others=tuple(filter(None, reading.others.get(number, ()))),
            keys=tuple(line.key for line in document.lines),
            figures=self._figures(plain),
            # no link bears its mark: it is known by what it says
            content="" if "Url" in plain else self._content(plain),
            **self._named_by_lines(document, reading.details),
        )

    def _content(self, payload):
        return resource.content(self._resource.from_xero(payload).told)

    def _update(self, move, document, binding, plain, job, reading):
        """What changes a document in Xero.

        It names the number only to change it, so that it cannot be taken for the document that is meant, and the status only to bring it
        forward: what somebody approved in Xero stays approved.
        """
        number, key = plain[self._resource.NUMBER], self._resource.NUMBER
        forward = rank(document.status) > rank(binding.xero_status)
        payload = self._resource.to_xero(self._with_xero_ids(replace(document, status=document.status if forward else ""), binding))
        if self._has_new_figures(binding, plain) or self._leaves_contact(document, binding, reading):
            self._check_locked_change(move, binding, document.date, reading.connection)
            self._check_room(move, binding, job, reading)
        else:
            payload = {name: value for name, value in payload.items() if name in self._resource.FREE or name == "Status"}
            if document.contact_id == binding.contact_xero_id or self._is_locked(binding, reading):
                payload.pop("Contact", None)
        same_number = binding.sent and binding.number == number  # without: it may have been renamed to be voided, and was not
        return payload if same_number else {**payload, key: number}

    def _has_new_figures(self, binding, plain):
        """Whether more changes than what Xero allows of a document that is paid."""
        return not binding.sent or binding.figures != self._figures(plain)

    def _leaves_contact(self, document, binding, reading):
        """Whether it comes to another contact while credit is allocated to it: Xero lets paid documents go, credited ones not."""
        moves = binding.contact_xero_id and document.contact_id != binding.contact_xero_id and not self._is_locked(binding, reading)
        return moves and any(each.credit for each in reading.money.get(binding.xero_id, ()))

    def _is_locked(self, binding, reading):
        lock = reading.connection._last_locked_day()
        return bool(lock and binding.date and binding.date <= lock)

    def _figures(self, plain):
        return fingerprint(resource.figures(plain, self._resource.FREE))

    def _voiding(self, job, move, binding, reading):
        if not binding.is_there:
            raise NothingToDo(self.env._("It is already void in Xero."))
        self._check_asked(None, binding)
        # it is renamed before it is voided: whatever comes of that, it is no longer what was sent
        removal = replace(self._removal(job, binding, reading.connection), unsettles=True)
        self._check_room(move, binding, job, reading)
        return removal

    def _removal_trace(self, binding):
        return self._trace(type=binding.xero_type or "ACCREC", number=binding.number or "")


def _unmarked(payload):
    """As older versions have sent it: what was in step then is in step now."""
    return {**payload, "Url": mark.unmarked(payload["Url"])} if "Url" in payload else payload


def rank(status):
    """How far a document has come in Xero."""
    return RANKS.index(status) if status in RANKS else -1
