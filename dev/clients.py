"""Clients of Xero that nobody here wrote, each in an environment of its own below `.dev/clients/`; run it again and nothing happens.

What is in an environment stands in `tests/clients/<name>/`: `requirements.txt` for pip and, for a client in JavaScript, `package.json` with
its lock for npm (node and npm are a pinned wheel: no root, and the same everywhere). Nothing of a client is changed. That xero.com is
this machine is told as a company tells it on its computers: by a proxy in the environment (`dev/tls_proxy.py`) and by one more
certificate authority among those that the environment trusts.
"""

import hashlib
import shutil
import sys

from dev import authority, bootstrap

FOLDER = bootstrap.ROOT / "tests" / "clients"
CLIENTS = bootstrap.DEV / "clients"
PINNED = ("package-lock.json", "package.json", "requirements.txt")


def names():
    return sorted(path.parent.name for path in FOLDER.glob("*/requirements.txt"))


def python(name):
    return CLIENTS / name / "bin" / "python"


def node(name):
    return CLIENTS / name / "bin" / "node"


def make(name):
    """The environment of one client; anew whenever what is in it, or the authority, has changed."""
    texts = [(FOLDER / name / file).read_bytes() for file in PINNED if (FOLDER / name / file).exists()]
    content = hashlib.sha256(b"".join([*texts, authority.CERTIFICATE.read_bytes(), sys.version.encode()])).hexdigest()
    if bootstrap.stamp_matches(f"clients/{name}", content):
        return
    bootstrap.step(f"Installing the client {name} (about a minute)")
    bootstrap.run(sys.executable, "-m", "venv", "--clear", CLIENTS / name)
    bootstrap.run(python(name), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", FOLDER / name / "requirements.txt")
    if (FOLDER / name / "package.json").exists():
        install_packages(name)
    trust(name)
    bootstrap.write_stamp(f"clients/{name}", content)


def install_packages(name):
    for file in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name / file, CLIENTS / name)
    bootstrap.run(CLIENTS / name / "bin" / "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=CLIENTS / name)


def trust(name):
    """One more authority in the list that Python's clients trust (some read no other); node is told by NODE_EXTRA_CA_CERTS."""
    for bundle in (CLIENTS / name).glob("lib/python3*/site-packages/certifi/cacert.pem"):
        bundle.write_text(f"{bundle.read_text()}\n{authority.CERTIFICATE.read_text()}")


def main():
    CLIENTS.mkdir(parents=True, exist_ok=True)
    authority.make()
    for name in names():
        make(name)


if __name__ == "__main__":
    main()
