from . import attachment
from . import changes
