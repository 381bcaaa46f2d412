from . import xero_audit
from . import xero_audited_mixin
