from . import distribution
from . import option
