"""Who opens a connection to whom.

They add to one `Connections`, in this order: a later one asks what the earlier ones found.

- `calls`, `given_addresses`, `stores`, `shared_libraries`: what the code does, and what addresses it holds
- `dapr`: what daemons beside the code open
- `settings`, `settings_repositories`, `dotnet_settings`, `environments`: what files and deployments configure
- `stubs`, `named_variables`: whom generated clients mean, and variables that are given at run time
- `starters`, `data_starters`, `vendor_starters`, `sign_in`, `spring_gateways`: what libraries do by
  themselves
- `listed_services`: whom gateways of a program's own making look up
- `proxies`, `dev_proxies`, `mounted_settings`, `subgraphs`, `cluster_gateways`, `labelled`: whom requests are passed
  on to
- `mail`, `logs`: where mails and lines of logs go
- `published_programs`: what images of others do as they come
- `rails`, `laravel`: what their conventions add
- `event_bus`, `messages`, `triggers`: who sends what to whom
"""

from scaleaudit.linking.connections.calls import add_calls
from scaleaudit.linking.connections.cluster_gateways import add_cluster_gateways
from scaleaudit.linking.connections.dapr import add_dapr
from scaleaudit.linking.connections.data_starters import add_data_starters
from scaleaudit.linking.connections.dev_proxies import add_dev_proxies
from scaleaudit.linking.connections.dotnet_settings import add_dotnet_settings
from scaleaudit.linking.connections.environments import add_environments
from scaleaudit.linking.connections.event_bus import add_event_bus
from scaleaudit.linking.connections.given_addresses import add_given_addresses
from scaleaudit.linking.connections.labelled import add_labelled
from scaleaudit.linking.connections.laravel import add_laravel
from scaleaudit.linking.connections.listed_services import add_listed_services
from scaleaudit.linking.connections.logs import add_logs
from scaleaudit.linking.connections.mail import add_mail
from scaleaudit.linking.connections.messages import add_messages
from scaleaudit.linking.connections.mounted_settings import add_mounted_settings
from scaleaudit.linking.connections.named_variables import add_named_variables
from scaleaudit.linking.connections.proxies import add_proxies
from scaleaudit.linking.connections.published_programs import add_published_programs
from scaleaudit.linking.connections.rails import add_databases
from scaleaudit.linking.connections.settings import add_settings
from scaleaudit.linking.connections.settings_repositories import add_settings_repositories
from scaleaudit.linking.connections.shared_libraries import add_shared_libraries
from scaleaudit.linking.connections.sign_in import add_sign_in
from scaleaudit.linking.connections.spring_gateways import add_spring_gateways
from scaleaudit.linking.connections.starters import add_starters
from scaleaudit.linking.connections.state import Connections
from scaleaudit.linking.connections.stores import add_stores
from scaleaudit.linking.connections.stubs import add_stubs
from scaleaudit.linking.connections.subgraphs import add_subgraphs
from scaleaudit.linking.connections.triggers import add_named_stores, add_triggers
from scaleaudit.linking.connections.vendor_starters import add_vendor_starters

__all__ = ["Connections", "connect"]


def connect(connections: Connections) -> None:
    """Adds every connection that the facts tell."""
    add_calls(connections)
    add_given_addresses(connections)
    add_stores(connections)
    add_shared_libraries(connections)
    add_dapr(connections)
    add_settings(connections)
    add_settings_repositories(connections)
    add_laravel(connections)
    add_dotnet_settings(connections)
    add_environments(connections)
    add_stubs(connections)
    add_named_variables(connections)
    add_starters(connections)
    add_data_starters(connections)
    add_vendor_starters(connections)
    add_sign_in(connections)
    add_spring_gateways(connections)
    add_listed_services(connections)
    add_mail(connections)
    add_logs(connections)
    add_proxies(connections)
    add_dev_proxies(connections)
    add_mounted_settings(connections)
    add_subgraphs(connections)
    add_cluster_gateways(connections)
    add_labelled(connections)
    add_published_programs(connections)
    add_databases(connections)
    add_named_stores(connections)
    add_event_bus(connections)
    add_messages(connections)
    add_triggers(connections)
