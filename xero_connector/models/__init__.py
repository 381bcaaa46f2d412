from . import audit
from . import connection
from . import reference
from . import mapping
from . import rules
from . import queue
from . import bank
from . import extensions
