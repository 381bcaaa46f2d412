"""The mark of a record: what its counterpart in Xero is recognised by."""

import base64
import hashlib
import re

from odoo.tools import SQL

PARAMETER = "doc"  # of the link back
LENGTH = 12
MARKED = re.compile(rf"#([a-z2-7]{{{LENGTH}}})$")
DIGITS = LENGTH * 5 // 4  # of the digest, written in hex, that a mark says
DIGEST = """
    SELECT id, left(encode(sha256(convert_to(
               %s || ',' || id || ',' || to_char(create_date, 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'UTF8')), 'hex'), %s) AS digest
      FROM %s WHERE create_date IS NOT NULL"""


def mark(record):
    """Twelve letters and digits that no other record has had or will have: of its model, id, and the moment it was created.

    Ids and numbers come again in a database that was restored from a backup, or copied; the moment does not. Nothing has to be kept, and
    a record whose binding was lost still has its mark. '' without that moment.
    """
    born = record.create_date
    if not born:
        return ""
    digest = hashlib.sha256(f"{record._name},{record.id},{born.isoformat(timespec='microseconds')}".encode()).digest()
    return base64.b32encode(digest)[:LENGTH].decode().lower()


def told(record):
    """The mark as texts end in it, for people and for us."""
    return f"#{mark(record) or record.id}"


def link(record, base_url):
    """The address of the record in Odoo, with its mark; '' where Xero would refuse it: links may not contain its own name."""
    address = f"{base_url}/odoo/{record._name}/{record.id}"
    if not base_url or "xero" in address.lower():
        return ""
    return f"{address}?{PARAMETER}={found}" if (found := mark(record)) else address


def record_of(model, address):
    """The record of ``model`` that a link leads to, if it still is the one whose mark the link bears; else empty."""
    place, _name, found = (address or "").partition(f"?{PARAMETER}=")
    number = place.rpartition(f"/{model._name}/")[2]
    record = model.browse(int(number)).exists() if found and number.isdigit() else model
    return record if record and mark(record) == found else model


def unmarked(address):
    """A link without its mark, as older versions have sent it."""
    return address.partition(f"?{PARAMETER}=")[0]


def same(address, other):
    """Whether two links lead to one record: by their marks, so that Odoo's own address may change; older ones as a whole."""
    marks = [each.partition(f"?{PARAMETER}=")[2] for each in (address or "", other or "")]
    return bool(address) and (marks[0] == marks[1] if any(marks) else address == other)


def in_text(text):
    """The mark that a text ends in; '' if there is none."""
    found = MARKED.search(text or "")
    return found[1] if found else ""


def same_in_text(text, other):
    """Whether two texts end in the mark of one record, whatever they say before; those without a mark as a whole."""
    marks = [in_text(text), in_text(other)]
    return bool(text) and (marks[0] == marks[1] if any(marks) else text == other)


def find(model, marks):
    """``{mark: id}`` of the records of ``model`` that bear these marks; reads the whole table, so only where there is reason to look."""
    digests = {base64.b32decode(f"{found.upper()}AAAA").hex()[:DIGITS]: found for found in marks}
    model.flush_model(["create_date"])
    digest = SQL(DIGEST, f"{model._name}", DIGITS, SQL.identifier(model._table))
    rows = model.env.execute_query(SQL("SELECT id, digest FROM (%s) d WHERE digest = ANY(%s)", digest, list(digests)))
    return {digests[found]: res_id for res_id, found in rows}
