"""From the facts of all files to one graph.

`link` is the way through; each step is a module: what is deployed (`workloads`, `components`),
which file an import leads to (`modules`), what a symbolic text means (`resolution`), whom an
address reaches (`addresses`, `targets`), who connects to whom (`connections`), which tables are
touched (`data_access`), which paths are served (`endpoints`), from where code is reached
(`origins`).
"""

from scaleaudit.linking.link import link

__all__ = ["link"]
