from xero_simulator.person import Impossible, act

from .bank_comparison import BankComparison
from .bank_desk import BankDesk
from .both import BothSidesTrialCase
from .people import People
from .verbs_bank import Bank
from .verbs_xero import AtBanksInXero

OF_BANKS = ("bank_transaction", "transfer")
ON_STATEMENT = ("matched_on_bank", "money_in_use")


class PeopleAtBanks(AtBanksInXero, Bank, People):
    pass


class BankTrialCase(BothSidesTrialCase):
    """As the trial of both sides, at desks whose banks have their lines from Xero, with a till: what is spent, received and moved there
    becomes bank lines here, what the till pays and earns goes there, and people book, match and undo on both sides.
    """

    people, desk, comparison = PeopleAtBanks, BankDesk, BankComparison

    def setUp(self):
        super().setUp()
        for desk in self.desks:
            desk.choose()
            self._run_of(desk)

    def _help(self, desk):
        """What is matched with the statement in Xero, and so cannot be removed, is set free there by a person, as the message says."""
        for job in self._jobs_of(desk, "blocked", "failed").filtered(lambda job: job.problem_id.code in ON_STATEMENT):
            for binding in self._bindings_of(job):
                if self._is_live(desk, binding):
                    act(self.xero, desk.organisation, "unreconcile", "Rita Mills", items=[binding.xero_id])
        return super()._help(desk)

    def _bindings_of(self, job):
        own = [("connection_id", "=", job.connection_id.id), ("kind", "in", OF_BANKS), ("is_there", "=", True)]
        about = self.env["xero.binding"].sudo().search(own)
        return about.filtered(lambda row: row._decider() == (job.kind, job.res_model, job.res_id))

    def _answers(self, desk):
        """With what was deleted here and stays in Xero, which a person brings back, or removes there, too."""
        left_out = [("connection_id", "=", desk.connection.id), ("kind", "in", OF_BANKS), ("state", "=", "ignored")]
        rows = self.env["xero.money"].sudo().search(left_out, order="id").filtered(lambda row: self._is_live(desk, row))
        for row in rows:
            row.action_put_back() if row.id % 2 else self._remove(desk, row)
        return super()._answers(desk) or bool(rows)

    def _is_live(self, desk, row):
        tables = {"bank_transaction": desk.organisation.bank_transactions, "transfer": desk.organisation.bank_transfers}
        found = tables[row.kind].get(row.xero_id)
        return bool(found) and found["Status"] == "AUTHORISED"

    def _remove(self, desk, row):
        act(self.xero, desk.organisation, "remove_and_redo", "Rita Mills", item=row.xero_id)

    def _answer(self, desk, money):
        """Of money at banks: what is right, Odoo's or Xero's, by lot; what has no place is removed there."""
        if money.kind not in OF_BANKS:
            return super()._answer(desk, money)
        if money.is_gone:
            return money.action_book() if money.state == "asked" and money.id % 2 else money.action_send_again()
        if money.state == "twice":
            return money.action_another()
        if money.state == "proposed":
            return self._answer_alike(money)
        if money.state == "asked" or money.cause == "line_changed":
            return money.action_book()
        return self._take_away(desk, money)

    def _answer_alike(self, money):
        if money.id % 2:
            money.action_same()
        if money.state == "proposed":  # they are not the same, or it cannot be said of them
            money.action_another()

    def _take_away(self, desk, money):
        if money.kind not in OF_BANKS:
            return super()._take_away(desk, money)
        try:
            return self._remove(desk, money)
        except Impossible:
            return money.action_leave_out()
