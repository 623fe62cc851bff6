"""Services that hold up the others: what routes, registers, configures and watches."""

# Hubs by design: they hand requests on, hold no rules of the business, and scale by copies.
GATEWAYS = {
    "nginx", "traefik", "haproxy", "envoy", "caddy", "apache", "kong", "krakend", "apisix", "tyk",
    "spring-gateway", "express-gateway", "yarp", "ocelot", "turbine", "hystrix-dashboard", "eureka",
    "config-server", "consul", "nacos", "zipkin", "jaeger", "prometheus", "grafana", "opentelemetry",
    "loki", "tempo", "kibana", "logstash", "fluentd", "graylog",
    "keycloak", "vault", "spring-boot-admin", "web-frontend",
}  # fmt: skip
