from . import distribution
from . import option
from . import option_needed
