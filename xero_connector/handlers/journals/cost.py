from dataclasses import dataclass, replace

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import COSTS
from ..reasons import NothingToDo
from .lines import JournalReading

_lt = LazyTranslate(__name__)


@dataclass
class CostReading(JournalReading):
    """With what the documents are in Xero, by their ids."""

    documents: dict


class XeroHandlerCost(models.AbstractModel):
    """What Odoo books about the goods of an invoice, bill or credit note, beside what the document itself says: one posted manual journal.

    With perpetual valuation the cost of goods sold (a price difference, of a bill) is part of the document's entry, and Xero knows it only
    if it is told. As lines of the invoice it would be the customer's business; so it is a manual journal, which follows its document.
    """

    _name = "xero.handler.cost"
    _inherit = "xero.handler.journal"
    _description = "Xero Handler: Cost of Goods"

    _kind = "cost"
    _takes = ""  # what people post in Xero is an entry of its own
    _moves = ()
    _label = _lt("Cost of Goods")
    _sequence = 52
    _is_companion = True
    _is_ruled = False  # it follows its document
    _is_counted = False
    _is_told = False

    def _read(self, connection, jobs):
        documents = self.env["xero.binding"]._by_record(connection, self._res_model, jobs.mapped("res_id"), self._document_kinds())
        return CostReading(**vars(super()._read(connection, jobs)), documents=documents)

    def _is_booked(self, line):
        return line.display_type == COSTS and super()._is_booked(line)

    def _decide(self, job, reading):
        """What is to be done about the costs of a document. They come after it and leave after it.

        | the document in Xero | in Odoo               | the costs in Xero | then                                            |
        | -------------------- | --------------------- | ----------------- | ----------------------------------------------- |
        | there                | posted, with costs    | no                | they are made, if the connection sends costs    |
        | there                | posted, with costs    | as they were sent | nothing                                         |
        | there                | posted, with costs    | otherwise         | they are changed                                |
        | there                | posted, without costs | yes               | they are voided                                 |
        | there                | not posted            | yes               | nothing: they stay as long as the document does |
        | void                 |                       | yes               | they are voided                                 |
        | not known            | not posted, or gone   | yes               | they are voided                                 |
        | void or not known    |                       | no                | nothing                                         |

        What is voided in Xero counts as not there.
        """
        move, binding, document = (found.get(job.res_id) for found in (reading.records, reading.bindings, reading.documents))
        if binding and not binding.is_there:
            binding = None  # the end of that one in Xero: with the document, made again, they are made anew
        is_posted = bool(move and move.state == "posted")
        postings = self._postings(move) if is_posted else []
        if binding and self._is_to_leave(document, is_posted, postings):
            return self._removal(job, binding, reading.connection)
        self._check_follows(move, document, is_posted)
        if not binding and (reason := self._reason_against_costs(move, reading.connection)):
            raise NothingToDo(reason)
        return self._made(job, move, binding, postings, reading)

    def _is_to_leave(self, document, is_posted, postings):
        """Whether what Xero has of the costs of a document is to be taken out.

        :param document: the document's binding, if any
        """
        if document and document.is_there:
            return is_posted and not postings
        return bool(document) or not is_posted

    def _check_follows(self, move, document, is_posted):
        """:raise NothingToDo: it is not the time of its costs; when the document has been sent, or taken out, they are asked for again"""
        if not is_posted:
            raise NothingToDo(self.env._("The document is not posted."))
        if not document or not document.is_there:
            raise NothingToDo(self.env._("The cost of its goods goes to Xero after %s itself.", move.name))

    def _narration(self, move):
        """What it is, and the document's number."""
        return f"{self.env._('Cost of goods')}, {super()._narration(move)}"[:400]

    def _outgoing(self, job, record, binding, journal, payload, digest, reading):
        outgoing = super()._outgoing(job, record, binding, journal, payload, digest, reading)
        return replace(outgoing, label=self.env._("The cost of goods of %s", record.name))

    # === REFUSALS: another problem than the document's own === #

    def _refused(self, item, errors):
        return self._apart(super()._refused(item, errors), item)

    def _held_void(self, item, details):
        return self._apart(super()._held_void(item, details), item)

    def _apart(self, held, item):
        held.key = f"{self._kind},{item.res_id}"
        return held
