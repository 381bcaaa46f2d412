from . import books
from . import lines
from . import entries
from . import tracking
