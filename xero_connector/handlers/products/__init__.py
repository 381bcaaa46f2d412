from . import item
from . import item_lines
