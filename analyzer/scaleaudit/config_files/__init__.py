"""Settings, deployment and build files: one module a format, the same facts.

Order matters: the first entry whose pattern fits reads the file, so the special come first.
"""

from scaleaudit.extractor import Extractor

CONFIG_FILES: tuple[Extractor, ...] = ()
