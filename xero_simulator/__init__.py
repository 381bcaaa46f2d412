"""A truthful stand-in for Xero: OAuth, connections and the Accounting API, in memory, on this machine."""

__version__ = "1.0.0"
