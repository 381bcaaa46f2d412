"""The pages of Xero's Accounting API, one file each: what we send, what Xero holds, both as JSON, and the calls.

Names without prefix are what we send, `Remote...` is what Xero holds; both are frozen values. `to_xero` writes only what it has, so
that Xero keeps the rest. `from_xero` takes what comes: unknown enum values stay text, missing keys and nulls become '' or None, numbers
may be text.
"""
