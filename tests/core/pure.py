"""Modules of ring 2 that need no Odoo, without their package (which does)."""

import importlib
import sys
import types
from pathlib import Path

ADDON = Path(__file__).parents[2] / "xero_connector"


def load(name: str):
    """The module of the addon with this dotted name, e.g. ``handlers.proposal``."""
    _package("addon", ADDON)
    parts = name.split(".")
    for number in range(1, len(parts)):
        _package(".".join(["addon", *parts[:number]]), ADDON.joinpath(*parts[:number]))
    return importlib.import_module(f"addon.{name}")


def _package(name, folder):
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
