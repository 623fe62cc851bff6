"""What an image, a URL scheme or a library says a thing is; data, with one look-up each."""

from scaleaudit.linking.technologies.frameworks import ECOSYSTEM_NAMES, FRONT_ENDS, of_dependencies
from scaleaudit.linking.technologies.images import (
    image_name,
    of_base,
    of_foreign_image,
    of_image,
    of_variables,
)
from scaleaudit.linking.technologies.kinds import (
    CARRIED_BY,
    CLOUD,
    COMPATIBLE,
    EMBEDDED,
    KINDS,
    SCHEMES,
)
from scaleaudit.linking.technologies.ports import DEFAULT_PORTS, FRAMEWORK_PORTS, of_port
from scaleaudit.linking.technologies.store_hosts import says_only_its_kind

__all__ = [
    "CARRIED_BY",
    "CLOUD",
    "COMPATIBLE",
    "DEFAULT_PORTS",
    "ECOSYSTEM_NAMES",
    "EMBEDDED",
    "FRAMEWORK_PORTS",
    "FRONT_ENDS",
    "KINDS",
    "SCHEMES",
    "image_name",
    "of_base",
    "of_dependencies",
    "of_foreign_image",
    "of_image",
    "of_port",
    "of_variables",
    "says_only_its_kind",
]
