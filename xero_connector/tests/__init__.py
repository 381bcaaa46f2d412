from . import test_connection
from . import test_connection_http
from . import test_permissions
from . import test_token
from . import test_token_race
from . import test_reference
from . import test_mapping_proposals
from . import test_mapping
