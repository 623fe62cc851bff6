"""Mail, language models, SaaS and gRPC from JavaScript."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.javascript.mail import ProviderMail
from scaleaudit.languages.javascript.rpc import GrpcClient
from scaleaudit.languages.patterns import NONE, Arg, ClientAddress, HttpCall, Pattern

SERVICES: tuple[Pattern, ...] = (
    # Who signs people in: the library makes all requests by itself.
    ClientAddress(callees=("keycloak-js",), library="keycloak-js", url=Arg(-1, ("url",))),
    ClientAddress(
        callees=("{oidc-client,oidc-client-ts}.{UserManager,OidcClient}",),
        library="oidc-client",
        url=Arg(-1, ("authority",)),
    ),
    # Directories of people: the client connects by itself.
    *(
        ClientAddress(callees=(callees,), library="ldap", url=Arg(-1, (key,)), always=True)
        for callees, key in (
            ("{passport-ldapauth,passport-ldapauth.Strategy}", "server.url"),
            ("{activedirectory,activedirectory2,ldapauth-fork}", "url"),
            ("{ldapjs.createClient,ldapts.Client}", "url"),
            ("ldap-authentication.authenticate", "ldapOpts.url"),
        )
    ),
    # nodemailer: connection 2 minutes, socket 10 minutes (defaults of its SMTP connection).
    ProviderMail(
        callees=("nodemailer.createTransport.sendMail",),
        library="nodemailer",
        url=NONE,
        base=Arg(0, ("host", "service")),
        protocol="smtp",
        timeout=("connectionTimeout", "socketTimeout"),
        without=Timeout.FINITE,
    ),
    # The official SDKs give up after 10 minutes (their READMEs, "Timeouts").
    HttpCall(
        callees=(
            "{openai,openai.OpenAI}.chat.completions.{create,parse,stream}",
            "{openai,openai.OpenAI}.responses.{create,parse,stream}",
            "{openai,openai.OpenAI}.{completions,embeddings,moderations}.create",
            "{openai,openai.OpenAI}.images.{generate,edit}",
            "{openai.AzureOpenAI}.chat.completions.{create,parse}",
        ),
        library="openai",
        fixed="https://api.openai.com",
        url=NONE,
        base=Arg(-1, ("baseURL",)),
        protocol="llm",
        timeout=("timeout", "signal"),
        without=Timeout.FINITE,
        client_options=0,
    ),
    HttpCall(
        callees=(
            "{@anthropic-ai/sdk,@anthropic-ai/sdk.Anthropic}.messages.{create,stream}",
            "{@anthropic-ai/sdk,@anthropic-ai/sdk.Anthropic}.completions.create",
        ),
        library="@anthropic-ai/sdk",
        fixed="https://api.anthropic.com",
        url=NONE,
        base=Arg(-1, ("baseURL",)),
        protocol="llm",
        timeout=("timeout", "signal"),
        without=Timeout.FINITE,
        client_options=0,
    ),
    # Vercel's AI SDK has no limit of its own; providers differ.
    HttpCall(
        callees=("ai.{generateText,streamText,generateObject,streamObject,embed,embedMany}",),
        library="ai",
        url=NONE,
        protocol="llm",
        timeout=("abortSignal", "timeout"),
    ),
    HttpCall(
        callees=(
            "@google/generative-ai.GoogleGenerativeAI.getGenerativeModel.generateContent",
            "@google/genai.GoogleGenAI.models.generateContent",
        ),
        library="@google/genai",
        fixed="https://generativelanguage.googleapis.com",
        url=NONE,
        protocol="llm",
        timeout=("timeout", "abortSignal"),
    ),
    # SaaS clients: one fact where the client is made, since calls go through hundreds of methods.
    # stripe-node: 80 seconds (its README, "timeout").
    HttpCall(
        callees=("{stripe,stripe.Stripe}",),
        library="stripe",
        fixed="https://api.stripe.com",
        protocol="sdk",
        without=Timeout.FINITE,
        options=1,
    ),
    HttpCall(
        callees=("{twilio,twilio.Twilio}",),
        library="twilio",
        fixed="https://api.twilio.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=("@sendgrid/mail.{send,sendMultiple}", "@sendgrid/mail.MailService.send"),
        library="@sendgrid/mail",
        fixed="https://api.sendgrid.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=("@slack/web-api.WebClient",),
        library="@slack/web-api",
        fixed="https://slack.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=("@octokit/rest.Octokit", "@octokit/core.Octokit", "octokit.Octokit"),
        library="octokit",
        fixed="https://api.github.com",
        protocol="sdk",
    ),
    HttpCall(
        callees=("algoliasearch", "algoliasearch.algoliasearch"),
        library="algoliasearch",
        fixed="https://algolia.net",
        protocol="sdk",
    ),
    HttpCall(
        callees=("resend.Resend.emails.send",),
        library="resend",
        fixed="https://api.resend.com",
        protocol="sdk",
    ),
    GrpcClient(
        callees=(
            "{@grpc/grpc-js,grpc}.credentials.{createInsecure,createSsl,createFromSecureContext}",
            "{@grpc/grpc-js,grpc}.ChannelCredentials.{createInsecure,createSsl}",
        ),
    ),
)
