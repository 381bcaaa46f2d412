from collections import Counter
from datetime import date, timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .verbs_documents import DOCUMENT_TYPES, Documents
from .verbs_entries import Entries
from .verbs_money import Money
from .verbs_others import Others

FIRST_DAY = date(2026, 9, 1)
DEBTS = ("asset_receivable", "liability_payable")


class Nothing(Exception):
    """There is nothing to do this with."""


class People(Documents, Money, Entries, Others):
    """Does random things at the desks of several companies. ``log``: what was done, newest last; ``counts`` how often of each."""

    Nothing = Nothing

    def __init__(self, test, desks, history):
        self.test, self.desks, self.history = test, desks, history
        self.log, self.refused, self.counts = [], Counter(), Counter()
        names = [{"name": f"Trial Partner {number}", "is_company": True} for number in range(5)]
        self._known = test.env["res.partner"].create(names)

    def act(self, number, name):
        """One step; what Odoo itself refuses leaves nothing behind."""
        self.random = self.history.generator(number)
        self.desk = self.desks[0] if self.random.random() < 0.8 else self.desks[-1]
        self.env, self.company = self.desk.env, self.desk.company
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                told = getattr(self, f"_do_{name}")()
                self.env.flush_all()
        except Nothing:
            return
        except (UserError, ValidationError, UniqueViolation) as refusal:
            self.env.invalidate_all()
            self.refused[name, str(refusal).split("\n")[0][:90]] += 1
            return
        self.counts[name] += 1
        where = "" if self.desk is self.desks[0] else f" [{self.company.name}]"
        self.log.append(f"{number}.{name}{where}: {told}")

    # === CHOICES === #

    def _one(self, records):
        if not records:
            raise Nothing()
        return records[self.random.randrange(len(records))]

    def _partners(self, active_test=True):
        """Companies that this trial knows, in the eyes of this desk."""
        found = self.env["res.partner"].with_context(active_test=active_test)
        return found.search([("name", "=like", "Trial Partner%"), ("is_company", "=", True)], order="id")

    def _moves(self, *conditions, types=None):
        domain = [("company_id", "=", self.company.id), ("move_type", "in", types or DOCUMENT_TYPES), *conditions]
        return self.env["account.move"].search(domain, order="id desc", limit=25)

    def _payments(self, *states):
        domain = [("company_id", "=", self.company.id), ("state", "in", states)]
        return self.env["account.payment"].search(domain, order="id desc", limit=20)

    def _day(self):
        return FIRST_DAY + timedelta(days=self.random.randrange(40))

    def _debts(self, moves):
        return moves.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)
