"""`make journey`: through which of the product's functions and files an invoice, a payment, a mapping and a solved problem go.

python -m dev.journey [--short]

Prints for each station the functions in order of their first call, then a table: files entered, and changes of file (one for each call
from one file of the product into another). `--short` prints the table only; a figure says little alone, compare it with another commit's.
"""

import argparse
import contextlib
import logging

from dev import bootstrap, databases, run_tests, tracer, trial_worker

DATABASE = "xero_journey"
PRODUCT = bootstrap.ROOT / "xero_connector"


class Journey:
    """The stations, each a piece of a person's or the cron's work, traced one by one. Mixed into a case of the registry tests."""

    def runTest(self):
        self.traces = {}
        with self._station("an invoice is posted"):
            invoice = self._invoice(100, 250, post=False)
            invoice.action_post()
            self.env.flush_all()
        with self._station("the run that sends it"):
            self._run()
        self.assertEqual(invoice.xero_state, "synced")
        with self._station("its payment is registered"):
            self._pay(invoice)
            self.env.flush_all()
        with self._station("the run that sends the payment"):
            self._run()
        self.assertEqual(invoice.xero_state, "synced")
        with self._station("the mapping is proposed"):
            self.connection.action_propose_mapping()
        self._problem()

    def _problem(self):
        account = self.company_data["default_account_revenue"]
        line = self.connection.account_mapping_ids.filtered(lambda each: each.account_id == account)
        known = line.xero_account_id
        line.xero_account_id = False
        waiting = self._invoice(70)
        self._run()
        self.assertEqual(waiting.xero_state, "blocked")
        with self._station("a problem is solved"):
            line.write({"xero_account_id": known.id, "confirmed": True})
            self.env.flush_all()
            self._run()
        self.assertEqual(waiting.xero_state, "synced")

    @contextlib.contextmanager
    def _station(self, name):
        with tracer.Trace(PRODUCT, without=("tests/",)) as trace:
            yield
        self.traces[name] = trace


def travel():
    """Play the journey; returns ``{station: trace}``."""
    run_tests.install(DATABASE)
    trial_worker.load(DATABASE)
    logging.getLogger("xero_simulator").setLevel(logging.WARNING)
    common = trial_worker.common("XeroPushCommon")
    cls = type("PlayedJourney", (Journey, common), {"__module__": common.__module__})
    cls.setUpClass()
    test = cls()
    if wrong := trial_worker.run(test):
        raise SystemExit(f"the journey did not come to its end:\n{wrong}")
    return test.traces


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="the table only")
    short = parser.parse_args().short
    traces = travel()
    for name, trace in traces.items() if not short else ():
        print(f"\n== {name}", *trace.told(), sep="\n")
    print(f"\n{'station':34}{'files':>7}{'changes of file':>17}{'functions':>11}{'calls':>8}")
    for name, trace in traces.items():
        print(f"{name:34}{len(trace.files):7}{trace.changes:17}{len(trace.entered):11}{trace.calls:8}")
    databases.drop(DATABASE)


if __name__ == "__main__":
    main()
