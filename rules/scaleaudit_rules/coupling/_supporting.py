"""Services that hold up the others: what routes, registers, configures and watches."""

# Hubs by design: they hand requests on, hold no rules of the business, and scale by copies.
GATEWAYS = {
    "nginx", "traefik", "haproxy", "envoy", "caddy", "apache", "kong", "spring-gateway", "eureka",
    "config-server", "consul", "nacos", "zipkin", "jaeger", "prometheus", "grafana", "loki", "tempo",
    "opentelemetry", "kibana", "logstash", "fluentd", "graylog",
    "keycloak", "vault", "spring-boot-admin", "web-frontend",
}  # fmt: skip
