"""Which keys of which frameworks hold an address, as one table.

Keys are relaxed: case, dots, dashes and underscores do not count. The second part is the technology
of the store; empty when the value's scheme tells it; "http" for another program.
"""

KEYS: tuple[tuple[str, str], ...] = (
    # Spring Boot, Common Application Properties
    (r"spring(datasource|flyway|liquibase)(\w*)(jdbc)?url", ""),
    (r"springr2dbcurl", ""),
    (r"spring(data)?neo4juri", "neo4j"),
    (r"spring(data)?mongodb(uri|host)", "mongodb"),
    (r"spring(data)?redis(url|host|clusternodes|sentinelnodes)", "redis"),
    (r"spring(data)?cassandracontactpoints", "cassandra"),
    (r"spring(data)?couchbase(connectionstring|bootstraphosts)", "couchdb"),
    (r"spring(data)?elasticsearch(uris|clusternodes|client\w*(uris|endpoints))", "elasticsearch"),
    (r"springelasticsearch(rest)?uris", "elasticsearch"),
    (r"springdatasolrhost", "search"),
    (r"springinfluxurl", "influxdb"),
    (r"(springcloudstream\w*)?springrabbitmq(host|addresses)", "rabbitmq"),
    (r"(springcloudstream\w*)?springkafka(\w*)bootstrapservers", "kafka"),
    (r"springcloudstreamkafka(streams)?binderbrokers", "kafka"),
    (r"spring(activemq|artemis)(brokerurl|host)", "activemq"),
    (r"springpulsarclientserviceurl", "pulsar"),
    (r"rocketmqnameserver|springcloudstreamrocketmqbindernameserver", "rocketmq"),
    (r"springcloud(stream)?schemaregistryclientendpoint", "http"),
    (r"(spring|quarkus|mpmessaging|kafka)\w*(schemaregistryurl|apicurioregistryurl)", "http"),
    (r"springldapurls", "http"),
    (r"springmailhost", "http"),
    # Registries, configuration, administration
    (r"eurekaclientserviceurl\w+", "http"),
    (r"springcloudconfiguri", "http"),
    (r"springconfigimport", "http"),
    (r"springcloudconfigservervaulthost", "http"),
    (r"springcloudconsulhost", "http"),
    (r"springcloudzookeeperconnectstring", "http"),
    (r"(springcloud)?nacos(discovery|config)?serveraddr", "http"),
    (r"springcloudvault(host|uri)", "http"),
    (r"springcloudsentineltransportdashboard", "http"),
    (r"springbootadminclienturl", "http"),
    (r"axonaxonserverservers", "http"),
    (r"dubbo(registry|registries\w+|configcenter|metadatareport)address", "http"),
    (r"apollometa|xxljobadminaddresses|seata\w+serveraddr|seataservicegrouplist\w+", "http"),
    # Traces and metrics
    (r"springzipkinbaseurl|tracingzipkinhttpurl", "http"),
    (r"management(zipkintracing(export)?|tracingexportzipkin)endpoint", "http"),
    (r"managementotlp(tracing|metrics|logging)(export)?(endpoint|url)", "http"),
    (r"managementopentelemetry(tracing|metrics|logging)exportotlp(endpoint|url)", "http"),
    (r"management(metricsexport)?(otlp|influx|elastic|prometheuspushgateway)(metricsexport)?"
     r"(pushgateway)?(baseurl|url|uri|host)", "http"),
    (r"management(metricsexport)?(graphite|statsd)(metricsexport)?host", "http"),
    (r"(spring)?opentracingjaeger(udpsenderhost|httpsenderurl)", "http"),
    (r"springsleuthotelexporterotlpendpoint", "http"),
    # Who issues and checks tokens; addresses that only a browser is sent to are left out
    (r"spring\w*security\w*oauth2\w*(issueruri|jwkseturi|tokenuri|userinfouri|accesstokenuri"
     r"|introspectionuri)", "http"),
    (r"security(oauth2)?\w*(userinfouri|accesstokenuri|tokeninfouri|keyuri|keyseturi|checktokenuri)",
     "http"),
    (r"keycloakauthserverurl|quarkusoidc\w*authserverurl", "http"),
    (r"(\w*)micronautsecurity\w*(issuer|jwks\w*url)", "http"),
    # Gateways and clients
    (r"zuulroutes\w+(url|serviceid)", "http"),
    (r"springcloudgateway\w*routesuri", "http"),
    (r"springhttpserviceclient\w+baseurl", "http"),
    (r"(spring\w*openfeign|feign)clientconfig\w+url", "http"),
    (r"\w+ribbonlistofservers", "http"),
    (r"micronauthttpservices\w+urls?", "http"),
    (r"quarkusrestclient\w+(url|uri)|\w+mprest(url|uri)", "http"),
    (r"quarkussmallryegraphqlclient\w+url|\w+mpgraphqlurl", "http"),
    # Quarkus, MicroProfile
    (r"quarkusdatasource(\w*)(jdbc|reactive)url", ""),
    (r"quarkusmongodb\w*(connectionstring|hosts)", "mongodb"),
    (r"quarkusredis\w*hosts", "redis"),
    (r"quarkusneo4juri", "neo4j"),
    (r"quarkuselasticsearchhosts|quarkushibernatesearch\w+elasticsearchhosts", "elasticsearch"),
    (r"quarkuscassandracontactpoints", "cassandra"),
    (r"quarkusmailerhost", "http"),
    (r"quarkusloghandlergelfhost|quarkuslog(syslog|socket)endpoint", "http"),
    (r"quarkushazelcastclient(clustermembers|cluster)", "http"),
    (r"quarkus(otel|opentelemetry)\w*endpoint|quarkusjaegerendpoint", "http"),
    (r"quarkusconsulconfigagenthostport|quarkusspringcloudconfigurl", "http"),
    (r"(mpmessaging\w+)?kafkabootstrapservers|mpmessaging\w+bootstrapservers", "kafka"),
    (r"(mpmessaging\w+)?rabbitmq(host|addresses)", "rabbitmq"),
    (r"(mpmessaging\w+)?amqphost", "amqp"),
    # Dropwizard
    (r"dropwizard\w+url", ""),
    (r"dropwizard\w*rabbitmq\w*host", "rabbitmq"),
    # Helidon
    (r"javaxsqldatasource\w*url|dbconnectionurl", ""),
    (r"tracing(zipkin)?host", "http"),
    # Liberty
    (r"libertydatasource\w*url", ""),
    # Micronaut
    (r"datasources\w+url|r2dbcdatasources\w+url", ""),
    (r"consulclient(defaultzone|host)|eurekaclientdefaultzone", "http"),
    # Rails: config/database.yml, config/cable.yml (the environment's name comes first)
    (r"(production|default)?(primary)?(url|host)", ""),
    # Symfony: config/packages
    (r"doctrinedbal(connections\w+)?(url|host)", ""),
    (r"doctrinemongodbconnections\w+server", "mongodb"),
    (r"frameworkmessengertransports(?!\w*(?:bindingkeys|exchange))\w+", ""),
    (r"framework(cache\w*redisprovider|cachedefaultredisprovider)", "redis"),
    (r"framework(sessionhandlerid|lock\w*)", ""),
    (r"framework(mailerdsn|httpclientscopedclients\w+baseuri)", "http"),
    (r"oldsoundrabbitmqconnections\w+(url|host)", "rabbitmq"),
    (r"sncredisclients\w+dsns?", "redis"),
    (r"foselasticaclients\w+(url|host|hosts)", "elasticsearch"),
    (r"enqueue\w*transport(dsn)?", ""),
    # .NET
    (r"connectionstrings\w+", ""),
    # Conventions of twelve-factor platforms
    (r"(\w*)databaseurl", ""),
    (r"(\w*)redisur[il]", "redis"),
    (r"(celery)?brokerurl", ""),
    (r"celeryresultbackend", ""),
    (r"(\w*)mongo(db)?(uri|url)", "mongodb"),
    (r"(\w*)(amqp|rabbitmq|cloudamqp)ur[il]", "rabbitmq"),
    (r"(\w*)elasticsearchur[il]", "elasticsearch"),
    (r"(\w*)kafka(bootstrapservers|brokers?|url)", "kafka"),
    (r"otelexporterotlp(\w*)endpoint", "http"),
)  # fmt: skip

