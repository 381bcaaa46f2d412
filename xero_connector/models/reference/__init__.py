from . import xero_account
from . import xero_tax_rate
from . import xero_tracking
from . import xero_currency
from . import xero_branding_theme
