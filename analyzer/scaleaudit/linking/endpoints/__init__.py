"""Which paths are served: routes as they are written, with all that stands in front of them.

`served` puts them together. `mounts` and `context_paths` say what stands in front; frameworks that
take (part of) an address from elsewhere have a module each; remote services and GraphQL come from
`remote_endpoints`.
"""

from scaleaudit.linking.endpoints.served import Endpoints

__all__ = ["Endpoints"]
