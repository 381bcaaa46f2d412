# pylint: disable=print-used
import os

from odoo.tests import tagged

from .history import draw, told
from .rest import TrialCase

STEPS = 60


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

    def test_as_printed(self):
        if given := os.environ.get("TRIAL"):
            self._play(told(given))
