from . import xero_balance
from . import xero_bank
from . import xero_bank_page
from . import xero_bank_rows
from . import xero_bank_match
from . import xero_bank_runs
