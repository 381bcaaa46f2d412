from odoo import models
from odoo.tools import SQL

from ...const import ON_ITS_WAY, ON_THE_WIRE
from ...xero_core.fingerprint import fingerprint
from ..dispatch import Outgoing
from ..reasons import Held, Wait
from .snapshot import TYPES


class XeroHandlerDocument(models.AbstractModel):
    """Numbers of the sales side, which Xero keeps unique whatever their letter case, while Odoo's documents exchange theirs.

    A number that another document of ours still has in Xero, though no longer in Odoo, will be free when that one has been brought in step.
    Two may wait for each other (the wizard Resequence): so whoever waits first takes a number of its own, and the circle is open.

    Companies of one connection number apart from each other. Where two have the same number, the second says its company's name behind it,
    and keeps that.
    """

    _inherit = "xero.handler.document"

    def _numbers_in_use(self, connection, moves):
        """``{number in lower case: id of the document}`` of what of this kind is in Xero, as far as we know; one query."""
        numbers = {self._number(move).lower() for move in moves if move.state == "posted" and self._is_numbered(move)}
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT lower(number), res_id FROM xero_binding
                    WHERE connection_id = %s AND kind = %s AND lower(number) = ANY(%s) AND is_there""",
                connection.id, self._kind, list(numbers),
            )
        )  # fmt: skip
        return dict(rows)

    def _own_numbers(self, connection, moves, bindings, numbers):
        """``{document id: its number in Xero}`` of those whose own number another company's document has there.

        :param dict bindings: by document id
        :param dict numbers: see ``_numbers_in_use``
        """
        if len(connection._companies()) == 1:
            return {}
        found, taken = {}, {**self._numbers_on_the_wire(connection), **numbers}
        for move in moves.filtered(self._is_numbered):
            number, binding = self._number(move), bindings.get(move.id)
            if binding and binding.is_there and _names_company(binding.number or "", number, move):
                found[move.id] = binding.number
            elif self._is_of_another_company(move, number, taken.get(number.lower())):
                found[move.id] = f"{number} ({move.company_id.name})"
        return found

    def _numbers_on_the_wire(self, connection):
        """``{number in lower case: id of the document}`` of what of this kind may be in Xero, which has not answered yet."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("state", "in", ON_THE_WIRE)]
        jobs = self.env["xero.job"].search(own)
        sent = [(job, kept["trace"]) for job in jobs for kept in job.traces or ()]
        return {told["number"].lower(): job.res_id for job, told in sent if told.get("number")}

    def _is_of_another_company(self, move, number, owner_id):
        """Whether the number, which the document ``owner_id`` has in Xero, is that of another company's document."""
        if owner_id in (None, move.id):
            return False
        owner = move.browse(owner_id).exists()
        return owner.company_id != move.company_id and self._keeps(owner, number)

    def _number_in_xero(self, move, reading):
        return reading.own_numbers.get(move.id) or self._number(move)

    def _keeps(self, owner, number):
        """Whether a document that has this number in Xero has it in Odoo too."""
        return owner.exists() and owner.state == "posted" and self._is_numbered(owner) and self._number(owner).lower() == number.lower()

    def _check_number(self, move, reading):
        """The number is free in Xero, or its own already.

        :return: the document of ours that still has it in Xero and is to give it away; None if it is free
        :raise Held: another one has it, here and there
        """
        if not self._is_numbered(move):
            return None
        number = self._number_in_xero(move, reading)
        owner_id = reading.numbers.get(number.lower())
        if owner_id in (None, move.id):
            return None
        owner = move.browse(owner_id)
        if not self._keeps(owner, number):
            return owner
        raise Held(
            "number_in_use",
            self.env._("The number %(number)s is already used in Xero by the document of %(other)s.",
                       number=number, other=owner.partner_id.display_name),
            key=f"account.move,{move.id}",
            help=self.env._("Change the number of one of the two documents, then press Retry."),
            record=("account.move", move.id),
        )  # fmt: skip

    def _step_aside(self, job, move, owner, binding, reading):
        """The number is still with ``owner``: wait for it, in Xero under a number of its own.

        :rtype: Item
        :raise Wait: it has one already, or is not in Xero
        :raise Held: ``owner`` is held itself
        """
        number, other = self._number(move), owner.exists()
        own = _aside(move)
        awaited = self.env["xero.job"].search(
            [("connection_id", "=", reading.connection.id), ("kind", "=", self._kind), ("res_id", "=", owner.id),
             ("is_open", "=", True)], limit=1,
        )  # fmt: skip
        if awaited and awaited.state not in ON_ITS_WAY:
            raise self._held_by_owner(move, number, owner, awaited)
        if not binding or (binding.number or "").endswith(own) or other.state != "posted":
            known = binding.number if binding else ""
            message = self.env._("Waits until the number %s is free in Xero.", number)
            if known.endswith(own):
                message = self.env._(
                    "Waits until the number %(number)s is free in Xero; until then it is %(own)s there.", number=number, own=known
                )
            raise Wait(message, asks=self._asked_of(owner, awaited))
        return Outgoing(
            job.id, move.id, "update", self._resource.rename(binding.xero_id, f"{binding.number[:200]}{own}"),
            binding.sent and fingerprint({"figures": binding.sent, "number": own}),
            binding.xero_id, self._as_it_is(binding), move.name, last=False,
        )  # fmt: skip

    def _asked_of(self, owner, awaited):
        """The job about the owner, if it has to be looked at; one in draft does not wait for its hour: its number is another's by now."""
        is_draft = owner.exists().state == "draft"
        return [] if awaited and not is_draft else [(self._kind, "account.move", owner.id)]

    def _check_left(self, move, job):
        """A draft whose number another document has by now leaves at once: it will not be confirmed under that number again."""
        if move.state == "draft" and self._is_numbered(move) and self._is_numbered_otherwise(move):
            return
        super()._check_left(move, job)

    def _is_numbered_otherwise(self, move):
        own = [("company_id", "=", move.company_id.id), ("journal_id", "=", move.journal_id.id), ("state", "=", "posted")]
        return bool(move.name and move.search_count([*own, ("name", "=", move.name), ("id", "!=", move.id)], limit=1))

    def _as_it_is(self, binding):
        """What the binding remembers of a document of which only the number changes."""
        return self._trace(
            type=binding.xero_type or "",
            number=binding.number or "",
            contact_id=binding.contact_xero_id or "",
            figures=binding.figures or "",
            keys=tuple(pair[0] for pair in binding.line_ids or () if not isinstance(pair, str)),
        )

    def _held_by_owner(self, move, number, owner, job):
        other = owner.exists()
        return Held(
            "number_in_use",
            self.env._("The number %(number)s is still used in Xero by %(other)s, which is held back itself. %(why)s",
                       number=number, other=other.display_name or self.env._("a deleted entry"), why=job.message or ""),
            key=f"number,{owner.id}",
            help=self.env._("It follows by itself when that one has been brought in step."),
            record=("account.move", other.id or move.id),
        )  # fmt: skip

    def _after_done(self, connection, res_ids):
        """Whoever waits for a number that these have had in Xero; a new document looks again by itself."""
        super()._after_done(connection, res_ids)
        self.env["xero.problem"]._release(connection, ["number_in_use"], [f"number,{res_id}" for res_id in res_ids])
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j JOIN account_move m ON m.id = j.res_id
                     JOIN xero_binding b USING (connection_id, kind, res_model, res_id)
                    WHERE j.connection_id = %s AND j.kind = %s AND j.state = 'pending' AND j.tries = 0 AND j.next_try IS NOT NULL
                      AND m.state = 'posted' AND m.move_type = ANY(%s) AND lower(m.name) <> lower(b.number)""",
                connection.id, self._kind, [kind for kind in TYPES if kind.startswith("out_")],
            )
        )  # fmt: skip


def _names_company(known, number, move):
    """Whether the number that is ``known`` in Xero says a company behind the document's own; its name may have changed since."""
    return known.startswith(f"{number} (") and not known.endswith(_aside(move))


def _aside(move):
    """What is added to the number of a document that waits for its own."""
    return f" (renumbered {move.id})"
