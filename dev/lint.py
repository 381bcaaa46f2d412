"""`make lint`: ruff (rules and format), pylint-odoo's mandatory checks, and tidy XML. `--fix` mends what can be mended."""

import subprocess
import sys
from pathlib import Path

from lxml import etree

from dev import bootstrap

PYTHON_FOLDERS = ["xero_connector", "xero_simulator", "dev", "tests", "benchmarks"]
PYLINT_ODOO = "odoolint"


def run(*command):
    return subprocess.run([str(bootstrap.PYTHON), "-m", *command], cwd=bootstrap.ROOT, check=False).returncode


def tidy(text):
    """The same document, four spaces a level, one newline at the end."""
    parser = etree.XMLParser(remove_blank_text=True, strip_cdata=False)
    root = etree.fromstring(text.encode(), parser)
    etree.indent(root, space="    ")
    body = etree.tostring(root.getroottree(), encoding="unicode", pretty_print=False)
    return f'<?xml version="1.0" encoding="utf-8" ?>\n{body}\n'


def check_xml(fix):
    """Report XML files that are not tidy; returns their number."""
    untidy = 0
    for path in sorted((bootstrap.ROOT / "xero_connector").rglob("*.xml")):
        text = path.read_text()
        wanted = tidy(text)
        if text == wanted:
            continue
        if fix:
            path.write_text(wanted)
        else:
            untidy += 1
            print(f"{path.relative_to(bootstrap.ROOT)}: not tidy (make format)")
    return untidy


def main():
    fix = "--fix" in sys.argv
    folders = [folder for folder in PYTHON_FOLDERS if Path(bootstrap.ROOT, folder).is_dir()]
    failures = 0
    failures += run("ruff", "check", *(["--fix"] if fix else []), *folders)
    failures += run("ruff", "format", *([] if fix else ["--check"]), *folders)
    failures += run("pylint", "--load-plugins=pylint_odoo", "--rcfile=pyproject.toml", "xero_connector")
    failures += check_xml(fix)
    print("lint: clean" if not failures else "lint: failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
