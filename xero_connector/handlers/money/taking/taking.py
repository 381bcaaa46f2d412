from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount
from odoo.tools.translate import LazyTranslate

from .... import words
from ..parts import debt_lines, partials_of
from .facts import ALLOCATION, BATCH, NOTE, PAYMENT, Verdict, decide, decide_gone

_lt = LazyTranslate(__name__)

# why something is held or asked about; ``%(about)s`` is the document, bank or day that is meant
WORDS = {
    "strangers": _lt("Some of what it pays is not in Odoo."),
    "lacks": _lt("%(about)s"),
    "unmapped": _lt("No journal of Odoo is mapped to the account %(about)s; choose it in the mapping."),
    "alike": _lt("%(about)s in Odoo looks like it, and is not in Xero yet."),
    "nobody": _lt("Nobody has chosen who records the payments of this bank."),
    "odoo": _lt("The payments of this bank are recorded in Odoo."),
    "nobody_allocates": _lt("Nobody has chosen whether credit that is used in Xero is matched in Odoo."),
    "odoo_allocates": _lt("Credit is matched with documents in Odoo."),
    "taxed": _lt(
        "Xero has booked %(about)s of tax with this prepayment already. Odoo books the money, and the tax when there is an invoice: "
        "until it is used, the two differ by that."
    ),
    "draft": _lt("%(about)s is not posted in Odoo."),
    "currency": _lt("The bank is in another currency than %(about)s, and not in the company's."),
    "too_much": _lt("It is more than what is open on %(about)s in Odoo."),
    "journal_off": _lt("The journal %(about)s is archived in Odoo."),
    "no_method": _lt("The journal %(about)s has no payment method for it in Odoo."),
    "currency_off": _lt("The currency %(about)s is archived in Odoo."),
    "bank_amount": _lt("Xero does not say how much the bank had for it."),
    "locked": _lt("The books are closed up to %(about)s in Odoo."),
    "other_currency": _lt("It is in %(about)s, which is not the currency of the bank here."),
    "sent": _lt("It was sent from an Odoo, but is not here any more."),
    "line_changed": _lt(
        "It was changed in Xero, but its bank line here is booked otherwise than it came. Put one of them right; or book it as Xero has it."
    ),
    "sent_changed": _lt(
        "It was changed in Xero; %(about)s in Odoo is as it was sent. Change it back there; or delete it there, then send Odoo's."
    ),
    "sent_gone": _lt("It was deleted in Xero: undo %(about)s in Odoo, or send Odoo's again."),
    "line_locked": _lt("It was changed in Xero; here it is in a period that is closed up to %(about)s."),
    "line_gone": _lt(
        "It was deleted in Xero, but its bank line is matched or booked otherwise here: undo that, then look again. Or send Odoo's."
    ),
    "one_side": _lt("The lines of %(about)s do not come from Xero, so that only one side of this transfer would be here."),
    "two_currencies": _lt("It is a transfer between two currencies, of which Xero does not say what arrived. Enter both lines by hand."),
    "transfer_gone": _lt("It was deleted in Xero, but its bank lines are matched otherwise here: delete them, or leave this out."),
    "note_gone": _lt("The credit note %(about)s, which stands in Xero for a write-off, was removed there. Send Odoo's, or undo it here."),
    "note_changed": _lt("The credit note %(about)s, which stands in Xero for a write-off, was changed there. Send Odoo's, or leave it."),
    "note_freed": _lt(
        "The credit note %(about)s, which stands in Xero for a write-off, is not used there as it was. Send Odoo's, or leave it."
    ),
    "gone": _lt("It was deleted in Xero."),
    "gone_bank": _lt("It was deleted in Xero, but here it is matched with a line of the bank: undo that match first."),
    "gone_part": _lt("It was deleted in Xero; here it is part of a payment of more: undo its match, or send Odoo's again."),
    "gone_hash": _lt("It was deleted in Xero; its entry here is secured and cannot be cancelled: reverse it."),
    "gone_locked": _lt("It was deleted in Xero; its entry here is in a period that is closed up to %(about)s."),
}
STATES = {Verdict.HELD: "held", Verdict.PROPOSED: "proposed", Verdict.ASKED: "asked", Verdict.WAIT: "waiting"}


