from xero_simulator.person.bookkeeper import Banks, Bookkeeper, Nothing
from xero_simulator.person.cashier import Cashier


class InXero:
    """What people do with money in Xero's own screens, without telling anyone."""

    def _rita(self):
        """The bookkeeper of this desk's organisation, with this step's chances."""
        code_of = {line.journal_id: line.xero_account_id.code for line in self.desk.connection.journal_mapping_ids}
        own, foreign = (code_of[self.desk.bank], code_of[self.desk.savings]), {self.desk.foreign.name: code_of[self.desk.foreign_bank]}
        return self._person(Banks(own, foreign), self._write_offs())

    def _person(self, banks, spared):
        return Bookkeeper(self.test.xero, self.desk.organisation, self.random, banks, self._day, spared)

    def _write_offs(self):
        """Ids of credit that is a write-off of Odoo's: what becomes of those in Xero is not read back."""
        own = [("connection_id", "=", self.desk.connection.id), ("kind", "=", "write_off")]
        return set(self.env["xero.binding"].sudo().search(own).mapped("xero_id"))

    def _theirs(self, verb):
        try:
            return self._rita().do(verb)
        except Nothing as nothing:
            raise self.Nothing() from nothing

    def _do_theirs_pay(self):
        return self._theirs("pay")

    def _do_theirs_pay_several(self):
        return self._theirs("pay_several")

    def _do_theirs_delete_payment(self):
        return self._theirs("delete_payment")

    def _do_theirs_allocate(self):
        return self._theirs("allocate")

    def _do_theirs_unallocate(self):
        return self._theirs("unallocate")

    def _do_theirs_write(self):
        return self._theirs("write")

    def _do_theirs_on_account(self):
        return self._theirs("on_account")


class AtBanksInXero(InXero):
    """With what is entered there at the banks whose lines come from Xero."""

    def _person(self, banks, spared):
        given = (self.test.xero, self.desk.organisation, self.random, banks, self._day, spared)
        return Cashier(*given, codings=self.desk.codings())

    def _do_theirs_spend(self):
        return self._theirs("spend")

    def _do_theirs_edit_spent(self):
        return self._theirs("edit_spent")

    def _do_theirs_delete_spent(self):
        return self._theirs("delete_spent")

    def _do_theirs_move(self):
        return self._theirs("move")

    def _do_theirs_delete_move(self):
        return self._theirs("delete_move")

    def _do_theirs_match_spent(self):
        return self._theirs("match_spent")
