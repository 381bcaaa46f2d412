"""`make sweep-odoo`: whether the books of a whole Odoo agree with Xero's after a month of real work.

Odoo's demo books of three companies with sales, purchases, stock, expenses, tills and production, each connected as `make demo` does it; a
month's work entered by a script (`month/`); a sync; then every account of Xero's ledger beside Odoo's, and every customer and vendor. What
differs is explained document by document: held, not for Xero, or wrong. Begins anew each time, with the same work.
The exit status is 0 only if nothing is wrong. Ports by ODOO_PORT and XERO_PORT, the database by SWEEP_DATABASE.

python -m dev.sweep [--keep] [--only "AU Company"]     # --keep goes on serving Odoo until Ctrl-C
"""

import argparse
import os
import signal
import sys

from dev import bootstrap, databases, demo, stack
from dev.sweep import books, month, report

DATABASE = os.environ.get("SWEEP_DATABASE", "xero_sweep")
# company -> country of its organisation; with stock's demo data Odoo calls its first company by the town it is in
COMPANIES = {"AU Company": "AU", "My US Company": "US", "My Company (San Francisco)": "GLOBAL"}
SYNC_LIMIT = 1800  # seconds; the minute's calls of three organisations take that many at the most


def prepare_database(odoo_port, xero_port):
    databases.clone("sweep", DATABASE)
    bootstrap.step("Installing the module into the database of the sweep")
    arguments = ["-d", DATABASE, "-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn"]
    databases.run_odoo(*arguments, log=stack.LOGS / f"{DATABASE}_install.log")
    demo.set_parameters(DATABASE, odoo_port, xero_port)


def open_company(person, xero, name, country, organisation):
    """Connect one company and let it work for a month; returns it with its connection, and what could not be entered."""
    company, connection_id, _organisation = demo.open_company(person, xero, name, country, organisation)
    refused = month.work(person, company, connection_id)
    return {**company, "country": country, "connection_id": connection_id}, refused


def run(person, xero, companies):
    names = {one["country"]: one["name"] for one in xero.state()["organisations"]}
    opened = [open_company(person, xero, name, country, names[country]) for name, country in companies.items()]
    for company, _refused in opened:
        person.work_for(company["id"])
        month.settle(person, company["connection_id"])
        demo.sync(person, company["connection_id"], SYNC_LIMIT)
    comparisons = []
    for company, _refused in opened:
        person.work_for(company["id"])
        bootstrap.step(f"Comparing {company['name']}")
        comparisons.append(books.compare(person, xero, company, company["connection_id"], company["country"]))
    return comparisons, [one for _company, refused in opened for one in refused]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="go on serving Odoo until Ctrl-C")
    parser.add_argument("--only", choices=list(COMPANIES), help="one company")
    options = parser.parse_args()
    companies = {name: country for name, country in COMPANIES.items() if options.only in (None, name)}
    odoo_port, xero_port = int(os.environ.get("ODOO_PORT", "8069")), int(os.environ.get("XERO_PORT", "5055"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    prepare_database(odoo_port, xero_port)
    simulator = stack.simulator(xero_port, *companies.values(), name=f"{DATABASE}_simulator")
    with simulator, stack.odoo(odoo_port, DATABASE, name=f"{DATABASE}_odoo"):
        person, xero = stack.Person(f"http://localhost:{odoo_port}"), stack.Xero(xero_port)
        comparisons, refused = run(person, xero, companies)
        is_right = report.show(comparisons)
        for line in refused:
            print(f"NOT ENTERED: {line}")
        if options.keep:
            demo.serve_until_interrupted(odoo_port, xero_port)
    sys.exit(0 if is_right and not refused else 1)


if __name__ == "__main__":
    main()
