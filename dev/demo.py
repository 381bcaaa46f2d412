"""`make demo`: Odoo's demo books of three companies, sent to a Xero on this machine, and the comparison of every document.

An Australian company, one of the United States, and one with Odoo's generic chart of accounts, each with an organisation of its own.
Goes through the real consent page, accepts the proposed mapping, adds what Odoo's demo books lack (``dev/demo_books.py``), syncs, prints
one table, and goes on serving Odoo until Ctrl-C. Run again, it goes on where it was.
Ports by ODOO_PORT and XERO_PORT, the database by DEMO_DATABASE. `--once` leaves after the table.
The exit status is 0 only if everything eligible is in Xero with difference 0.00, and what each bank has on either side is explained.
"""

import argparse
import contextlib
import os
import signal
import sys
import time

from dev import bootstrap, databases, demo_banks, demo_books, demo_report, stack

DATABASE = os.environ.get("DEMO_DATABASE", "xero_demo")
# company of Odoo's demo books -> country of the organisation
COMPANIES = {"AU Company": "AU", "My US Company": "US", "YourCompany": "GLOBAL"}
COMPANY = "AU Company"
STATE = bootstrap.DEV / f"{DATABASE}_state"
CLIENT_ID, CLIENT_SECRET = "demo-client", "demo-secret"


def prepare_database(odoo_port, xero_port):
    """A database with the module installed and pointed at the simulator; made once, updated when the module has changed.

    When the demo books or the simulator have changed, both sides begin anew: what an older simulator kept, this one may not understand.
    """
    ground, module = f"{databases.TEMPLATES['demo']} {_newest_change('xero_simulator')}", _newest_change("xero_connector")
    usable = databases.exists(DATABASE) and bootstrap.stamp_matches(f"{DATABASE}_ground", ground)
    if usable and bootstrap.stamp_matches(DATABASE, module):
        action = ()
    elif usable:
        action = ("-u", "xero_connector")
    else:
        databases.clone("demo", DATABASE)
        STATE.unlink(missing_ok=True)
        action = ("-i", "xero_connector")
    if action:
        bootstrap.step("Installing the module into the demo database")
        databases.run_odoo(
            "-d", DATABASE, *action, "--stop-after-init", "--no-http", "--log-level=warn", log=stack.LOGS / f"{DATABASE}_install.log"
        )
        bootstrap.write_stamp(f"{DATABASE}_ground", ground)
        bootstrap.write_stamp(DATABASE, module)
    set_parameters(DATABASE, odoo_port, xero_port)


def _newest_change(folder):
    newest = max(path.stat().st_mtime_ns for path in (bootstrap.ROOT / folder).rglob("*") if path.suffix != ".pyc" and path.is_file())
    return str(newest)


def set_parameters(database, odoo_port, xero_port):
    """Point a database at the simulator."""
    values = {f"xero_connector.{name}": f"http://localhost:{xero_port}" for name in ("login_url", "identity_url", "api_url")}
    values["web.base.url"] = f"http://localhost:{odoo_port}"
    connection = databases.connect(database)
    with connection.cursor() as cursor:
        for key, value in values.items():
            cursor.execute(
                "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                (key, value),
            )
    connection.close()


