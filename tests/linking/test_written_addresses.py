"""Addresses that a list of constants holds, and what calls say of them."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind
from scaleaudit.linking.connections.calls import whose

POM = """
    <project>
      <artifactId>{}</artifactId>
      <build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
    </project>
    """
NAMES = ("orders", "stock", "mails", "bills", "users")
LIST = """
    public class Known {
        public static final String STOCK_SERVICE_URL = "http://localhost:8830/stock";
        public static final String STOCK_HOST = "http://stock/stock";
        public static final String MAILS_URL = "http://mails/mails";
        public static final String BILLS_URL = "http://bills/bills";
        public static final String USERS_URL = "http://users/users";
    }
    """
CALL = """
    import org.springframework.web.client.RestTemplate;
    class Caller {
        private final RestTemplate rest = new RestTemplate();
        String one(String id) { return rest.getForObject(%s + "/" + id, String.class); }
    }
    """
MAIL = """
    import org.springframework.mail.javamail.JavaMailSender;
    class Caller {
        private final JavaMailSender mails;
        void send() { mails.send(mails.createMimeMessage()); }
    }
    """


def called(caller: str, known: str = LIST) -> set[str]:
    found = architecture(
        {
            **{f"{name}/pom.xml": POM.format(name) for name in NAMES},
            **{f"{name}/src/main/java/A.java": "class A {}\n" for name in NAMES},
            "orders/src/main/java/Known.java": known,
            "orders/src/main/java/Caller.java": caller,
        }
    )
    return {
        e.target.partition(":")[2]
        for e in found.edges(EdgeKind.CALLS)
        if e.source == "service:orders"
    }


def test_only_what_is_called_of_a_list() -> None:
    assert called(CALL % "Known.MAILS_URL") == {"mails"}


def test_an_address_of_the_own_machine_that_nobody_listens_at_means_whom_it_is_named_after() -> (
    None
):
    assert called(CALL % "Known.STOCK_SERVICE_URL") == {"stock"}


def test_a_list_beside_mails_that_are_sent_is_not_called() -> None:
    assert called(MAIL) == set()


def test_where_visitors_are_sent_back_to_is_no_call() -> None:
    settings = """
        import java.util.List;
        class Caller {
            private String callbackUrl = "http://users/callback";
            private List<String> allowedRedirects = List.of("http://stock/back", "http://mails/back");
            private List<String> servers = List.of("http://bills/x");
        }
        """
    assert called(settings, "class Known {}\n") == {"bills"}


def test_beside_addresses_that_are_told_those_that_only_the_deployment_knows() -> None:
    """One function makes all proxies; a file of settings hands on variables of which one is told."""
    go = 'package main\nimport ("net/http")\nfunc main() { http.ListenAndServe(":80", nil) }\n'
    found = architecture(
        {
            "compose.yaml": """
                services:
                  gateway: {build: gateway}
                  orders: {build: orders}
                  cart: {build: cart}
                """,
            **{f"{name}/Dockerfile": "FROM golang\n" for name in ("gateway", "orders", "cart")},
            **{f"{name}/go.mod": f"module {name}\n" for name in ("gateway", "orders", "cart")},
            **{f"{name}/main.go": go for name in ("orders", "cart")},
            "gateway/config/config.yml": """
                orders_url: ${ORDERS_URL}
                cart_url: ${CART_URL}
                mail_url: ${MAIL_URL}
                """,
            "gateway/.env.example": "ORDERS_URL=http://orders:80\n",
            "gateway/config/config.go": """
                package config
                type Config struct {
                    OrdersURL string `yaml:"orders_url"`
                    CartURL string `yaml:"cart_url"`
                    MailURL string `yaml:"mail_url"`
                }
                """,
            "gateway/proxy/proxy.go": """
                package proxy
                import ("net/http/httputil"; "net/url")
                func Proxy(target string) *httputil.ReverseProxy {
                    to, _ := url.Parse(target)
                    return httputil.NewSingleHostReverseProxy(to)
                }
                """,
            "gateway/main.go": """
                package main
                import ("net/http"; "gateway/config"; "gateway/proxy")
                func routes(config *config.Config) {
                    http.Handle("/orders", proxy.Proxy(config.OrdersURL))
                    http.Handle("/cart", proxy.Proxy(config.CartURL))
                    http.Handle("/mail", proxy.Proxy(config.MailURL))
                }
                """,
        }
    )
    assert {
        (e.source.partition(":")[2], e.target.partition(":")[2])
        for e in found.edges(EdgeKind.CALLS)
    } == {("gateway", "orders"), ("gateway", "cart")}


def test_what_follows_the_name_of_a_component_whole_is_a_path() -> None:
    caller = """
        import axios from "axios";
        class Client {
          private base = "http://stock";
          async ask(req) { return axios.get(this.base + req.url); }
          async other(req) { return axios.get("http://stoc" + req.url); }
        }
        """
    files = {
        "compose.yaml": "services: {web: {build: web}, stock: {image: acme/stock}}\n",
        "web/Dockerfile": "FROM node\nCOPY . .\n",
        "web/package.json": '{"name": "web", "dependencies": {"axios": "1"}}',
        "web/client.ts": caller,
    }
    calls = architecture(files).edges(EdgeKind.CALLS)
    assert [(e.source, e.target) for e in calls] == [("service:web", "service:stock")]


def test_a_field_deep_in_the_settings_is_not_another_of_its_last_name() -> None:
    main = """
        package main
        import ("fmt"; "gorm.io/driver/postgres"; "gorm.io/gorm"; "shop.example/shared/config"; "shop.example/shared/cache")
        func main() {
            cfg := config.Load()
            cache.New(cache.Config{Host: cfg.Redis.Host})
            open(cfg)
        }
        func open(cfg *config.Config) {
            dsn := fmt.Sprintf("host=%s dbname=%s", cfg.Database.Host, cfg.Database.Name)
            gorm.Open(postgres.Open(dsn), &gorm.Config{})
        }
        """
    settings = """
        package config
        import "os"
        type Redis struct { Host string }
        type Config struct { Redis Redis }
        func Load() *Config { return &Config{Redis: Redis{Host: os.Getenv("REDIS_HOST")}} }
        """
    compose = """
        services:
          shop: {build: ./shop, environment: {REDIS_HOST: redis}}
          redis: {image: redis}
          db: {image: postgres}
        """
    files = {
        "compose.yaml": compose, "shop/Dockerfile": "FROM golang\nCOPY . .\n",
        "shop/go.mod": "module shop.example/shop\nrequire shop.example/shared v0.0.0\n",
        "shop/main.go": main, "shared/go.mod": "module shop.example/shared\n",
        "shared/config/config.go": settings,
    }  # fmt: skip
    uses = {e.target for e in architecture(files).edges(EdgeKind.USES)}
    assert "database:db" in uses


def test_an_address_of_an_object_over_several_lines() -> None:
    found = architecture(
        {
            "shop/Dockerfile": "FROM python\n",
            "shop/requirements.txt": "requests\n",
            "shop/weather.py": """
                import requests
                class Weather:
                    def __init__(self, key):
                        self.base_url = (
                            "https://weather.clouds.io/"
                            "services"
                        )
                    def at(self, place):
                        return requests.get(f"{self.base_url}/at/{place}", timeout=3)
                """,
        }
    )
    assert {e.target for e in found.edges(EdgeKind.CALLS)} == {"external:weather.clouds.io"}


def test_whose_an_address_is_by_its_setting() -> None:
    assert whose("services.payment.base-url") == "payment"
    assert whose("payment-service.url") == "payment"
    assert whose("shop-front-app.weather.url") == "weather"
    assert whose("shop-front.find-by-text.url") == "find-by-text"
    assert whose("PAYMENT_API_URL") == "payment"
    assert whose("API_URL") == ""
