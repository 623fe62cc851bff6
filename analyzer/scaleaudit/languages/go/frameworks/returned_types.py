"""What functions of known packages return, where it is not a type of the same name.

Import paths stand without their version (`/v5`, `.v3`) and without the ending `.go`.
"""

from scaleaudit.languages.patterns import expand

_GIN = "github.com/gin-gonic/gin"
_MUX = "github.com/gorilla/mux"
_CHI = "github.com/go-chi/chi"
_ECHO = "github.com/labstack/echo"
_FIBER = "github.com/gofiber/fiber"
_AMQP = "github.com/{rabbitmq/amqp091-go,streadway/amqp}"
_NATS = "github.com/nats-io/nats"
_RESTY = "{github.com/go-resty/resty,resty.dev,gopkg.in/resty}"
_SARAMA = "github.com/{IBM,Shopify}/sarama"
_REDIS = "github.com/{redis/go-redis,go-redis/redis}"
_PUBSUB = "cloud.google.com/go/pubsub"
_SQS = "github.com/aws/aws-sdk-go/service/sqs"

_RETURNS = {
    "net/http.NewServeMux": "net/http.ServeMux",
    "net/http.{NewRequest,NewRequestWithContext}": "net/http.Request",
    "net/http.Request.{WithContext,Clone}": "net/http.Request",
    f"{_MUX}.NewRouter": f"{_MUX}.Router",
    f"{_MUX}.Router.{{StrictSlash,SkipClean,UseEncodedPath}}": f"{_MUX}.Router",
    f"{_MUX}.Router.{{PathPrefix,Path,Methods,Host,Schemes,Headers,Queries,NewRoute,Name}}": (
        f"{_MUX}.Route"
    ),
    f"{_MUX}.Route.{{PathPrefix,Path,Methods,Host,Schemes,Headers,Queries,Name}}": f"{_MUX}.Route",
    f"{_MUX}.Route.Subrouter": f"{_MUX}.Router",
    f"{_CHI}.{{NewRouter,NewMux}}": f"{_CHI}.Router",
    f"{_CHI}.Router.{{With,Route,Group}}": f"{_CHI}.Router",
    f"{_GIN}.{{Default,New}}": f"{_GIN}.Engine",
    f"{_GIN}.Engine.{{Group,Use}}": f"{_GIN}.Engine",
    f"{_ECHO}.New": f"{_ECHO}.Echo",
    f"{_ECHO}.Echo.Group": f"{_ECHO}.Echo",
    f"{_FIBER}.New": f"{_FIBER}.App",
    f"{_FIBER}.App.{{Group,Route,Use}}": f"{_FIBER}.App",
    "github.com/julienschmidt/httprouter.New": "github.com/julienschmidt/httprouter.Router",
    "google.golang.org/grpc.NewServer": "google.golang.org/grpc.Server",
    "github.com/hashicorp/go-retryablehttp.NewClient": (
        "github.com/hashicorp/go-retryablehttp.Client"
    ),
    f"{_RESTY}.{{New,NewWithClient}}": "resty.Client",
    f"{_RESTY}.Client": "resty.Client",
    f"{_RESTY}.Request": "resty.Request",
    f"{_AMQP}.{{Dial,DialTLS,DialConfig}}": "amqp.Connection",
    f"{_AMQP}.Connection": "amqp.Connection",
    f"{_AMQP}.Channel": "amqp.Channel",
    "amqp.Connection.Channel": "amqp.Channel",
    "github.com/dapr/go-sdk/client.{NewClient,NewClientWithPort,NewClientWithAddress}": (
        "github.com/dapr/go-sdk/client.Client"
    ),
    f"{_NATS}.Connect": f"{_NATS}.Conn",
    f"{_NATS}.Conn.JetStream": f"{_NATS}.JetStreamContext",
    f"{_NATS}/jetstream.New": f"{_NATS}.JetStreamContext",
    f"{_SARAMA}.{{NewSyncProducer,NewSyncProducerFromClient}}": "sarama.SyncProducer",
    f"{_SARAMA}.{{NewAsyncProducer,NewAsyncProducerFromClient}}": "sarama.AsyncProducer",
    f"{_SARAMA}.{{NewConsumerGroup,NewConsumerGroupFromClient}}": "sarama.ConsumerGroup",
    f"{_SARAMA}.{{NewConsumer,NewConsumerFromClient}}": "sarama.Consumer",
    f"{_SARAMA}.ConsumerGroup": "sarama.ConsumerGroup",
    f"{_SARAMA}.Consumer": "sarama.Consumer",
    "github.com/segmentio/kafka-go.NewWriter": "github.com/segmentio/kafka-go.Writer",
    "github.com/segmentio/kafka-go.NewReader": "github.com/segmentio/kafka-go.Reader",
    "github.com/confluentinc/confluent-kafka-go/kafka.NewConsumer": (
        "github.com/confluentinc/confluent-kafka-go/kafka.Consumer"
    ),
    "github.com/twmb/franz-go/pkg/kgo.NewClient": "github.com/twmb/franz-go/pkg/kgo.Client",
    f"{_REDIS}.{{NewClient,NewClusterClient,NewFailoverClient,NewUniversalClient}}": "redis.Client",
    f"{_REDIS}.{{Client,ClusterClient,UniversalClient,Cmdable}}": "redis.Client",
    "github.com/hibiken/asynq.NewClient": "github.com/hibiken/asynq.Client",
    "github.com/hibiken/asynq.NewServeMux": "github.com/hibiken/asynq.ServeMux",
    "github.com/hibiken/asynq.NewScheduler": "github.com/hibiken/asynq.Scheduler",
    "github.com/aws/aws-sdk-go-v2/service/sqs.{NewFromConfig,New}": "sqs.Client",
    "github.com/aws/aws-sdk-go-v2/service/sqs.Client": "sqs.Client",
    f"{_SQS}.New": "sqs.Client",
    f"{_SQS}.SQS": "sqs.Client",
    f"{_SQS}/sqsiface.SQSAPI": "sqs.Client",
    "github.com/aws/aws-sdk-go-v2/service/sns.{NewFromConfig,New}": "sns.Client",
    "github.com/aws/aws-sdk-go-v2/service/sns.Client": "sns.Client",
    "github.com/aws/aws-sdk-go/service/sns.New": "sns.Client",
    "github.com/aws/aws-sdk-go/service/sns.SNS": "sns.Client",
    f"{_PUBSUB}.NewClient": f"{_PUBSUB}.Client",
    f"{_PUBSUB}.Client.{{Topic,Publisher,TopicInProject}}": f"{_PUBSUB}.Topic",
    f"{_PUBSUB}.Client.{{Subscription,Subscriber}}": f"{_PUBSUB}.Subscription",
    "github.com/eclipse/paho.mqtt.golang.NewClient": "github.com/eclipse/paho.mqtt.golang.Client",
    "github.com/robfig/cron.{New,NewWithLocation}": "github.com/robfig/cron.Cron",
    "github.com/go-co-op/gocron.{NewScheduler,NewScheduler}": "github.com/go-co-op/gocron.Scheduler",
    "github.com/alexedwards/scs.{New,NewSession}": "github.com/alexedwards/scs.SessionManager",
    "time.NewTicker": "time.Ticker",
    # Interfaces and second names of the same thing.
    f"{_CHI}.Mux": f"{_CHI}.Router",
    f"{_GIN}.{{RouterGroup,IRouter,IRoutes}}": f"{_GIN}.Engine",
    f"{_ECHO}.Group": f"{_ECHO}.Echo",
    f"{_FIBER}.{{Router,Group}}": f"{_FIBER}.App",
}
RETURNS = {callee: result for written, result in _RETURNS.items() for callee in expand(written)}

# Variables of packages.
VARIABLES = {
    "net/http.DefaultClient": "net/http.Client",
    "net/http.DefaultServeMux": "net/http.ServeMux",
}

# Types whose methods hand back the same object unless RETURNS says otherwise: chains of settings.
FLUENT = frozenset(
    {
        "resty.Client",
        "resty.Request",
        f"{_MUX}.Route",
        "github.com/go-co-op/gocron.Scheduler",
    }
)
RETURNS["resty.Client.R"] = "resty.Request"
RETURNS["resty.Client.NewRequest"] = "resty.Request"
