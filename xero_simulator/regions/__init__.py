"""The organisations this simulator can be."""

from __future__ import annotations

from .au import AU
from .common import Region
from .global_edition import GLOBAL
from .nz import NZ
from .uk import UK
from .us import US

REGIONS: dict[str, Region] = {region.key: region for region in (AU, NZ, UK, US, GLOBAL)}
