from . import xero_run
from . import xero_run_kind
