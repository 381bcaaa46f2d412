from . import contact
from . import contact_needed
from . import account_number
from . import lookalikes
from . import changes
from . import incoming
from . import differences
from . import made
