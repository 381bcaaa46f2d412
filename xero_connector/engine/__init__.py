from . import runner
from . import prepare
from . import call
from . import answer
from . import recovery
from . import guard