class XeroTaking(models.AbstractModel):
    """Entry points: ``_hear`` (Xero tells of money), ``_judge`` (what becomes of one piece of it)."""

    _inherit = "xero.taking"

    # === WHAT XERO TELLS === #

    def _hear(self, connection, tolds, gone=()):
        """Note what is not known here of this money of Xero's (``Told``), and what is ``gone`` there; decided in ``_judge``.

        What is for documents that are none of ours leaves no trace.
        """
        tolds, gone = [each for each in tolds if each.date], list(gone)
        rows = {(row.kind, row.xero_id): row for row in self._rows(connection, [*tolds, *gone])}
        ours = self._ours(connection, [told for told in tolds if (told.kind, told.xero_id) not in rows])
        for told in tolds:
            self._hear_there(connection, told, rows.get((told.kind, told.xero_id)), told in ours)
        for told in gone:
            self._hear_gone(connection, told, rows.get((told.kind, told.xero_id)))

    def _hear_there(self, connection, told, row, is_ours):
        if row and row.state != "booked" and row.told != told.as_json():
            row.write({**self._shown(connection, told), "state": "waiting", "is_gone": False})
        elif not row and is_ours:
            self.env["xero.money"].sudo().create(self._shown(connection, told))

    def _hear_gone(self, connection, told, row):
        if row:
            if not row.is_gone:
                row.write({"is_gone": True, "state": "waiting"})
        elif self._bound(connection, told):
            self.env["xero.money"].sudo().create({**self._shown(connection, told), "is_gone": True})

    def _rows(self, connection, tolds):
        own = [("connection_id", "=", connection.id), ("xero_id", "in", [told.xero_id for told in tolds])]
        return self.env["xero.money"].sudo().search(own)

    def _ours(self, connection, tolds):
        """Those of which something is here and that nothing remembers; two queries."""
        ids = [xero_id for told in tolds for xero_id in self._wanted_ids(told)]
        Binding, own = self.env["xero.binding"].sudo(), [("connection_id", "=", connection.id), ("is_there", "=", True)]
        about = Binding.search([*own, "|", ("xero_id", "in", ids), ("on_account_xero_id", "in", ids)])
        here = {*about.mapped("xero_id"), *about.mapped("on_account_xero_id")}
        known = [("connection_id", "=", connection.id), ("xero_id", "in", [told.xero_id for told in tolds])]
        bound = {(each.kind, each.xero_id) for each in Binding.search(known)}
        return [
            told
            for told in tolds
            if (told.kind, told.xero_id) not in bound and (not self._wanted_ids(told) or self._wanted_ids(told) & here)
        ]

    def _bound(self, connection, told):
        """The live counterpart that is removed with it: of a payment in a batch, the batch."""
        own = [("connection_id", "=", connection.id), ("is_there", "=", True), ("kind", "in", (told.kind, BATCH))]
        return self.env["xero.binding"].sudo().search([*own, ("xero_id", "in", [told.xero_id, told.batch_id or told.xero_id])], limit=1)

    def _shown(self, connection, told):
        """The row of it: what Xero told, and what people see of that."""
        bindings = self._about(connection, told)
        entries = self.env["account.move"].union(*map(self._entry_of, bindings.values()))
        journal, _recorder = self._bank(connection, told, entries)
        currency = self.env["res.currency"].search([("name", "=", told.currency)], limit=1) or entries[:1].currency_id
        return {
            "connection_id": connection.id,
            "kind": told.kind,
            "xero_id": told.xero_id,
            "told": told.as_json(),
            "state": "waiting",
            "date": told.date,
            "amount": float(told.total),
            "currency_id": currency.id or connection.company_id.currency_id.id,
            "journal_id": journal.id,
            "move_id": entries[:1].id,
            "partner_id": (entries[:1].commercial_partner_id or self._partner_of(connection, told)).id,
            "reference": told.reference,
        }

    # === WHAT BECOMES OF IT === #

    def _judge(self, row):
        """Decide about one row, and do it.

        :raise UserError: Odoo does not take it
        """
        connection, told = row.connection_id, row._told()
        if told.kind == NOTE:
            return self._judge_note(row, connection, told)
        if row.is_gone:
            return self._judge_gone(row, connection, told)
        answer = decide(self._facts(connection, row, told))
        if answer.verdict is Verdict.BOOK:
            record = self._book(connection, told)
            payment = record if record._name == "account.payment" else row.payment_id
            row.payment_id = payment
            self._be_done(row, "booked")
            return self._say_booked(row, connection, told)
        if answer.verdict in (Verdict.KNOWN, Verdict.NOT_OURS):
            return self._be_done(row, "booked" if answer.verdict is Verdict.KNOWN else "gone")
        self._put_off(row, answer)
        if answer.verdict is Verdict.PROPOSED:
            self._name_candidate(row, connection, told)
        return None

    def _be_done(self, rows, state):
        """Nothing more is to be done about these."""
        rows.write({"state": state, "cause": False, "message": False, "looked_at": fields.Datetime.now(), "is_said": False})

    def _put_off(self, row, answer):
        """It stays, and says why."""
        self._set_aside(row, STATES[answer.verdict], answer.cause, answer.about)

    def _set_aside(self, row, state, cause, about=""):
        """:param cause: a key of ``WORDS``, '' if something of it is on its way; :param about: what document, bank or day is meant"""
        told_of = words.day(self.env, about) if hasattr(about, "isoformat") else about
        sentence = self.env._(WORDS[cause]) if cause else self.env._("Something of it is on its way to Xero.")
        message = sentence % {"about": told_of}
        row.write({"state": state, "cause": cause, "message": message, "looked_at": fields.Datetime.now()})

    def _name_candidate(self, row, connection, told):
        entries = self.env["account.move"].union(*map(self._entry_of, self._about(connection, told).values()))
        record, _name = self._lookalike(connection, told, entries, self._bank(connection, told, entries)[0])
        payment = record if record._name == "account.payment" else self.env["account.payment"]
        row.write({"alike_model": record._name, "alike_id": record.id, "payment_id": payment.id})

    def _try_to_make_one(self, row):
        """Why the two do not become one, in a sentence; '' if they do."""
        try:
            with self.env.cr.savepoint():
                is_one = self._make_one(row)
                self.env.flush_all()
        except UserError as error:
            self.env.invalidate_all()
            return str(error)
        return "" if is_one else self.env._("It does not look like that any more; it is looked at again.")

    def _make_one(self, row):
        """What looks like it is it: bound, and matched as in Xero if it was not; nothing is sent. Returns whether it still does."""
        connection, told = row.connection_id, row._told()
        bindings = self._about(connection, told)
        entries = self.env["account.move"].union(*map(self._entry_of, bindings.values()))
        record, _name = self._lookalike(connection, told, entries, self._bank(connection, told, entries)[0])
        if not record or (record._name, record.id) != (row.alike_model, row.alike_id):
            row.state = "waiting"
            row.connection_id._wake()
            return False
        partials = []
        for share in told.shares:
            entry = self._entry_of(bindings[share.xero_id])
            known = partials_of(debt_lines(record.move_id)) & partials_of(debt_lines(entry))
            partials.append(known or self._match(debt_lines(record.move_id), entry, share))
        self._remember(connection, told, record, partials, bindings, origin="odoo")
        self._be_done(row, "booked")
        self.env["xero.job"].sudo()._enqueue(connection, PAYMENT, record._name, [record.id])
        return True

    def _judge_gone(self, row, connection, told):
        binding_sudo = self._bound(connection, told)
        if not binding_sudo:
            return self._be_done(row, "gone")
        answer = decide_gone(self._facts_gone(connection, binding_sudo, row))
        if answer.verdict is Verdict.BOOK:
            own = [("connection_id", "=", connection.id), ("kind", "=", binding_sudo.kind), ("xero_id", "=", binding_sudo.xero_id)]
            moves = self._take_back(binding_sudo)
            self._be_done(row | row.search(own), "gone")  # of a payment in a batch the batch's, too
            return self._say_gone(row, moves, binding_sudo)
        self._put_off(row, answer)
        if answer.verdict is not Verdict.WAIT:
            binding_sudo.write({"state": "drift", "message": row.message})
        return None

    def _send_again(self, row):
        """What was removed in Xero is made there anew, of what Odoo has now."""
        if binding_sudo := self._bound(row.connection_id, row._told()):
            kind, model, res_id = binding_sudo._decider()
            if binding_sudo.kind == NOTE:
                self._send_note(row, binding_sudo)
            else:
                # what is left of a batch goes first
                gone = {"sent": "-"} if binding_sudo.kind == BATCH else {"xero_status": "DELETED"}
                binding_sudo.write({**gone, "state": "synced", "message": False})
            self.env["xero.job"].sudo()._enqueue(row.connection_id, kind, model, [res_id])
            row.connection_id._wake()
        self._be_done(row, "gone")

    # === WHAT IS SAID === #

    def _say_booked(self, row, connection, told):
        amount = format_amount(self.env, row.amount, row.currency_id)
        moves = self.env["account.move"].union(*map(self._entry_of, self._about(connection, told).values()))
        text = self.env._("Credit of %s was matched in Xero.", amount)
        if told.kind != ALLOCATION:
            text = self.env._("Payment of %s came from Xero.", amount)
        self._note_on(moves.filtered(lambda move: move.is_invoice(include_receipts=True)), text)
        self._compare_again(connection, moves)

    def _say_gone(self, row, moves, binding):
        amount = format_amount(self.env, binding.xero_total, row.currency_id)
        text = self.env._("The match with a credit of %s was undone in Xero; the document is open again.", amount)
        if binding.kind != ALLOCATION:
            text = self.env._("Payment of %s was removed in Xero; the document is open again.", amount)
        self._compare_again(row.connection_id, moves)
        self._note_on(moves, text)

    def _compare_again(self, connection, moves):
        """What differed when it was read before the money was."""
        own = [("connection_id", "=", connection.id), ("res_model", "=", "account.move"), ("res_id", "in", moves.ids)]
        self.env["xero.binding"].sudo().search([*own, ("state", "=", "drift")]).look_again = True

    def _note_on(self, moves, text):
        if moves:
            moves._message_log_batch(dict.fromkeys(moves.ids, text))

    def _refused(self, row, error):
        """Odoo does not take it: what it says is what is shown."""
        row.write({"state": "held", "cause": "refused", "message": str(error), "looked_at": fields.Datetime.now()})
        if row.is_gone and (binding_sudo := self._bound(row.connection_id, row._told())):
            binding_sudo.write({"state": "drift", "message": self.env._("It was deleted in Xero. %s", str(error))})

    def _attempt(self, row):
        """``_judge``, with what was begun undone if Odoo does not take it."""
        try:
            with self.env.cr.savepoint():
                self._judge(row)
                self.env.flush_all()
        except UserError as error:
            self.env.invalidate_all()
            self._refused(row, error)
