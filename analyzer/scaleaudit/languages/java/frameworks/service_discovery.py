"""Names of services that code looks up in a registry, to call what it is told."""

from scaleaudit.languages.java.patterns import names_something
from scaleaudit.languages.patterns import Arg, HttpCall

# By Dropwizard's bundle, Curator (ZooKeeper), and the clients of Consul and Eureka.
SERVICE_DISCOVERY = (
    HttpCall(
        callees=(
            "io.dropwizard.discovery.DiscoveryBundle.newDiscoveryClient",
            "org.apache.curator.x.discovery.ServiceDiscovery.queryForInstances",
            "org.apache.curator.x.discovery.ServiceDiscovery.serviceProviderBuilder.*.serviceName",
            "{com.orbitz,org.kiwiproject}.consul.{HealthClient,Consul.healthClient}"
            ".{getHealthyServiceInstances,getAllServiceInstances}",
            "{com.orbitz,org.kiwiproject}.consul.{CatalogClient,Consul.catalogClient}.getService",
            "com.ecwid.consul.v1.ConsulClient.{getHealthServices,getCatalogService}",
            "com.netflix.discovery.EurekaClient.{getApplication,getInstancesByVipAddress}",
        ),
        library="service-discovery",
        url=Arg(0),
        when=names_something,
    ),
)
