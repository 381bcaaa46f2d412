from . import xero_rule
from . import xero_rule_shown
from . import xero_rule_send
from . import xero_approval
