from . import seen
from . import hearing
from . import making
from . import drafts
from . import money
