"""`make trial`: many random histories of documents, and of journal entries, on all cores; of those that fail the smallest that still does.

python -m dev.trial [--seeds 200] [--first 1] [--steps 200] [--kinds documents,journals] [--minutes-to-shrink 20] [--play HISTORY]

Same seed and steps, same history. Ends with status 0 if all pass; `--play` plays one as it was printed.
"""

import argparse
import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
import time

from dev import bootstrap, databases, run_tests, stack

DATABASE = "xero_trial"
JOBS_PER_DATABASE = 6  # what is rolled back is still in the tables, and makes them slow


def history_module():
    """How histories are drawn, without the addon's package (which needs Odoo)."""
    path = bootstrap.ROOT / "xero_connector" / "tests" / "trials" / "history.py"
    spec = importlib.util.spec_from_file_location("trial_history", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Worker:
    """A process that plays histories, with a fresh database every few of them."""

    def __init__(self, number):
        self._database, self._process, self._left, self._kind = f"{DATABASE}_{number}", None, 0, ""
        self._log = stack.LOGS / f"trial_{number}.log"

    def play(self, kind, history):
        """``(what went wrong, seconds)``"""
        if not self._left or kind != self._kind:
            self._start()
            self._kind = kind
        self._left -= 1
        self._process.stdin.write(json.dumps({"kind": kind, "history": str(history)}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._left = 0
            return f"the worker ended; see {self._log}", 0.0
        found = json.loads(answer)
        return found["wrong"], found["seconds"]

    def _start(self):
        self.stop()
        databases.drop(self._database)
        databases.execute("CREATE DATABASE {} TEMPLATE {}", self._database, DATABASE)
        environment = {**databases.environment(), "PGOPTIONS": run_tests.POSTGRES}
        command = [str(bootstrap.PYTHON), "-m", "dev.trial_worker", self._database]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log.open("a"),
            text=True,
            env=environment,
            cwd=bootstrap.ROOT,
        )
        self._left = JOBS_PER_DATABASE

    def stop(self):
        if self._process:
            self._process.stdin.close()
            self._process.wait(60)
            self._process = None
            databases.drop(self._database)


class Trial:
    """``failed``: the smallest history that fails of each that does."""

    def __init__(self, options):
        self._options, self._history = options, history_module()
        self._todo, self._lock = queue.SimpleQueue(), threading.Lock()
        self.failed, self.passed = [], 0
        for kind in options.kinds.split(","):
            for seed in range(options.first, options.first + options.seeds):
                self._todo.put((kind, self._history.draw(seed, options.steps, kind)))
        self.total = self._todo.qsize()

    def run(self):
        creating = threading.Lock()
        threads = [threading.Thread(target=self._work, args=(number, creating)) for number in range(os.cpu_count() or 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, number, creating):
        worker = Worker(number)
        with creating:  # nobody else may use the template meanwhile
            databases.exists(DATABASE)
        while True:
            try:
                kind, history = self._todo.get_nowait()
            except queue.Empty:
                worker.stop()
                return
            wrong, seconds = worker.play(kind, history)
            self._tell(f"{kind} {history.seed}: {'failed' if wrong else 'passed'} in {seconds:.0f} s")
            if wrong:
                self._tell(f"{wrong}\nlooking for a smaller history")
                smallest, wrong = self._shrink(worker, kind, history, wrong)
                self.failed.append((kind, smallest))
                self._tell(f"\nFAILED {kind}, smallest history found:\n{smallest}\n{wrong}\n")
            else:
                self.passed += 1

    def _tell(self, text):
        with self._lock:
            print(text, flush=True)

    def _shrink(self, worker, kind, history, wrong):
        """Drop steps as long as it still fails, in ever smaller pieces, until a time is over."""
        deadline, size = time.monotonic() + 60 * self._options.minutes_to_shrink, max(1, len(history.steps) // 2)
        while size and time.monotonic() < deadline:
            start, shrunk = 0, False
            while start < len(history.steps) and time.monotonic() < deadline:
                smaller = without(history, start, size)
                found = worker.play(kind, smaller)[0] if len(smaller.steps) < len(history.steps) else ""
                if found:
                    history, wrong, shrunk = smaller, found, True
                else:
                    start += size
            size = size if shrunk and size == 1 else size // 2
        return history, wrong


def without(history, start, size):
    """The history without these steps; it ends in a rest, as all do."""
    rest = (*history.steps[:start], *history.steps[start + size :])
    return type(history)(history.seed, rest if rest and rest[-1][1] == "rest" else (*rest, history.steps[-1]))


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--kinds", default="documents,journals")
    parser.add_argument("--minutes-to-shrink", type=float, default=20)
    parser.add_argument("--play", help="a history as it was printed, of the first of the kinds")
    return parser.parse_args()


def play(given):
    worker = Worker(0)
    wrong, seconds = worker.play(given.kinds.split(",")[0], given.play)
    worker.stop()
    print(wrong or f"passed in {seconds:.0f} s")
    sys.exit(bool(wrong))


def main():
    started, given = time.monotonic(), options()
    run_tests.install(DATABASE)
    if given.play:
        play(given)
    trial = Trial(given)
    trial.run()
    for kind, history in trial.failed:
        print(f"failed: {kind} {history.seed}")
    print(f"trial: {trial.passed} of {trial.total} passed in {(time.monotonic() - started) / 60:.0f} min")
    sys.exit(1 if trial.failed else 0)


if __name__ == "__main__":
    main()
