from xero_simulator.control_organisation import change_organisation
from xero_simulator.person import Impossible, act

from ...handlers.money.parts import debt_lines
from ...models.queue import xero_made
from ...models.queue.xero_money import NEEDS, OPEN
from .people import People
from .rest import TrialCase
from .verbs_xero import InXero

ANSWERS = 20  # rounds of questions and answers until a rest


class PeopleOnBothSides(InXero, People):
    pass


class BothSidesTrialCase(TrialCase):
    """As the other trial, with people at work in Xero: payments, batches, credit and money on account are made and removed on both sides,
    and documents are written there, which come in posted.

    Banks and credit are recorded on both. What waits for a person is answered at a rest, by lot.
    """

    people = PeopleOnBothSides

    def setUp(self):
        super().setUp()
        self.held_made = []
        for desk in self.desks:
            takes = dict.fromkeys(("takes_invoice", "takes_bill", "takes_credit_note"), "posted")
            desk.connection.write({"reads": "auto", "records_allocations": "both", **takes, "takes_since": "2020-01-01"})
            desk.connection.journal_mapping_ids.write({"recorded_in": "both"})
            self._run_of(desk)

    def _compare(self, people):
        waiting = self.env["xero.money"].sudo().search([("state", "in", OPEN)])
        said = [(money.kind, money.is_gone, money.state, money.cause, money.message, str(money.told)) for money in waiting]
        self.assertFalse(said, people.log[-25:])
        super()._compare(people)

    def _settle_desk(self, desk):
        """Everything is read, whether or not it is due, until nothing is asked any more."""
        lists = self.env["xero.cursor"].sudo()._of(desk.connection, desk.connection._read_lists())
        for _round in range(ANSWERS):
            self.xero.clock.advance(1)
            lists._ask("person")
            super()._settle_desk(desk)
            lists.invalidate_recordset()
            is_read = not any(cursor.asked or cursor.started_at for cursor in lists)  # a run stops in time
            if is_read and not self._answers(desk):
                return

    def _answers(self, desk):
        """Whether there was anything to answer: documents first, money next, what differs for other reasons last."""
        own = [("connection_id", "=", desk.connection.id)]
        changed = self.env["xero.problem"].search([*own, ("code", "=", "made_in_xero"), ("state", "=", "open")])
        for problem in changed:
            problem.action_fix()
        made = self.env["xero.made"].search([*own, ("state", "in", xero_made.OPEN)], order="id")
        for row in made:
            self._answer_made(row)
        if changed or made:
            return True
        waiting = self.env["xero.money"].sudo().search([*own, ("state", "in", OPEN)], order="id")
        for money in waiting.filtered(lambda money: money.state in NEEDS):
            self._answer(desk, money)
        drifts = self.env["xero.drift"].search([*own, ("state", "=", "open")], order="id")
        for drift in () if waiting else drifts:
            self._answer_change(drift)
        return bool(waiting or drifts)

    def _answer_change(self, drift):
        """Whose side is right, by lot; what can be neither is left as it is."""
        for answer in ("send", "take", "leave") if drift.id % 2 else ("take", "send", "leave"):
            action = getattr(drift, f"action_{answer}")()
            dialog = self.env["xero.drift.answer"].browse(action["res_id"] if action.get("res_model") == "xero.drift.answer" else [])
            if dialog.is_possible:
                dialog.action_apply()
                return

    def _answer_made(self, row):
        """Who it is, whether it is one that is here; what cannot come in is voided in Xero."""
        if row.cause == "who":
            choice = {"partner_id": row.candidate_ids[:1].id} if row.id % 2 else {"choice": "create"}
            self.env["xero.made.contact"].create({"made_id": row.id, **choice}).action_apply()
        elif row.state == "proposed":
            row.action_another()
        elif row.state == "asked":
            row.action_take()
        elif row.state == "held":
            self.held_made.append(row.message)
            desk = next(desk for desk in self.desks if desk.connection == row.connection_id)
            try:
                act(self.xero, desk.organisation, "void", "Rita Mills", item=row.xero_id)
            except Impossible:
                row.action_look_again()

    def _answer(self, desk, money):
        """What a person would do about it: say what it is, or take away in Xero what cannot be booked."""
        if money.is_gone or money.kind == "write_off":
            money.action_send_again()
        elif money.state in ("proposed", "twice"):
            money.action_another() if money.state == "twice" or money.id % 2 else money.action_same()
        elif money.state == "asked":
            money.action_book()
        elif not money.message.startswith("Something"):
            self._take_away(desk, money)

    def _documents_of(self, money, told):
        own = [("connection_id", "=", money.connection_id.id), ("xero_id", "in", [share.xero_id for share in told.shares])]
        ids = self.env["xero.binding"].sudo().search([*own, ("res_model", "=", "account.move")]).mapped("res_id")
        return money.move_id | self.env["account.move"].browse(ids).exists()

    def _take_away(self, desk, money):
        """What cannot be booked is removed in Xero; what cannot be removed there finds room here."""
        told = money._told()
        try:
            if money.kind in ("payment", "batch_payment"):
                act(self.xero, desk.organisation, "remove_and_redo", "Rita Mills", item=money.xero_id)
            elif money.kind == "allocation":
                act(self.xero, desk.organisation, "unallocate", "Rita Mills", credit=told.credit_id, allocation=money.xero_id)
            else:
                change_organisation(desk.organisation, {"void_prepaid": [money.xero_id]}, self.xero.now())
        except Impossible:
            debts = debt_lines(self._documents_of(money, told))
            (debts.matched_debit_ids | debts.matched_credit_ids).unlink()
            money.action_look_again()
