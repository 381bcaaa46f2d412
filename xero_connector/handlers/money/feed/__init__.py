from . import straight
from . import reading
from . import hearing
from . import booking
from . import judging
from . import asking
from . import sending
from . import sent
