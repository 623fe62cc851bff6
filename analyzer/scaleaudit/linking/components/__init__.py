"""Which deployables a system has: workloads joined with each other and with their source.

`workload_groups` makes components of what runs, `folders` of source that nothing runs yet,
`infrastructure` of declared stores; `applications` joins and names them, `ownership` keeps them.
"""

from scaleaudit.linking.components.ownership import Components

__all__ = ["Components"]
