"""What Xero has of a document becomes one of Odoo's: to the cent, under its own number, and without anything being sent."""

from odoo import fields, models

from .... import words
from ....const import QUIET
from ....refusal import Refusal
from ...answers import CannotTake
from ...made_facts import Verdict, decide
from ..snapshot import SALES


class XeroHandlerDocument(models.AbstractModel):
    _inherit = "xero.handler.document"

    # === WHAT BECOMES OF IT === #

    def _judge_made(self, row):
        """As ``facts.decide`` says.

        :raise CannotTake, UserError, ValidationError: Odoo does not come to what Xero has, or does not take it
        """
        remote = self._kept_made(row)
        self._find_contact(row)
        answer = decide(self._facts_made(row, remote))
        if answer.verdict in (Verdict.POST, Verdict.DRAFT):
            self._make(row, remote, posted=answer.verdict is Verdict.POST)
        elif answer.verdict is Verdict.KNOWN:
            self._settle_made(row, "taken")
        else:
            self._put_off_made(row, answer)
            if answer.verdict is Verdict.PROPOSED:
                row.alike_id = self._alike(row.connection_id, remote, row.partner_id)[:1]

    def _find_contact(self, row):
        """Who it is for, if that is beyond doubt; else who it may be."""
        contacts = self.env["xero.handler.contact"]
        if not row.partner_id and row.contact_told:
            known = contacts._partner_of(row.connection_id, row.contact_told["xero_id"])
            partner, may_be = (known, known) if known else contacts._who(row.connection_id, row.contact_told)
            row.write({"partner_id": partner.id, "candidate_ids": [(6, 0, () if partner or row.is_new_contact else may_be.ids)]})

    # === THE DOCUMENT === #

    def _make(self, row, remote, *, posted):
        """:raise CannotTake, UserError, ValidationError: nothing of it may stay then"""
        connection = row.connection_id
        row.partner_id = self._contact_made(row)
        move = self._begin_made(connection, row, remote)
        self._fill_made(connection, move, remote)
        row.write({"move_id": move.id, "alike_id": False, "contact_name": row.partner_id.display_name})
        if not posted:
            self._settle_made(row, "draft", made_as=self._as_made(move))
            return self._note({move.id: self.env._("Made in Xero; confirm it to take it into the books.")})
        move._post(soft=False)
        if move.date != self._day_made(remote):
            raise CannotTake(self.env._("Odoo would book it on another day, %s.", words.day(self.env, move.date)))
        self._bind_posted(row, move, remote)
        return self._note({move.id: self.env._("Made in Xero, and taken in.")})

    def _contact_made(self, row):
        """:raise CannotTake: the contact here is another one in Xero"""
        contacts, partner = self.env["xero.handler.contact"], row.partner_id
        if row.contact_told:
            is_new = not partner
            partner = partner or contacts._make_partner(row.connection_id, row.contact_told)
            contacts._bind_contact(row.connection_id, partner, row.contact_told, is_new=is_new)
            row.contact_told = False
        return partner

    def _begin_made(self, connection, row, remote):
        """An empty draft on the journal for such documents."""
        company, journal = connection.company_id, self._taken_journal(connection, remote)
        currency = self.env["res.currency"].search([("name", "=", remote.currency)])
        values = {
            **{"move_type": self._move_type(remote), "company_id": company.id, "journal_id": journal.id, "currency_id": currency.id},
            **{"partner_id": row.partner_id.id, "invoice_user_id": False, "invoice_date": remote.date, "date": self._day_made(remote)},
            **({"name": remote.number} if remote.kind in SALES and remote.number else {}),
        }
        return self.env["account.move"].with_company(company).with_context(**QUIET).create(values)

    def _day_made(self, remote):
        return remote.date

    def _fill_made(self, connection, move, remote):
        """Lines, taxes to the cent, due date, reference and rate.

        :raise CannotTake: Odoo does not come to what Xero has, or something has no place here
        """
        theirs = self._theirs(connection, move, self.env["xero.binding"], remote)
        self._write_theirs(move, theirs)
        self._check_same(connection, move, remote)

    # === THE PAIR === #

    def _bind_posted(self, row, move, remote):
        """The pair is remembered as agreed; nothing goes to Xero of it, and what was paid of it there is asked for.

        :raise CannotTake: the two do not say the same
        """
        binding_sudo = self._pair(row, move, remote)
        self._remember_as_it_came(row.connection_id, move, binding_sudo, remote)
        self._settle_made(row, "taken", money_due=bool(remote.amount_settled))
        own = [("connection_id", "=", row.connection_id.id), ("kind", "=", self._kind), ("res_id", "=", move.id)]
        # there is nothing to be sent, and so nothing that could hold it up
        self.env["xero.job"].sudo().search([*own, ("state", "=", "pending")])._set_state("done")

    def _remember_as_it_came(self, connection, move, binding, remote):
        """Line by line; what Odoo would send of it is not asked: Xero's taxes may be none that it would come to.

        :raise CannotTake: the two do not say the same
        """
        self._check_same(connection, move, remote)
        lines = move.invoice_line_ids.sorted("id")
        pairs = [[str(line.id), xero_id] for line, xero_id in zip(lines, remote.line_item_ids, strict=False)]
        values = {"line_ids": pairs if len(lines) == len(remote.told.lines) else False, "figures": False, "sent": self._as_it_came(move)}
        values |= {"came": self._seen(remote), "state": "synced", "message": False, "accepted": False}
        binding.write({**self._binding_values(remote), **values})
        self._note_seen(binding, remote)

    def _check_same(self, connection, move, remote):
        """:raise CannotTake: amounts, contact or currency are not the same"""
        contacts, _jobs = self.env["xero.handler.contact"]._known(connection, move.commercial_partner_id)
        if left := self._differences(move, remote, contacts.get(move.commercial_partner_id.id), False):
            raise CannotTake(self.env._("Odoo would not come to what Xero has. %s", " ".join(side.text for side in left)))

    def _pair(self, row, move, remote, origin="xero"):
        own = {"connection_id": row.connection_id.id, "kind": self._kind, "res_model": self._res_model, "res_id": move.id}
        values = {**self._binding_values(remote), "xero_id": remote.xero_id, "origin": origin, "last_sync": fields.Datetime.now()}
        known_sudo = self.env["xero.binding"].sudo()._by_record(row.connection_id, self._res_model, [move.id], [self._kind]).get(move.id)
        if known_sudo:
            known_sudo.write(values)
        return known_sudo or self.env["xero.binding"].sudo().create({**own, **values})

    def _make_one(self, row):
        """It is a document that is here already: they are a pair from now on, and what differs a person is asked about.

        :raise UserError: it does not look like it any more
        """
        remote, move = self._kept_made(row), row.alike_id
        if move not in self._alike(row.connection_id, remote, row.partner_id) or not move:
            row.state = "waiting"
            raise Refusal(self.env._("It does not look like that any more; it is looked at again."))
        if row.contact_told and not self.env["xero.handler.contact"]._known(row.connection_id, move.commercial_partner_id)[0]:
            self.env["xero.handler.contact"]._bind_contact(row.connection_id, move.commercial_partner_id, row.contact_told, is_new=False)
        if move.state == "posted":
            self._compare_posted(row, move, remote, origin="odoo")
        row.write({"move_id": move.id, "alike_id": False, "state": "taken" if move.state == "posted" else "draft"})
