"""Other remote calls of the JVM: gRPC, mail, language models, services by subscription."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.java.patterns import ClientCall, DeclaredClient
from scaleaudit.languages.patterns import NONE, Arg, HttpCall

GRAPHQL_KEYS = ("quarkus.smallrye-graphql-client.{}.url", "{}/mp-graphql/url")

REMOTE_SERVICES = (
    # gRPC has no deadline unless the stub gets one; stubs are often made elsewhere.
    ClientCall(
        callees=(
            "io.grpc.{ManagedChannelBuilder,Grpc}.{forAddress,forTarget}",
            "io.grpc.Grpc.newChannelBuilder{,ForAddress}",
            "io.grpc.netty.{,shaded.io.grpc.netty.}NettyChannelBuilder.{forAddress,forTarget}",
            "io.grpc.okhttp.OkHttpChannelBuilder.{forAddress,forTarget}",
        ),
        library="grpc",
        timeout=(),
        protocol="grpc",
        seen=r"withDeadline",
    ),
    DeclaredClient(
        callees=("net.devh.boot.grpc.client.inject.GrpcClient",),
        library="grpc",
        name=Arg(0, ("value",)),
        keys=("grpc.client.{}.address",),
        protocol="grpc",
        timeout=Timeout.UNKNOWN,
    ),
    DeclaredClient(
        callees=("io.quarkus.grpc.GrpcClient",),
        library="grpc",
        name=Arg(0, ("value",)),
        keys=("quarkus.grpc.clients.{}.host",),
        protocol="grpc",
        timeout=Timeout.UNKNOWN,
    ),
    # SmallRye's clients of GraphQL: a field of its own, or an interface.
    DeclaredClient(
        callees=("io.smallrye.graphql.client.GraphQLClient",),
        library="smallrye-graphql",
        name=Arg(0, ("value",)),
        keys=GRAPHQL_KEYS,
        timeout=Timeout.UNKNOWN,
    ),
    DeclaredClient(
        callees=("io.smallrye.graphql.client.typesafe.api.GraphQLClientApi",),
        library="smallrye-graphql",
        url=Arg(-1, ("endpoint",)),
        name=Arg(-1, ("configKey",)),
        keys=GRAPHQL_KEYS,
        timeout=Timeout.UNKNOWN,
    ),
    # Spring gRPC: channels.createChannel("cart"), spring.grpc.client.channels.cart.address
    ClientCall(
        callees=("org.springframework.grpc.client.GrpcChannelFactory.createChannel",),
        library="grpc",
        timeout=(),
        protocol="grpc",
    ),
    ClientCall(
        callees=(
            "org.springframework.web.socket.client.standard.StandardWebSocketClient"
            ".{execute,doHandshake}",
            "org.springframework.web.socket.messaging.WebSocketStompClient.{connect,connectAsync}",
            "org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient.execute",
            "{javax,jakarta}.websocket.WebSocketContainer.connectToServer",
        ),
        library="websocket",
        url=Arg(0, ("url",)),
        timeout=(),
        protocol="websocket",
    ),
    ClientCall(
        callees=(
            "org.springframework.messaging.rsocket.RSocketRequester"
            ".{Builder.,}{tcp,websocket,connectTcp,connectWebSocket}",
        ),
        library="rsocket",
        timeout=(),
        protocol="rsocket",
    ),
    # Jakarta Mail waits for ever by default, but its settings often stand in a file.
    ClientCall(
        callees=("{javax,jakarta}.mail.Transport.{send,sendMessage}",),
        library="javamail",
        url=NONE,
        timeout=(),
        protocol="smtp",
        seen=r"mail\.smtps?\.(?:connection)?timeout",
    ),
    ClientCall(
        callees=(
            "org.springframework.mail.{javamail.JavaMailSender,MailSender}.send",
            "org.springframework.mail.javamail.JavaMailSenderImpl.send",
        ),
        library="javamail",
        url=NONE,
        timeout=(),
        protocol="smtp",
        seen=r"mail\.smtps?\.(?:connection)?timeout",
    ),
    ClientCall(
        callees=("org.apache.commons.mail.{SimpleEmail,HtmlEmail,MultiPartEmail}.send",),
        library="commons-email",
        url=NONE,
        without=Timeout.FINITE,  # 60 s each (EmailConstants)
        protocol="smtp",
    ),
    # stripe-java: connect 30 s, read 80 s (its README).
    HttpCall(
        callees=(
            "com.stripe.model.{Charge,PaymentIntent,Customer,Refund,Subscription,Invoice,Payout}"
            ".{create,retrieve,list}",
            "com.stripe.model.checkout.Session.{create,retrieve,list}",
        ),
        library="stripe",
        fixed="https://api.stripe.com",
        protocol="sdk",
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("com.twilio.rest.api.v2010.account.Message.creator",),
        library="twilio",
        fixed="https://api.twilio.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=("com.sendgrid.SendGrid.api",),
        library="sendgrid",
        fixed="https://api.sendgrid.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=(
            "com.slack.api.Slack.{send,methods}",
            "com.slack.api.Slack.getInstance.{send,methods}",
        ),
        library="slack",
        fixed="https://slack.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=(
            "dev.langchain4j.model.chat.{ChatLanguageModel,ChatModel}.{generate,chat}",
            "dev.langchain4j.model.openai.OpenAiChatModel.{generate,chat}",
            "org.springframework.ai.chat.model.ChatModel.call",
            "org.springframework.ai.chat.client.ChatClient.prompt",
            "com.theokanning.openai.service.OpenAiService.createChatCompletion",
            "com.openai.client.OpenAIClient.chat.completions.create",
        ),
        library="llm",
        url=NONE,
        protocol="llm",
    ),
)
