"""What Xero is, without Odoo: values, the pages of its API, arithmetic, transport and client.

Nothing in this package imports `odoo`; time, sessions and tokens are given by the caller. Money is `Decimal` in the document's currency
(of an invoice: the invoice's), rates are percentages (10 means 10 %), moments are aware UTC datetimes, and dates are calendar dates of
the Xero organisation. Start reading at `client.XeroClient`.
"""
