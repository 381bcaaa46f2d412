"""The documents we exchange with Xero, as frozen values without Odoo in them.

Names without prefix are what we send, `Remote...` is what Xero holds. Money is `Decimal` in the document's currency (of an invoice: the
invoice's), rates are percentages (10 means 10 %), dates are calendar dates of the organisation, `updated` is aware UTC.
"""

from .attachment import Attachment, RemoteAttachment
from .bank_transaction import BankTransaction, RemoteBankTransaction
from .bank_transfer import BankTransfer, RemoteBankTransfer
from .contact import Address, Contact, Phone, RemoteContact
from .invoice import Invoice, Line, RemoteInvoice
from .item import Item, ItemSide, RemoteItem
from .journal import JournalLine, ManualJournal, RemoteManualJournal
from .reference import Account, BrandingTheme, Currency, Organisation, TaxRate, TrackingCategory, TrackingOption
from .payment import BatchPayment, Payment, RemoteBatch, RemotePayment
from .prepaid import Allocation, Prepaid, RemoteAllocation, RemotePrepaid
from .tracking import RemoteOption

__all__ = [
    "Account",
    "Address",
    "BrandingTheme",
    "Attachment",
    "BankTransaction",
    "BankTransfer",
    "Allocation",
    "BatchPayment",
    "Contact",
    "Currency",
    "Invoice",
    "Item",
    "ItemSide",
    "JournalLine",
    "Line",
    "ManualJournal",
    "Organisation",
    "Payment",
    "Phone",
    "RemoteAttachment",
    "RemoteBankTransaction",
    "RemoteBankTransfer",
    "Prepaid",
    "RemoteAllocation",
    "RemoteBatch",
    "RemoteContact",
    "RemoteInvoice",
    "RemoteItem",
    "RemoteManualJournal",
    "RemoteOption",
    "RemotePayment",
    "RemotePrepaid",
    "TaxRate",
    "TrackingCategory",
    "TrackingOption",
]
