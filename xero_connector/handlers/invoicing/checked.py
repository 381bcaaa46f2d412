from odoo import fields, models

from ...access import clients
from ...const import GONE, ON_THE_WIRE
from .. import mark
from ..amounts import exact_amount
from ..drift import Noted, Side, sentences
from .snapshot import TYPES

LOOKED_AT = 200  # documents of a kind that are compared at the end of one run


class XeroHandlerDocument(models.AbstractModel):
    """Reads documents in Xero, because a person asks or a backup came back, and says whether they are the same there."""

    _inherit = "xero.handler.document"

    def _read_in_xero(self, connection, moves):
        """What differs between these documents, which are in Xero and in step as far as is known, and what Xero holds; one call for fifty.

        What differs is kept as the document's state; who changed it, and what is to become of it, a person decides.

        :return: ``{document: sentences}``, empty for those that are the same
        :raise XeroError: if Xero did not say
        """
        bindings = self.env["xero.binding"].sudo()._by_record(connection, self._res_model, moves.ids, [self._kind])
        ids = [each.xero_id for each in bindings.values()]
        calls = []
        try:
            found = self._fetch(clients.xero(connection, on_call=calls.append), ids=ids)
        finally:
            self.env["xero.call"]._record(connection, calls)
        differences = self._compare(connection, moves, bindings, {remote.xero_id: remote for remote in found})
        same = [bindings[move.id].id for move, sentences in differences.items() if not sentences]
        self.env["xero.binding"].sudo().browse(same).write({"last_sync": fields.Datetime.now()})
        return differences

    def _is_taken_here(self, remote):
        return remote.kind == TYPES[self._moves[0]]

    def _is_news(self, binding, remote, move):
        """Whether it has to be compared: what is open on it, and that it is gone, are no part of what it says (``_is_echo``).

        What is open is none only if it is what we last read and what is open here: our own payments move it, and people's take it back.
        What differed may have become the same here.
        """
        if binding.state == "drift" or remote.status in GONE or not self._is_echo(binding, remote):
            return remote.status not in GONE or binding.is_there
        due = binding.xero_due if binding.due_read_at else float(remote.total)
        return float(remote.amount_due) != due or remote.amount_due != exact_amount(move.amount_residual, move.currency_id)

    def _take(self, connection, client, remotes, baseline):
        """What Xero holds is compared with what is here. Nothing is booked.

        What waits to be sent, and was changed here only, is compared when it arrives.
        """
        found = {remote.xero_id: remote for remote in remotes}
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, found)
        self._bind_forgotten(connection, [remote for xero_id, remote in found.items() if xero_id not in known])
        moves = self.env[self._res_model].browse(each.res_id for each in known.values()).exists()
        by_move = {each.res_id: each for each in known.values()}
        news = moves.filtered(lambda move: self._is_news(by_move[move.id], found[by_move[move.id].xero_id], move))
        bindings = {move.id: by_move[move.id] for move in news}
        waiting, on_the_wire = self._waiting(connection, bindings)
        late = news.filtered(lambda move: move.id in waiting - on_the_wire and move.state == "posted")
        both = self._changed_there(connection, late, bindings, found)
        waiting -= set(both.ids)
        moves = news.filtered(lambda move: move.id not in waiting and move.state == "posted")
        for move in self._compare(connection, moves, bindings, found, baseline):
            self._note_seen(bindings[move.id], found[bindings[move.id].xero_id])
        on_its_way = self.env["xero.handler.payment"]._on_their_way(connection, moves)
        self._seek_what_was_removed(connection, client, moves - on_its_way, bindings, found)
        judged_sudo = self.env["xero.binding"].sudo().browse(bindings[move.id].id for move in moves - on_its_way)
        judged_sudo.filtered("look_again").look_again = False
        self.env["xero.binding"].sudo().browse(bindings[res_id].id for res_id in [*waiting, *on_its_way.ids]).look_again = True

    def _seek_what_was_removed(self, connection, client, moves, bindings, remotes):
        """Where more is open in Xero than here though all that is here was told, a payment may be gone of which no list has told."""
        more = []
        for move in moves:
            remote = remotes.get(bindings[move.id].xero_id)
            if remote and remote.status not in GONE and remote.amount_due > exact_amount(move.amount_residual, move.currency_id):
                more.append(remote.xero_id)
        self.env["xero.handler.payment"]._seek_removed(connection, client, more)

    def _tells_more(self, connection, remotes):
        """Whether money about them moved that is not known here: what is open is another, or a payment is none that we remember.

        Payments may be left out where there are some; what is open tells.
        """
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [remote.xero_id for remote in remotes])
        ours = [remote for remote in remotes if remote.xero_id in known]
        paid = {payment_id for remote in ours for payment_id in remote.payment_ids}
        own = [("connection_id", "=", connection.id), ("is_there", "=", True), ("xero_id", "in", list(paid))]
        if paid - set(self.env["xero.binding"].sudo().search(own).mapped("xero_id")):
            return True
        return any(self._is_open_otherwise(known[remote.xero_id], remote) for remote in ours)

    def _is_open_otherwise(self, binding, remote):
        if remote.status in GONE:
            return binding.is_there  # nothing may be paid on what is voided
        move = self.env[self._res_model].browse(binding.res_id).exists()
        return bool(move) and remote.amount_due != exact_amount(move.amount_residual, move.currency_id)

    def _compare_marked(self, connection, client):
        """What could not be judged when it was read, since something of it was on its way: now that nothing is."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("look_again", "=", True)]
        marked_sudo = self.env["xero.binding"].sudo().search(own)
        bindings = {each.res_id: each for each in marked_sudo}
        moves = self.env[self._res_model].browse(bindings).exists()
        gone = bindings.keys() - set(moves.ids)  # what becomes of their counterparts, their jobs decide
        due = (moves - self.env["xero.handler.payment"]._on_their_way(connection, moves)).filtered(lambda move: move.state == "posted")
        due = due[:LOOKED_AT]
        compared_sudo = marked_sudo.filtered(lambda each: each.res_id in due.ids)
        if compared_sudo:
            found = {remote.xero_id: remote for remote in self._fetch(client, ids=compared_sudo.mapped("xero_id"))}
            for move in self._compare(connection, due, bindings, found):
                if remote := found.get(bindings[move.id].xero_id):
                    self._note_seen(bindings[move.id], remote)
            self._seek_what_was_removed(connection, client, due, bindings, found)
        (compared_sudo | marked_sudo.filtered(lambda each: each.res_id in gone)).look_again = False

    def _bind_forgotten(self, connection, remotes):
        """What was made of documents that are here, though nothing remembers it: they say so by their marks.

        Whatever became of them since the backup came back, cancelled ones included, is decided with that then. What is on the wire is
        looked up by itself. Credit notes have no link, and so no mark: they are recognised when they are sent again, and else left alone.
        """
        made = {move.id: remote for remote in remotes if remote.status not in GONE and (move := self._made_of(remote, connection))}
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", list(made))]
        on_the_wire = set(self.env["xero.job"].sudo().search([*own, ("state", "in", ON_THE_WIRE)]).mapped("res_id"))
        known = self.env["xero.binding"].sudo()._by_record(connection, self._res_model, made, [self._kind])
        bound = [res_id for res_id in made if res_id not in on_the_wire and not (res_id in known and known[res_id].is_there)]
        for res_id in bound:
            # nothing was compared, so nothing is remembered as sent
            values = {**self._binding_values(made[res_id]), "xero_id": made[res_id].xero_id, "sent": False, "look_again": True}
            record = {"connection_id": connection.id, "kind": self._kind, "res_model": self._res_model, "res_id": res_id}
            known[res_id].write(values) if res_id in known else self.env["xero.binding"].sudo().create({**record, **values})
        if bound:
            self._after_bound(connection, bound)
            self._ask_for(connection, bound)

    def _made_of(self, remote, connection):
        """The document whose mark this record of Xero bears; empty if there is none here."""
        move = mark.record_of(self.env[self._res_model], remote.url)
        return move.filtered(lambda each: each.move_type in self._moves and connection._speaks_for(each.company_id))

    def _compare(self, connection, moves, bindings, remotes, baseline=False):
        """What differs of these documents, in sentences; it is kept as their state, and people are asked (``xero.drift``)."""
        contacts, _jobs = self.env["xero.handler.contact"]._known(connection, moves.commercial_partner_id)
        moves, is_money_told = moves.filtered(lambda move: move.id in bindings), self.env["xero.handler.payment"]._is_money_told
        changed = moves.filtered(lambda move: self._is_content_news(move, bindings[move.id], remotes.get(bindings[move.id].xero_id)))
        expected, found = self._expected(connection, changed), {}
        names = self._names(connection) if expected else None
        for move in moves:
            binding = bindings[move.id]
            remote = remotes.get(binding.xero_id)
            sides = self._differences(move, remote, contacts.get(move.commercial_partner_id.id), is_money_told(connection, move))
            if move in expected:
                sides += self._differences_said(expected[move], remote.told, names)
            elif move in changed and binding.seen and not sides:
                text = self.env._("It was changed in Xero; what differs can be told once it could be sent as it is here.")
                sides.append(Side("content", "", "", text))
            found[move] = self._noted(move, binding, remote, sides, baseline)
        self._ask_people(connection, [each for each in found.values() if self._keep_compared(each, remotes)], remotes, expected, names)
        return {move: sentences(noted.sides) for move, noted in found.items()}

    def _is_content_news(self, move, binding, remote):
        """Whether the two are compared field by field: not what came from Xero, and is on both sides as it came."""
        if not self._says_otherwise(binding, remote):
            return False
        is_taken = binding.origin == "xero" and not binding.follows_odoo and binding.came
        return not (is_taken and binding.came == self._seen(remote) and binding.sent == self._as_it_came(move))

    def _noted(self, move, binding, remote, sides, baseline):
        """:rtype: Noted"""
        gone, currency = remote is None or remote.status in GONE, move.currency_id
        amount = exact_amount(move.amount_total, currency) - (0 if gone else remote.total)
        changed_at = remote.updated.replace(tzinfo=None, microsecond=0) if remote and remote.updated else None
        return Noted(binding, move, sides, self._seen(remote) if remote else "", changed_at, gone, amount, currency.id, baseline)

    def _keep_compared(self, noted, remotes):
        """What came of a comparison is the document's state; that it differs is told once. Returns whether a person has to be asked."""
        binding, was, remote = noted.binding, noted.binding.state, remotes.get(noted.binding.xero_id)
        binding.write({"xero_due": float(remote.amount_due), "due_read_at": fields.Datetime.now()} if remote else {})
        if noted.sides and was == "accepted" and binding.accepted == self._as_accepted(binding, noted.record, noted.seen):
            return False  # a person has left it so
        differs = {"state": "drift", "message": self._difference_said(binding, noted.sides), "accepted": False}
        binding.write(differs if noted.sides else {"state": "synced", "message": False, "accepted": False})
        if noted.sides and was != "drift":
            self._note({noted.record.id: self.env._("Different in Xero: %s", binding.message)})
        return bool(noted.sides)

    def _compare_answered(self, connection, drifts, remotes):
        moves = self.env[self._res_model].browse(drifts.mapped("res_id")).exists()
        bindings = {binding.res_id: binding for binding in drifts.binding_id}
        self._compare(connection, moves, bindings, remotes)

    def _as_accepted(self, binding, move, seen):
        """What has to stay as it is for what a person left so: what Xero holds, and how far what is open is apart."""
        return f"{seen} {exact_amount(move.amount_residual - binding.xero_due, move.currency_id)}"

    def _ask_people(self, connection, asked, remotes, expected, names):
        """Keep what differs for whoever answers, with what both sides had when they last agreed."""
        if not asked:
            return
        agreed = self.env["xero.version"].sudo()._last_answers([noted.binding.id for noted in asked])
        names = names or self._names(connection)
        rows = []
        for noted in asked:
            remote, ours = remotes.get(noted.binding.xero_id), expected.get(noted.record)
            sides = self._with_agreed(noted.sides, noted.record, ours, remote and remote.told, agreed.get(noted.binding.id, {}), names)
            rows.append(noted._replace(sides=sides))
        self.env["xero.drift"].sudo()._keep(rows)
