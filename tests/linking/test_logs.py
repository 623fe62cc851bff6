"""Whom programs send their logs to, and who collects, keeps and shows them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind


def connected(files: dict[str, str]) -> set[tuple[str, str]]:
    found = architecture(files)
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.CALLS, EdgeKind.USES)
    }


def with_driver(
    driver: str, options: str, ports: str = "['9000:12201/udp']"
) -> set[tuple[str, str]]:
    return connected(
        {
            "compose.yaml": f"""
            services:
              orders:
                image: acme/orders
                logging:
                  driver: {driver}
                  options: {options}
              sink:
                image: graylog/graylog
                ports: {ports}
              other:
                image: acme/other
                ports: ["9001:12201"]
            """
        }
    )


def test_the_port_of_the_machine_leads_to_who_takes_the_log() -> None:
    expected = {("orders", "sink")}
    assert with_driver("gelf", "{gelf-address: 'udp://127.0.0.1:9000'}") == expected
    assert with_driver("gelf", "{gelf-address: 'udp://${DOCKER_HOST_IP}:9000'}") == expected
    assert with_driver("syslog", "{syslog-address: 'tcp://sink:12201'}") == expected
    assert with_driver("fluentd", "{tag: orders}", "['24224:24224']") == expected
    long_form = "[{target: 12201, published: 9000, protocol: udp}]"
    assert with_driver("gelf", "{gelf-address: 'udp://localhost:9000'}", long_form) == expected


def test_logs_that_stay_on_the_machine() -> None:
    assert with_driver("json-file", "{max-size: 10m}") == set()
    assert with_driver("gelf", "{gelf-address: 'udp://127.0.0.1:12201'}") == set()  # nobody's port
    assert with_driver("local", "{gelf-address: 'udp://127.0.0.1:9000'}") == set()


def test_a_log_that_goes_to_a_service_of_somebody_else() -> None:
    away = with_driver("syslog", "{syslog-address: 'udp://logs.papertrailapp.com:514'}")
    assert away == {("orders", "papertrail")}


SYSTEM = {
    "compose.yaml": """
        services:
          orders: {build: ./orders}
          logstash: {image: "docker.elastic.co/logstash/logstash:8"}
          log: {image: "apache/kafka:3"}
        """,
    "orders/Dockerfile": "FROM eclipse-temurin\n",
    "orders/pom.xml": pom("orders"),
}


def appender(inside: str, reference: str = '<root><appender-ref ref="NET"/></root>') -> str:
    return f"<configuration>\n{inside}\n{reference}\n</configuration>"


TCP = (
    '<appender name="NET" class="net.logstash.logback.appender.LogstashTcpSocketAppender">'
    "<destination>{}</destination></appender>"
)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (appender(TCP.format("logstash:5000")), "logstash"),
        (appender(TCP.format("${LOGSTASH:-logstash}:5000")), "logstash"),
        (
            appender(
                '<springProperty name="LS" source="log.host" defaultValue="logstash"/>'
                + TCP.format("${LS}:5000")
            ),
            "logstash",
        ),
        (
            appender(
                TCP.format("logstash:5000").replace("NET", "INNER")
                + '<appender name="NET" class="ch.qos.logback.classic.AsyncAppender">'
                '<appender-ref ref="INNER"/></appender>'
            ),
            "logstash",
        ),
        (
            appender(
                '<appender name="NET" class="com.github.danielwegener.logback.kafka.KafkaAppender">'
                "<producerConfig>bootstrap.servers=log:9092</producerConfig></appender>"
            ),
            "log",
        ),
        (
            appender(
                '<Appenders><Socket name="NET" host="logstash" port="5000"/></Appenders>',
                '<Loggers><Root><AppenderRef ref="NET"/></Root></Loggers>',
            ),
            "logstash",
        ),
        (
            appender(
                '<Appenders><Kafka name="NET" topic="x">'
                '<Property name="bootstrap.servers">${env:KAFKA:-log}:9092</Property>'
                "</Kafka></Appenders>",
                '<Loggers><Root><AppenderRef ref="NET"/></Root></Loggers>',
            ),
            "log",
        ),
    ],
)
def test_an_appender_that_is_referred_to(text: str, target: str) -> None:
    files = SYSTEM | {"orders/src/main/resources/logback-spring.xml": text}
    assert connected(files) == {("orders", target)}


def test_an_appender_that_nothing_refers_to_or_that_stays_at_home() -> None:
    for text in (
        appender(TCP.format("logstash:5000"), ""),
        appender(TCP.format("localhost:5000")),
        appender(TCP.format("${LOGSTASH}:5000")),
        '<!DOCTYPE x [<!ENTITY a "logstash">]><configuration>&a;</configuration>',
        "<configuration><appender",
    ):
        assert connected(SYSTEM | {"orders/src/main/resources/logback.xml": text}) == set()


def test_pipelines_of_logstash() -> None:
    text = """
        input { beats { port => 5044 } kafka { bootstrap_servers => "log:9092" } }
        # output { elasticsearch { hosts => ["ghost:9200"] } }
        output {
          elasticsearch {
            hosts => [
              "http://search:9200"
            ]
          }
        }
        """
    compose = """
        services:
          logstash:
            image: logstash:8
            volumes: ["$PWD/elk:/usr/share/logstash/pipeline"]
          search: {image: "elasticsearch:8"}
          ghost: {image: acme/ghost}
          log: {image: "apache/kafka:3"}
        """
    expected = {("logstash", "search"), ("logstash", "log")}
    assert connected({"compose.yaml": compose, "elk/logstash.conf": text}) == expected
    elsewhere = compose.replace('["$PWD/elk:/', '["./pipelines:/')
    assert connected({"compose.yaml": elsewhere, "pipelines/gelf.conf": text}) == expected
    inline = """
        services:
          logstash:
            image: logstash:8
            command: logstash -e 'input { syslog { port => 514 } } output { elasticsearch { hosts => search } }'
          search: {image: "elasticsearch:8"}
          logspout: {image: gliderlabs/logspout, command: "syslog://logstash:514"}
        """
    assert connected({"compose.yaml": inline}) == {("logstash", "search"), ("logspout", "logstash")}


FLUENTD = """
    <source>
      @type forward
      host ghost
    </source>
    <match **>
      @type copy
      <store>
        @type elasticsearch
        host "#{ENV['SEARCH'] || 'search'}"
      </store>
    </match>
    """
FLUENT_BIT = """
    [INPUT]
        Name forward
        Host ghost
    [OUTPUT]
        Name es
        Host ${SEARCH}
    """
BEATS = "filebeat.inputs:\n- type: container\noutput.elasticsearch:\n  hosts: ['${SEARCH:search}:9200']\n"
PROMTAIL = (
    "positions: {filename: /x}\nclients:\n- url: http://search:3100/push\nscrape_configs: []\n"
)
VECTOR = "sources: {a: {type: syslog}}\nsinks:\n  out: {type: x, inputs: [a], endpoints: ['http://search:9200']}\n"


@pytest.mark.parametrize(
    ("image", "path", "text"),
    [
        ("fluent/fluentd:v1", "fluentd/conf/fluent.conf", FLUENTD),
        ("fluent/fluent-bit:3", "fluent-bit/fluent-bit.conf", FLUENT_BIT),
        ("elastic/filebeat:8", "beats/filebeat.yml", BEATS),
        ("grafana/promtail:3", "logs/promtail.yaml", PROMTAIL),
        ("timberio/vector:0", "logs/vector.yaml", VECTOR),
        (
            "kibana:8",
            "logs/kibana.yml",
            "server.name: x\nelasticsearch.hosts: ['http://search:9200']\n",
        ),
    ],
)
def test_who_ships_and_shows(image: str, path: str, text: str) -> None:
    compose = f"""
        services:
          shipper: {{image: "{image}", environment: ["SEARCH=search"]}}
          search: {{image: acme/search}}
          ghost: {{image: acme/ghost}}
        """
    found = connected({"compose.yaml": compose, path: dedent(text)})
    assert found == {("shipper", "search")}


def test_what_an_image_looks_for_unless_told_otherwise() -> None:
    compose = """
        services:
          kibana: {image: "kibana:8"}
          search: {image: "elasticsearch:8"}
        """
    assert connected({"compose.yaml": compose}) == {("kibana", "search")}
    free = compose.replace("kibana:8", "kibana/kibana-oss:7")
    assert connected({"compose.yaml": free}) == {("kibana", "search")}
    two = compose.rstrip() + "\n          more: {image: 'elasticsearch:8'}\n"
    assert connected({"compose.yaml": two}) == set()
    told = two.replace(
        '"kibana:8"', '"kibana:8", environment: ["ELASTICSEARCH_HOSTS=http://more:9200"]'
    )
    assert connected({"compose.yaml": told}) == {("kibana", "more")}
    console = "services: {show: {image: mongo-express}, mongo: {image: mongo}, m: {image: mongo}}"
    assert connected({"compose.yaml": console}) == {("show", "mongo")}


def test_commands_of_published_images() -> None:
    compose = """
        services:
          exporter:
            image: acme/exporter
            command: ["--kafka.server=log:9092", "--web.listen-address=orders:9308"]
          starter: {image: acme/starter, command: "./wait-for-it.sh log:9092 -- run --log=log:9092"}
          log: {image: "apache/kafka:3"}
          orders: {image: acme/orders}
        """
    assert connected({"compose.yaml": compose}) == {("exporter", "log")}


def test_an_appender_for_the_machine_leads_to_who_has_the_port_there() -> None:
    compose = """
        services:
          collector: {image: grafana/loki, ports: ["3100:3100"]}
        """
    text = appender(
        '<appender name="NET" class="com.github.loki4j.logback.Loki4jAppender">'
        "<http><url>http://localhost:3100/loki/api/v1/push</url></http></appender>"
    )
    files = {
        "compose.yaml": compose,
        "orders/pom.xml": pom("orders"),
        "orders/src/main/resources/logback-spring.xml": text,
    }
    assert connected(files) == {("orders", "collector")}
    files["compose.yaml"] = compose.replace("3100:3100", "3101:3100")
    assert connected(files) == set()


def test_a_shipper_that_knows_no_store() -> None:
    found = connected(
        {
            "compose.yaml": """
            services:
              filebeat: {build: ./filebeat}
              logstash: {image: logstash:8.0}
            """,
            "filebeat/Dockerfile": "FROM docker.elastic.co/beats/filebeat:8.0\nCOPY filebeat.yml /usr/share/\n",
            "filebeat/filebeat.yml": 'output.logstash:\n  hosts: "logstash:5044"\n',
        }
    )
    assert found == {("filebeat", "logstash")}


def test_handlers_of_quarkus_send_to_their_usual_port() -> None:
    compose = """
        services:
          logstash: {image: "logstash:8", ports: ["12201:12201/udp", "4560:4560"]}
        """

    def sent(settings: str) -> set[tuple[str, str]]:
        return connected(
            {
                "compose.yaml": compose,
                "orders/pom.xml": pom("orders", "quarkus-logging-gelf"),
                "orders/src/main/resources/application.properties": settings,
            }
        )

    gelf = "quarkus.log.handler.gelf."
    assert sent(f"{gelf}enabled=true\n") == {("orders", "logstash")}
    assert sent(f"{gelf}enabled=true\n{gelf}host=udp:logstash\n") == {("orders", "logstash")}
    assert sent("quarkus.log.socket.enable=true\n") == {("orders", "logstash")}
    assert sent(f"{gelf}enabled=false\n") == set()
    assert sent(f"{gelf}enabled=true\n{gelf}port=12202\n") == set()
    files = {
        "compose.yaml": compose,
        "orders/pom.xml": pom("orders", "quarkus-resteasy"),
        "orders/src/main/resources/application.properties": f"{gelf}enabled=true\n",
    }
    assert connected(files) == set()  # without the library nothing sends


def test_a_viewer_without_sources_shows_what_it_is_started_after() -> None:
    compose = """
        services:
          grafana: {image: grafana/grafana, depends_on: [prometheus, orders]}
          prometheus: {image: prom/prometheus}
          loki: {image: grafana/loki}
          orders: {image: acme/orders}
        """
    assert connected({"compose.yaml": compose}) == {("grafana", "prometheus")}
    sources = "apiVersion: 1\ndatasources: [{name: a, type: loki, url: 'http://loki:3100'}]\n"
    told = {"compose.yaml": compose, "grafana/datasources.yaml": sources}
    assert connected(told) == {("grafana", "loki")}


def test_a_broker_in_an_image_of_ones_own_agrees_with_what_it_is_started_after() -> None:
    compose = """
        services:
          log: {build: {context: docker, dockerfile: log.Dockerfile}, depends_on: [keeper]}
          keeper: {image: zookeeper}
        """
    dockerfile = "FROM confluentinc/cp-kafka:7.6.0\nUSER appuser\n"
    files = {"compose.yaml": compose, "docker/log.Dockerfile": dockerfile}
    assert connected(files) == {("log", "keeper")}


def test_an_address_of_a_network_is_whose_it_is() -> None:
    """Drivers of logs are given it, since the machine itself knows no names of containers."""
    compose = """
        services:
          orders:
            image: acme/orders
            logging: {driver: fluentd, options: {fluentd-address: "172.20.0.9:24224"}}
          collector:
            image: fluent/fluentd
            networks: {inside: {ipv4_address: 172.20.0.9}}
        """
    assert connected({"compose.yaml": compose}) == {("orders", "collector")}


def test_the_image_of_promtail_pushes_to_loki_unless_a_file_is_put_over_its_own() -> None:
    compose = """
        services:
          promtail: {image: "grafana/promtail:3", volumes: ["/var/log:/var/log"]}
          loki: {image: "grafana/loki:3"}
        """
    assert connected({"compose.yaml": compose}) == {("promtail", "loki")}
    own = compose.replace('"/var/log:/var/log"', '"../elsewhere:/etc/promtail"')
    assert connected({"compose.yaml": own}) == set()
