"""One file per kind of document: `to_xero(document) -> dict` where we write it, `from_xero(payload) -> document` everywhere.

Readers take what comes: unknown enum values stay text, missing keys and nulls become '' or None, numbers may be text. Writers send only
what they have, so that Xero keeps the rest.
"""
