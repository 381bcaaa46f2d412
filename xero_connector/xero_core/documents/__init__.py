"""The documents we exchange with Xero, as frozen values without Odoo in them.

Names without prefix are what we send, `Remote...` is what Xero holds. Money is `Decimal` in the document's currency (of an invoice: the
invoice's), rates are percentages (10 means 10 %), dates are calendar dates of the organisation, `updated` is aware UTC.
"""

from .contact import Address, Contact, Phone, RemoteContact
from .invoice import Invoice, Line, RemoteInvoice
from .payment import Payment, RemotePayment
from .reference import Account, Currency, Organisation, TaxRate, TrackingCategory, TrackingOption

__all__ = [
    "Account",
    "Address",
    "Contact",
    "Currency",
    "Invoice",
    "Line",
    "Organisation",
    "Payment",
    "Phone",
    "RemoteContact",
    "RemoteInvoice",
    "RemotePayment",
    "TaxRate",
    "TrackingCategory",
    "TrackingOption",
]
