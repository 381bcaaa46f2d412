from . import xero_connection
from . import xero_token
from . import res_company
