from . import xero_balance
from . import xero_bank
