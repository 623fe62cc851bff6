"""Mail, language models and SaaS clients of Python; their hosts are fixed by the vendor."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import NONE, Arg, ClientAddress, HttpCall, Pattern
from scaleaudit.languages.python.conditions import first_is

HOST = Arg(0, ("host",))

MAIL = (
    # smtplib: the constructor opens the connection; no default timeout.
    HttpCall(
        callees=("smtplib.{SMTP,SMTP_SSL}",),
        library="smtplib",
        url=HOST,
        without=Timeout.NEVER,
        timeout_position=3,
        protocol="smtp",
    ),
    # imaplib, poplib, ftplib: "the global default timeout is used", which is none.
    *(
        HttpCall(
            callees=(f"{library}.{{{classes}}}",),
            library=library,
            url=HOST,
            without=Timeout.NEVER,
            protocol="tcp",
        )
        for library, classes in (
            ("imaplib", "IMAP4,IMAP4_SSL"),
            ("poplib", "POP3,POP3_SSL"),
            ("ftplib", "FTP,FTP_TLS"),
        )
    ),
    # aiosmtplib: DEFAULT_TIMEOUT of 60 seconds.
    HttpCall(
        callees=("aiosmtplib.send",),
        library="aiosmtplib",
        url=Arg(-1, ("hostname",)),
        without=Timeout.FINITE,
        protocol="smtp",
    ),
    # The host and EMAIL_TIMEOUT stand in the settings.
    HttpCall(
        callees=(
            "django.core.mail.{send_mail,send_mass_mail,mail_admins,mail_managers}",
            "django.core.mail.{EmailMessage,EmailMultiAlternatives}.send",
        ),
        library="django.core.mail",
        url=NONE,
        protocol="smtp",
    ),
    HttpCall(callees=("flask_mail.Mail.send",), library="flask_mail", url=NONE, protocol="smtp"),
)

# Directories of people: ldap3, python-ldap.
DIRECTORIES = (
    ClientAddress(callees=("ldap3.Server",), library="ldap", url=HOST, always=True),
    ClientAddress(callees=("ldap.initialize",), library="ldap", url=Arg(0, ("uri",)), always=True),
)

COMPLETIONS = "{chat.completions,completions,responses,embeddings,images,audio.transcriptions}"

LANGUAGE_MODELS = (
    # openai: 600 seconds by default (README, "Timeouts").
    HttpCall(
        callees=(
            f"openai.{{OpenAI,AsyncOpenAI}}.{COMPLETIONS}.{{create,parse,generate,stream}}",
            "openai.{ChatCompletion,Completion,Embedding}.{create,acreate}",
        ),
        library="openai",
        fixed="https://api.openai.com",
        base=Arg(-1, ("base_url",)),
        timeout=("timeout", "request_timeout"),
        without=Timeout.FINITE,
        zero_is_never=False,
        protocol="llm",
    ),
    HttpCall(
        callees=(f"openai.{{AzureOpenAI,AsyncAzureOpenAI}}.{COMPLETIONS}.{{create,parse}}",),
        library="azure-openai",
        url=NONE,
        fixed="https://openai.azure.com",
        without=Timeout.FINITE,
        zero_is_never=False,
        protocol="llm",
    ),
    # anthropic: 10 minutes by default (README, "Timeouts").
    HttpCall(
        callees=("anthropic.{Anthropic,AsyncAnthropic}.messages.{create,stream}",),
        library="anthropic",
        fixed="https://api.anthropic.com",
        without=Timeout.FINITE,
        zero_is_never=False,
        protocol="llm",
    ),
    # litellm: request_timeout of 6000 seconds by default.
    HttpCall(
        callees=("litellm.{completion,acompletion,embedding,aembedding}",),
        library="litellm",
        url=Arg(-1, ("api_base", "base_url")),
        timeout=("timeout", "request_timeout"),
        without=Timeout.FINITE,
        protocol="llm",
    ),
    HttpCall(
        callees=(
            "google.generativeai.GenerativeModel.{generate_content,generate_content_async}",
            "google.genai.Client.models.{generate_content,embed_content}",
        ),
        library="google-genai",
        fixed="https://generativelanguage.googleapis.com",
        protocol="llm",
    ),
)

STRIPE = (
    "{Charge,Customer,PaymentIntent,Subscription,Invoice,Refund,Price,Product,SetupIntent,Account,"
    "Transfer,Payout,PaymentMethod,Coupon,Plan,Event,Balance}"
)

SAAS = (
    # stripe: 80 seconds (stripe.http_client, `timeout=80`).
    HttpCall(
        callees=(
            f"stripe.{STRIPE}.{{create,retrieve,modify,list,delete,cancel,confirm,capture}}",
            "stripe.{checkout,billing_portal}.Session.{create,retrieve,list}",
        ),
        library="stripe",
        fixed="https://api.stripe.com",
        without=Timeout.FINITE,
        protocol="sdk",
    ),
    # twilio: TwilioHttpClient(timeout=None) hands None to requests.
    HttpCall(
        callees=("twilio.rest.Client.{messages,calls}.create",),
        library="twilio",
        fixed="https://api.twilio.com",
        timeout=("timeout", "http_client"),
        without=Timeout.NEVER,
        protocol="sdk",
    ),
    # sendgrid's python_http_client: urlopen(..., timeout=None) unless its client is given one.
    HttpCall(
        callees=(
            "sendgrid.SendGridAPIClient.{send,client.mail.send.post}",
            "sendgrid.sendgrid.SendGridAPIClient.send",
        ),
        library="sendgrid",
        fixed="https://api.sendgrid.com",
        protocol="sdk",
    ),
    # slack_sdk: 30 seconds (WebClient, `timeout=30`).
    HttpCall(
        callees=(
            "slack_sdk.{WebClient,web.async_client.AsyncWebClient}."
            "{chat_postMessage,chat_update,files_upload_v2,files_upload,users_info,users_list,"
            "conversations_list,conversations_open,api_call}",
        ),
        library="slack_sdk",
        fixed="https://slack.com/api",
        without=Timeout.FINITE,
        protocol="sdk",
    ),
    HttpCall(
        callees=("slack_sdk.webhook.WebhookClient.send", "slack_sdk.WebhookClient.send"),
        library="slack_sdk",
        url=NONE,
        base=Arg(0, ("url",)),
        without=Timeout.FINITE,
        protocol="sdk",
    ),
)


def aws(name: str, *services: str) -> HttpCall:
    """A service of AWS that boto3 makes a client of by its name."""
    return HttpCall(
        callees=("boto3.{client,Session.client,session.Session.client}",),
        library="boto3",
        url=NONE,
        fixed=f"external://{name}",
        protocol="sdk",
        when=first_is(*services),
    )


AWS = (
    aws("ses", "ses", "sesv2"),
    aws("cognito", "cognito-idp", "cognito-identity"),
    aws("bedrock", "bedrock-runtime"),
)

SERVICES: tuple[Pattern, ...] = (*AWS, *DIRECTORIES, *MAIL, *LANGUAGE_MODELS, *SAAS)
