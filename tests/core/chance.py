"""Random cases: the same each time, unless SEED says others; of one that fails hypothesis tells the smallest that still does."""

import os

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st


def play(cases: int, case):
    """Call ``case`` so many times, or CASES times, with dice: a ``random.Random`` of which hypothesis knows every throw."""
    number = int(os.environ.get("CASES") or cases)
    quiet = settings(
        max_examples=number,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    seed(int(os.environ.get("SEED") or 1))(quiet(given(st.randoms(use_true_random=False))(case)))()