# Variables that a library reads by itself, whichever file hands them in, and what it is called.
OF_LIBRARIES: tuple[tuple[str, str], ...] = (
    (r"SENTRY_DSN", r"(?:^|[^a-z])sentry(?:$|[^a-z])"),
    (r"TEMPORAL_ADDRESS", r"temporal/sdk|temporal-(?:bridge|sdk|client|spring)|temporalio|go\.temporal\.io"),
)  # fmt: skip

# What a build unit depends on when such a setting means something to it (Spring's starters).
NEEDS: tuple[tuple[str, str], ...] = (
    (r"springrabbitmq", r"amqp|rabbit"),
    (r"springkafka|springcloudstreamkafka", r"kafka"),
    (r"eureka", r"eureka|turbine|netflix-sidecar|service-registry|spring-cloud-starter-all"),
    (r"security|springsecurity|keycloak", r"oauth2|security|keycloak"),
    (r"spring(data)?redis", r"redis|jedis|lettuce|redisson"),
    (r"spring(data)?mongodb", r"mongo"),
    (r"springdatasource|springflyway|springliquibase", r"jdbc|jpa|mybatis|jooq|hibernate|flyway|liquibase|druid|hikari"),
    (r"springr2dbc", r"r2dbc"),
    (r"spring(data)?elasticsearch", r"elasticsearch"),
    (r"spring(data)?cassandra", r"cassandra"),
    (r"spring(data)?neo4j", r"neo4j"),
    (r"spring(data)?couchbase", r"couchbase"),
    (r"spring(activemq|artemis)", r"activemq|artemis|jms"),
    (r"springzipkin|managementzipkin|managementtracing|tracingzipkin", r"zipkin|sleuth|tracing|brave"),
    (r"management(otlp|opentelemetry)", r"otlp|opentelemetry|tracing"),
    (r"tracinghost", r"helidon"),
    (r"opentracing", r"jaeger|opentracing"),
    (r"springmail", r"mail"),
    (r"springldap", r"ldap"),
    (r"axon", r"axon"),
    (r"springbootadmin", r"spring-boot-admin"),
    (r"springcloudconsul", r"consul"),
    (r"springcloudzookeeper", r"zookeeper"),
    (r"(springcloud)?nacos", r"nacos"),
    (r"springcloudvault", r"vault"),
    (r"springcloudsentinel", r"sentinel"),
    (r"dubbo", r"dubbo"),
    (r"seata", r"seata"),
    (r"rocketmq", r"rocketmq"),
    (r"xxljob", r"xxl-job"),
    (r"quarkusloghandlergelf", r"gelf"),
    (r"apollo", r"apollo"),
)  # fmt: skip
