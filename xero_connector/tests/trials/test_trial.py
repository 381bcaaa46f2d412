# pylint: disable=print-used
import os

from odoo.tests import tagged

from .bank import BankTrialCase
from .history import draw, told
from .rest import TrialCase

STEPS = 60
FAILED = {
    "foreign money that also pays a debt of the company's own currency, whose cents are not those of its conversion": (
        "111: 1.invoice 4.invoice 5.invoice 8.pay 9.pay_several 12.edit 14.invoice 15.invoice 16.unreconcile 17.match 21.invoice 22.pay "
        "23.match 24.match 200.rest"
    ),
}


@tagged("post_install", "-at_install")
class TestTrial(TrialCase):
    """Random things happen to random documents in two companies; whenever all is at rest, Xero's books say what Odoo's say.

    ``make trial`` plays many more and longer ones, and finds the smallest history that fails. TRIAL plays one as it was printed.
    """

    def _play(self, history):
        print(f"\n{history.seed}: {self.play(history)}")

    def test_seed_1(self):
        self._play(draw(1, STEPS))

    def test_seed_2(self):
        self._play(draw(2, STEPS))

    def test_what_failed(self):
        """Histories that were found by ``make trial``, each with what it taught."""
        for lesson, history in FAILED.items():
            with self.subTest(lesson):
                self._play(told(history))

    def test_as_printed(self):
        if given := os.environ.get("TRIAL"):
            self._play(told(given))


@tagged("post_install", "-at_install")
class TestBankTrial(BankTrialCase):
    """The same with banks whose lines come from Xero, and a till; histories that taught something, in short."""

    def test_deposit_edited_in_xero(self):
        history = "7: 2.theirs_move 14.deposit 16.undo_deposit 17.theirs_spend 21.deposit 27.rest 33.theirs_edit_spent 37.rest"
        self.play(told(history))

    def test_expense_edited_in_xero(self):
        self.play(told("21: 16.deposit 21.theirs_move 24.spend 32.run 33.theirs_edit_spent 44.theirs_spend 60.rest"))
