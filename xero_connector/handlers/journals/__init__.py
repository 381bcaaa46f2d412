from . import lines
from . import journal
from . import entries
from . import summary
from . import cost
from . import costs
from . import clearing
from . import missing
