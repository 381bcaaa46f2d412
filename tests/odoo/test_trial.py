"""That `make trial` plays: what its histories find, they find elsewhere."""

import subprocess
import sys

from dev import bootstrap


def test_a_short_history_of_each_kind():
    command = [sys.executable, "-m", "dev.trial", "--seeds", "1", "--first", "1", "--steps", "2", "--kinds", "documents,journals"]
    done = subprocess.run(command, cwd=bootstrap.ROOT, capture_output=True, text=True, check=False)
    assert "trial: 2 of 2 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
