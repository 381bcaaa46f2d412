from . import item
from . import changes
from . import item_lines
