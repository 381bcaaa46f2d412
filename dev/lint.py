"""`make lint`: ruff (rules and format), pylint-odoo's mandatory checks, and tidy XML. `--fix` mends what can be mended."""

import subprocess
import sys
from pathlib import Path

from lxml import etree

from dev import bootstrap

ADDONS = ["xero_connector", "xero_connector_hr_expense", "test_xero_connector"]
PYTHON_FOLDERS = [*ADDONS, "xero_simulator", "dev", "tests", "benchmarks"]
PYLINT_ODOO = "odoolint"


def run(*command):
    return subprocess.run([str(bootstrap.PYTHON), "-m", *command], cwd=bootstrap.ROOT, check=False).returncode


def faults(text):
    """What is untidy about an XML document: ``(line number, fault)`` pairs."""
    if not text.startswith('<?xml version="1.0" encoding="utf-8" ?>\n'):
        yield 1, "starts with another declaration"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield text.count("\n"), "ends with other than one newline"
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line or line != line.rstrip():
            yield number, "tab or trailing space"
        if (len(line) - len(line.lstrip())) % 4:
            yield number, "indented by other than four spaces a level"
    etree.fromstring(text.encode())


def check_xml():
    """Report untidy XML; returns the number of faults. Ill-formed XML is an exception."""
    found = 0
    for path in sorted(path for addon in ADDONS for path in (bootstrap.ROOT / addon).rglob("*.xml")):
        for number, fault in faults(path.read_text()):
            found += 1
            print(f"{path.relative_to(bootstrap.ROOT)}:{number}: {fault}")
    return found


def main():
    fix = "--fix" in sys.argv
    folders = [folder for folder in PYTHON_FOLDERS if Path(bootstrap.ROOT, folder).is_dir()]
    failures = 0
    failures += run("ruff", "check", *(["--fix"] if fix else []), *folders)
    failures += run("ruff", "format", *([] if fix else ["--check"]), *folders)
    failures += run("pylint", "--load-plugins=pylint_odoo", "--rcfile=pyproject.toml", *ADDONS)
    failures += check_xml()
    print("lint: clean" if not failures else "lint: failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
