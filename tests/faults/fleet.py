"""The processes of a run: two Odoo servers on one database, the simulator, and their violent ends."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import requests

from dev import bootstrap, databases, stack
from tests.faults.postgres import HOME

CRON_WORKERS = 2
PIDS = HOME / "pids"
LAUNCHER = Path(__file__).parent / "odoo_server.py"


def end_leftovers():
    """A run that was killed itself may have left its servers; only what it wrote down, and only if it still is what it was."""
    for pid in map(int, PIDS.read_text().split() if PIDS.exists() else ()):
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            command = psutil.Process(pid).cmdline()
            if str(LAUNCHER) in command or "xero_simulator" in command and "chaos" in " ".join(command):
                os.killpg(pid, signal.SIGKILL)
    PIDS.unlink(missing_ok=True)


class Server(stack.Process):
    """A process that can be killed and started again; its log goes on in the same file."""

    starts = 0

    def __enter__(self):
        stack.LOGS.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        self.start()
        return self

    def start(self):
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, cwd=bootstrap.ROOT
            )
        self.starts += 1
        with PIDS.open("a") as pids:
            pids.write(f"{self.process.pid}\n")
        self._wait_until_ready()

    def kill(self):
        """``kill -9`` of the whole process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def kill_child(self, choice):
        """``kill -9`` of one of the worker processes (``choice`` from 0 to 1); the server starts another. Returns whether there was one."""
        with contextlib.suppress(psutil.NoSuchProcess):
            children = sorted(psutil.Process(self.process.pid).children(), key=lambda child: child.pid)
            if children:
                children[int(choice * len(children))].kill()
                return True
        return False

    def kill_callers(self, port):
        """``kill -9`` of whatever process of this server has a connection to ``port`` of this machine; returns how many."""
        killed = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            main = psutil.Process(self.process.pid)
            for child in filter(lambda one: _is_connected(one, port), main.children()):
                child.kill()
                killed += 1
            if _is_connected(main, port):
                self.kill()
                killed += 1
        return killed

    def is_alive(self):
        return self.process.poll() is None


def _is_connected(process, port):
    with contextlib.suppress(psutil.NoSuchProcess):
        return any(one.raddr and one.raddr.port == port and one.status == "ESTABLISHED" for one in process.net_connections("tcp"))
    return False


def odoo(name, database, port, postgres, workers):
    """An Odoo server: with threads if ``workers`` is 0, else with processes for requests and for scheduled actions."""
    _python, _m, _odoo, *arguments = databases.odoo_command(
        "-d", database, f"--db-filter=^{database}$", f"--http-port={port}", f"--gevent-port={stack.free_port()}",
        f"--max-cron-threads={CRON_WORKERS}", f"--workers={workers}", *postgres.odoo_arguments(),
    )  # fmt: skip
    command = [str(bootstrap.PYTHON), str(LAUNCHER), *arguments]
    return Server(f"chaos_{name}", command, f"http://localhost:{port}/web/login")


def simulator(port, organisations, seed, switches, state):
    command = [str(bootstrap.PYTHON), "-m", "xero_simulator", "--port", str(port), "--quiet", "--seed", str(seed), "--state", str(state)]
    for code in organisations:
        command += ["--org", code]
    for name, value in sorted(switches.items()):
        command += ["--switch", f"{name}={value}"]
    return Server("chaos_simulator", command, f"http://localhost:{port}/_simulator/clock")


class Xero(stack.Xero):
    """The control plane, with faults."""

    def order(self, *faults):
        return self.call("POST", "faults", faults=list(faults))

    def faults(self):
        """What is ordered and what has happened."""
        return self.call("GET", "faults")

    def stop_faults(self):
        return self.call("DELETE", "faults")

    def person(self, organisation, verb, **arguments):
        """What somebody does on Xero's own screens."""
        return self.call("POST", f"organisations/{organisation}/person", verb=verb, **arguments)

    def bookkeeper(self, organisation, verb, lot, banks):
        """The same by lot, with whatever is there; what was done, in words."""
        return self.call("POST", f"organisations/{organisation}/bookkeeper", verb=verb, lot=lot, banks=banks)["did"]

    def log(self):
        """The last requests, with their bodies."""
        return self.call("GET", "log")["log"]


class Fleet:
    """What the run may kill: two servers, the database server, the simulator."""

    def __init__(self, servers, postgres, xero_server, xero):
        self.servers, self.postgres, self.xero_server, self.xero = servers, postgres, xero_server, xero
        self.addresses = [server.ready_url.removesuffix("/web/login") for server in servers]

    def kill_server(self, index):
        self.servers[index].kill()

    def kill_callers(self):
        """Kill the processes that are in the middle of a call to Xero, or have just made one; returns how many there were."""
        port = urlsplit(self.xero.address).port
        return sum(server.kill_callers(port) for server in self.servers if server.is_alive())

    def start_missing(self):
        """Start again what is down, and wait until it answers."""
        for server in (self.xero_server, *self.servers):
            if not server.is_alive():
                server.start()

    def wait_until_up(self, seconds=60):
        """Wait until every server answers requests."""
        for address in self.addresses:
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                with contextlib.suppress(requests.RequestException):
                    if requests.get(f"{address}/web/login", timeout=20).status_code == 200:
                        break
                stack.pause(0.3)
