from . import xero_rule
from . import xero_rule_shown
