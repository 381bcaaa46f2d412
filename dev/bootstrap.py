"""Prepare everything a fresh Debian machine needs, below ``.dev/``; run it again and nothing happens.

Standard library only, because it runs before anything is installed. Steps, each skipped when its result is already there:

1. a virtual environment with the pinned packages of ``dev/requirements.txt``;
2. Odoo 19: the folder named by ``ODOO_PATH`` if set, else Debian's ``odoo-19`` package unpacked beside the project (never installed);
3. the web assets that Debian's package only links to;
4. a browser for the browser tests (skipped with ``--no-browser``).

Environment: ``ODOO_PATH`` is a folder from which ``import odoo`` works (a source checkout of 19.0 or a ``dist-packages``).
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
VENV = DEV / "venv"
PYTHON = VENV / "bin" / "python"
UNPACKED = DEV / "odoo"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# sid's own font-awesome is version 7 and breaks every icon of Odoo, hence the two suites.
FROM_SID = ["odoo-19", "fonts-montserrat"]
FROM_OWN_RELEASE = [
    "libjs-jquery", "libjs-underscore", "libjs-jquery-form", "fonts-font-awesome",
    "fonts-roboto-unhinted", "fonts-inconsolata", "fonts-ocr-b",
]  # fmt: skip


def step(text):
    """Announce a step with the time of day, so that a long silence can be told from a hang."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def run(*command, **kwargs):
    """Run a command; its output is shown only when it fails."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **kwargs)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\nfailed with exit status {done.returncode}")
    return done.stdout


def stamp_matches(name, content):
    path = DEV / f"{name}.stamp"
    return path.exists() and path.read_text() == content


def write_stamp(name, content):
    (DEV / f"{name}.stamp").write_text(content)


def apt_install(*packages):
    """Install Debian packages with the machine's own apt; needs root."""
    if os.geteuid() != 0:
        sys.exit(f"Please install these Debian packages and try again: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=environment)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=environment)


def make_venv():
    requirements = (ROOT / "dev" / "requirements.txt").read_text()
    content = hashlib.sha256((requirements + sys.version).encode()).hexdigest()
    if PYTHON.exists() and stamp_matches("venv", content):
        return
    step("Installing the pinned Python packages (about a minute)")
    if subprocess.run([sys.executable, "-c", "import ensurepip"], check=False, capture_output=True).returncode:
        apt_install("python3-venv")
    run(sys.executable, "-m", "venv", "--clear", VENV)
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", ROOT / "dev" / "requirements.txt")
    write_stamp("venv", content)


def debian_mirror():
    """The address of the Debian mirror this machine already uses, from its apt sources."""
    folder = Path("/etc/apt/sources.list.d")
    files = [*sorted(folder.glob("*.sources")), Path("/etc/apt/sources.list"), *sorted(folder.glob("*.list"))]
    for path in files:
        text = path.read_text() if path.exists() else ""
        found = re.search(r"^URIs:\s*(\S+/debian)/?\s*$", text, re.M) or re.search(r"^deb\s+(?:\[.*?\]\s+)?(\S+/debian)/?\s", text, re.M)
        if found:
            return found[1]
    sys.exit("No Debian mirror in /etc/apt: set ODOO_PATH to an Odoo 19 that you have.")


def apt_options(state, source):
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    (state / "sources.list").write_text(source)
    options = {
        "Dir::Etc::SourceList": state / "sources.list", "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": state / "lists", "Dir::Cache": state / "cache", "APT::Sandbox::User": "root",
        "APT::Get::List-Cleanup": "0", "Acquire::Retries": "3",
    }  # fmt: skip
    return [part for key, value in options.items() for part in ("-o", f"{key}={value}")]


def download(state, suite, packages):
    """Download packages of one Debian suite with a private apt state; signatures are checked by apt."""
    source = f"deb [signed-by={KEYRING}] {debian_mirror()} {suite} main\n"
    options = apt_options(state / suite, source)
    run("apt-get", *options, "update", "-qq")
    run("apt-get", *options, "download", *packages, cwd=state)


def own_release():
    found = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(), re.M)
    return found[1] if found else "bookworm"


def unpack_odoo():
    content = " ".join(FROM_SID + FROM_OWN_RELEASE)
    if stamp_matches("odoo", content):
        return
    step("Getting Odoo 19 from Debian (about half a minute)")
    state = DEV / "apt"
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    download(state, "sid", FROM_SID)
    download(state, own_release(), FROM_OWN_RELEASE)
    step("Unpacking Odoo 19")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    for package in sorted(state.glob("*.deb")):
        run("dpkg", "-x", package, UNPACKED)
    shutil.rmtree(state)
    write_stamp("odoo", content)


def odoo_path():
    """The folder from which ``import odoo`` works."""
    given = os.environ.get("ODOO_PATH")
    path = Path(given).resolve() if given else UNPACKED / "usr" / "lib" / "python3" / "dist-packages"
    if given and not (path / "odoo").is_dir():
        sys.exit(f"ODOO_PATH={given}: there is no folder 'odoo' in it.")
    return path


def link_odoo():
    """Make ``import odoo`` and the project's own packages work inside the virtual environment."""
    site = next((VENV / "lib").glob("python3*")) / "site-packages"
    content = f"{odoo_path()}\n{ROOT}\n"
    link = site / "xero_connector_dev.pth"
    if not link.exists() or link.read_text() != content:
        link.write_text(content)


def get_neighbours():
    """The addons of ``dev/neighbours.txt``; returns the folder that Odoo finds them in."""
    wanted, folder = ROOT / "dev" / "neighbours.txt", DEV / "neighbours"
    if not stamp_matches("neighbours", wanted.read_text()):
        step("Getting the addons that the connector is tried beside")
        shutil.rmtree(folder, ignore_errors=True)
        quietly = ("-q", "--disable-pip-version-check", "--no-deps", "--require-hashes")
        run(PYTHON, "-m", "pip", "install", *quietly, "--target", folder, "-r", wanted)
        write_stamp("neighbours", wanted.read_text())
    return folder / "odoo" / "addons"


def get_browser():
    if shutil.which("chromium"):
        return
    step("Installing the browser for the tests (about half a minute)")
    apt_install("chromium")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-browser", action="store_true", help="do not look for or install a browser")
    parser.add_argument("--no-odoo", action="store_true", help="Python packages only, for the checks that need no Odoo")
    arguments = parser.parse_args()
    DEV.mkdir(exist_ok=True)
    make_venv()
    if not arguments.no_odoo:
        if "ODOO_PATH" not in os.environ:
            unpack_odoo()
        link_odoo()
    if not arguments.no_browser:
        get_browser()


if __name__ == "__main__":
    main()
