"""What Xero is, without Odoo: values, documents, arithmetic, transport and client.

Nothing in this package imports `odoo`; time, sessions and tokens are given by the caller. Money is `Decimal`, moments are aware UTC
datetimes, and dates are calendar dates of the Xero organisation. Start reading at `client.XeroClient` and `documents`.
"""