def connect(person, company_id, organisation=None):
    """Connect the company as an administrator would; returns the connection's id. Does nothing if it is connected already.

    :param str organisation: name of the one to choose; the first one if left out
    """
    found = person.search_read("xero.connection", [("company_id", "=", company_id)], ["state", "mapping_confirmed_at"])
    if found and found[0]["state"] in ("connected", "paused"):
        return found[0]["id"]
    values = {
        "company_id": company_id,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "app_type": "web",
        "sync_from": "2000-01-01",
    }
    if found:
        connection_id = found[0]["id"]
        person.call("xero.connection", "write", [connection_id], {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
    else:
        connection_id = person.call("xero.connection", "create", [values])[0]
    bootstrap.step("Connecting: consent page, choice of the organisation, back to Odoo")
    person.consent(person.call("xero.connection", "action_connect", [connection_id])["url"], organisation)
    return connection_id


def confirm_mapping(person, connection_id):
    """Accept the proposed mapping, unless that was done before."""
    [connection] = person.search_read("xero.connection", [("id", "=", connection_id)], ["state", "state_message", "mapping_confirmed_at"])
    if connection["state"] != "connected":
        sys.exit(f"The connection is {connection['state']}: {connection['state_message']}")
    if not connection["mapping_confirmed_at"]:
        bootstrap.step("Accepting the proposed mapping")
        person.call("xero.connection", "action_confirm_mapping", [connection_id])


def sync(person, connection_id, limit=600):
    """Confirm the mapping, send everything, and wait until nothing is on its way; returns the seconds it took."""
    confirm_mapping(person, connection_id)
    bootstrap.step("Syncing")
    started = time.monotonic()
    person.call("xero.connection", "action_sync_now", [connection_id])
    wait_until_at_rest(person, connection_id, limit)
    return time.monotonic() - started


def wait_until_at_rest(person, connection_id, limit=600):
    """Show the counts as they change, until nothing is on its way."""
    deadline, last = time.monotonic() + limit, None
    while time.monotonic() < deadline:
        counts = _counts(person, connection_id)
        line = ", ".join(
            f"{counts.get(state, 0)} {word}"
            for state, word in (("pending", "waiting"), ("synced", "in Xero"), ("blocked", "held"), ("failed", "failed"))
        )
        if line != last:
            bootstrap.step(f"  {line}")
        last = line
        if not counts.get("pending"):
            return
        stack.pause(1)
    sys.exit("The sync did not come to an end; see .dev/logs")


def _counts(person, connection_id):
    groups = person.call("xero.document", "formatted_read_group", [("connection_id", "=", connection_id)], ["state"], ["__count"])
    return {group["state"]: group["__count"] for group in groups}


def serve_until_interrupted(odoo_port, xero_port):
    print(f"\nOdoo:      http://localhost:{odoo_port}   login admin, password admin; {', '.join(COMPANIES)}")
    print(f"Simulator: http://localhost:{xero_port}/_simulator/state\nCtrl-C ends both.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def run(person, xero):
    """Everything for each of the companies; returns what the report needs of them.

    They are synced at the end, when each has used up little of the 60 calls that Xero allows in a minute.
    """
    names = {one["country"]: one["name"] for one in xero.state()["organisations"]}
    opened = [open_company(person, xero, name, country, names[country]) for name, country in COMPANIES.items()]
    done = []
    for company, connection_id, organisation in opened:
        person.work_for(company["id"])
        seconds = sync(person, connection_id)
        done.append(demo_report.Company(company["id"], company["name"], connection_id, organisation, seconds))
    return done


def open_company(person, xero, company_name, country, organisation):
    """Connect one company, accept the mapping, and enter what is missing; returns it, its connection, and its organisation."""
    bootstrap.step(f"{company_name} and the organisation {organisation}")
    [company] = person.search_read("res.company", [("name", "=", company_name)], ["id", "name"])
    person.work_for(company["id"])
    connection_id = connect(person, company["id"], organisation)
    demo_books.open_accounts(person, xero, country, connection_id)
    confirm_mapping(person, connection_id)
    demo_books.work(person, company, connection_id)
    return company, connection_id, organisation


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="leave after the table")
    once = parser.parse_args().once
    odoo_port, xero_port = int(os.environ.get("ODOO_PORT", "8069")), int(os.environ.get("XERO_PORT", "5055"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    prepare_database(odoo_port, xero_port)
    simulator = stack.simulator(xero_port, *COMPANIES.values(), state=STATE, name=f"{DATABASE}_simulator")
    with simulator, stack.odoo(odoo_port, DATABASE, name=f"{DATABASE}_odoo"):
        person, xero = stack.Person(f"http://localhost:{odoo_port}"), stack.Xero(xero_port)
        companies = run(person, xero)
        complete = demo_report.show(person, companies, xero.state())
        explained = [demo_banks.show(person, company) for company in companies]
        if not once:
            serve_until_interrupted(odoo_port, xero_port)
    sys.exit(0 if complete and all(explained) else 1)


if __name__ == "__main__":
    main()
