from . import contact
from . import contact_needed
from . import changes
