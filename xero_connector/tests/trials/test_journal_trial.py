from odoo.tests import tagged

from .history import draw
from .journals import JournalTrialCase

STEPS = 160


@tagged("post_install", "-at_install")
class TestJournalTrial(JournalTrialCase):
    """Hundreds of random steps with entries; ``make trial`` plays many more."""

    def test_seed_1(self):
        self.play(draw(1, STEPS, "journals"))

    def test_seed_2(self):
        self.play(draw(2, STEPS, "journals"))
