from . import xero_mapping_line
from . import xero_account_mapping
from . import xero_tax_mapping
from . import xero_journal_mapping
from . import xero_tracking_mapping
from . import xero_option_mapping
from . import xero_entry_policy
