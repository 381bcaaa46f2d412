from . import contact
from . import contact_needed
