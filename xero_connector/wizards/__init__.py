from . import base_partner_merge_automatic_wizard
from . import xero_organisation_wizard
from . import xero_disconnect_wizard
from . import xero_leave_out
from . import xero_create_ask
from . import xero_contact_match
from . import xero_drift_answer
from . import xero_made_contact
