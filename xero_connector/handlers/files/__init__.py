from . import attachment
from . import changes
from . import told
from . import fetched
