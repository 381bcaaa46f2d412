from . import lines
from . import journal
from . import entries
from . import summary
