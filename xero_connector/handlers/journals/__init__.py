from . import lines
from . import journal
from . import summary
