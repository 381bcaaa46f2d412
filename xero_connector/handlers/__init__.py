from . import base
from . import contact
from . import invoice_snapshot
from . import invoice
from . import payment
from . import reference
from . import proposal_lines
from . import create
