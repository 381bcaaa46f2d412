from . import transfer
from . import forgotten
