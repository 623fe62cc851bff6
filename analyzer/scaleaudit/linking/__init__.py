"""From the facts of all files to one graph.

`link` is the way through; each step is a package or a module: what is declared (`deployments`,
`settings_files`), what of it is one deployable (`components`), which file an import leads to
(`imports`), what a symbolic text means (`resolution`), whom an address reaches (`addresses`,
`targets`), which paths are served (`endpoints`), who connects to whom (`connections`), which tables
are touched (`data_access`), where people come in (`entry_points`).
"""

from scaleaudit.linking.link import link

__all__ = ["link"]
