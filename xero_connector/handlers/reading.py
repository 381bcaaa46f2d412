"""What decisions need to know, read for all jobs of a batch before the first of them is decided about."""

from dataclasses import dataclass


@dataclass
class Reading:
    """A batch's share of Odoo's books, of the settings, and of what is remembered of Xero. Decisions read it and change nothing in it.

    The number of queries behind it does not grow with the batch. Each family of kinds adds what its decisions ask for.
    """

    connection: object
    bindings: dict  # {id of the job's record: its binding}
