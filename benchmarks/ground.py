"""What the benchmarks stand on: a database with the module, Odoo in this very process, and a connection to the simulator."""

import contextlib
import os
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests
from lxml import html

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from dev import bootstrap, databases, demo, stack

TIMEOUT = 60


def install(database):
    """A fresh copy of the demo books with the module in it."""
    databases.clone("demo", database)
    bootstrap.step(f"Installing the module into {database}")
    arguments = ["-d", database, "-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn"]
    databases.run_odoo(*arguments, log=stack.LOGS / f"{database}_install.log")


def prepare(database, odoo_port, xero_port):
    """A fresh copy of the demo books with the module in it, pointed at the simulator."""
    install(database)
    demo.set_parameters(database, odoo_port, xero_port)


def start_odoo():
    """Make this process one of Odoo's; once."""
    odoo.tools.config.parse_config(["-c", str(databases.write_configuration()), "--log-level=error"])


@contextlib.contextmanager
def opened(database, company=demo.COMPANY):
    """The database through Odoo's ORM in this process, as the administrator working for one company."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env["res.company"].search([("name", "=", company)])
        yield env(user=env.ref("base.user_admin"), context={"allowed_company_ids": company.ids})
    odoo.sql_db.close_db(database)


@contextlib.contextmanager
def simulated(database):
    """``(env, port of Xero)``: a fresh database with the module, a simulated Xero without limits beside it; gone afterwards."""
    xero_port = stack.free_port()
    with stack.simulator(xero_port, "AU", name="bench_simulator"):
        prepare(database, stack.free_port(), xero_port)
        without_limits(xero_port)
        start_odoo()
        with opened(database) as env:
            yield env, xero_port
    databases.drop(database)


def connect(env, **values):
    """A connection of the company that has gone through the consent page, its mapping confirmed, nothing sent by itself."""
    values = {"company_id": env.company.id, "client_id": demo.CLIENT_ID, "client_secret": demo.CLIENT_SECRET, **values}
    connection = env["xero.connection"].create({"app_type": "web", "sync_from": "2000-01-01", **values})
    env.cr.commit()
    address = connection.action_connect()["url"]
    env.cr.commit()
    page = requests.get(address, timeout=TIMEOUT)
    form = html.fromstring(page.text, base_url=page.url).forms[0]
    answer = {**dict(form.form_values()), "action": "allow"}
    back = requests.post(requests.compat.urljoin(page.url, form.action), answer, allow_redirects=False, timeout=TIMEOUT)
    env["xero.connection"]._complete_authorisation(dict(parse_qsl(urlsplit(back.headers["Location"]).query)))
    connection.action_confirm_mapping()
    env.cr.commit()
    return connection


def switch(xero_port, **switches):
    """Set switches of the simulator."""
    requests.post(f"http://localhost:{xero_port}/_simulator/switches", json=switches, timeout=TIMEOUT).raise_for_status()


def without_limits(xero_port):
    switch(xero_port, minute_limit=None, day_limit=None, concurrent_limit=None, app_minute_limit=None)


def calls(xero_port):
    """The API calls the simulator has counted, without those for consent and tokens."""
    state = requests.get(f"http://localhost:{xero_port}/_simulator/state", timeout=TIMEOUT).json()
    return sum(count for name, count in state["calls"].items() if not any(other in name for other in ("/connect", "/identity")))


@dataclass(frozen=True)
class Figures:
    """CPU seconds of this process and of its database connection, seconds by the clock, SQL queries."""

    cpu: float
    database_cpu: float
    seconds: float
    queries: float

    @property
    def all_cpu(self):
        return self.cpu + self.database_cpu

    def per(self, count):
        return Figures(*(value / count for value in astuple(self)))


class Meter:
    """Measures from the moment it is made."""

    def __init__(self, cr):
        self._cr = cr
        self._start = self._now()

    def _now(self):
        stat = Path(f"/proc/{self._cr.connection.get_backend_pid()}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return time.process_time(), (int(user) + int(system)) / os.sysconf("SC_CLK_TCK"), time.perf_counter(), self._cr.sql_log_count

    def read(self):
        """What it took until now."""
        return Figures(*(now - start for now, start in zip(self._now(), self._start, strict=True)))


def forget_peak_memory():
    """From now on ``peak_memory`` counts anew."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_memory():
    """The most memory this process has held, in MB."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def setting(name, default):
    """A whole number from the environment."""
    return int(os.environ.get(name, default))


# === DOCUMENTS === #


def customers(env, count):
    """New customers, made in one go."""
    return env["res.partner"].create([{"name": f"Bench {n}", "email": f"bench{n}@example.com", "is_company": True} for n in range(count)])


def posted_invoice(env, customer, date="2026-10-01"):
    """A posted invoice with two lines."""
    domain = [("type_tax_use", "=", "sale"), ("amount", "=", 10), ("company_id", "=", env.company.id)]
    tax = env["account.tax"].search(domain, limit=1)
    line = {"name": "Work", "quantity": 3, "price_unit": 33.33, "tax_ids": [(6, 0, tax.ids)]}
    values = {"move_type": "out_invoice", "partner_id": customer.id, "invoice_date": date, "invoice_line_ids": [(0, 0, line)] * 2}
    move = env["account.move"].create(values)
    move.action_post()
    return move
