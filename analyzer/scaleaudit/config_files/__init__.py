"""Settings, deployment and build files: one module a format, the same facts.

Order matters: the first entry whose pattern fits reads the file, so the special come first.
"""

from scaleaudit.config_files.deployment import DEPLOYMENT
from scaleaudit.config_files.settings import SETTINGS
from scaleaudit.extractor import Extractor

CONFIG_FILES: tuple[Extractor, ...] = (*SETTINGS, *DEPLOYMENT)
