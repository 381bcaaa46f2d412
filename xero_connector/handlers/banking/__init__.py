from . import transfer
from . import forgotten
from . import balances
from . import settle
from . import booking
from . import transfer_in
from . import transfer_made
