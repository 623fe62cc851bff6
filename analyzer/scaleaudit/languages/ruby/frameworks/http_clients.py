"""HTTP clients of Ruby, with what each does when no timeout is given."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import FIRST, NONE, Arg, HttpCall
from scaleaudit.languages.ruby.conditions import neither, of_object, of_web_address

VERBS = "{get,post,put,patch,delete,head}"
METHOD = Arg(0, ("method",))
URL = Arg(0, ("url",))
# Net::HTTP knows all of these; open-uri and rest-client hand them on.
TIMEOUTS = ("read_timeout", "open_timeout", "timeout", "write_timeout")

HTTP_CLIENTS = (
    # Net::HTTP: open_timeout and read_timeout are 60 seconds each (its reference); nil waits.
    HttpCall(
        callees=("Net.HTTP.{get,get_response,get_print,post,post_form,put}",),
        library="net/http",
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=(
            f"Net.HTTP.{{new,start}}.{VERBS}",
            "Net.HTTP.{new,start}.{request_get,request_post,get2,post2,send_request}",
            f"Net.HTTP.new.start.{VERBS}",
        ),
        library="net/http",
        base=FIRST,
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=("Net.HTTP.{new,start}.request", "Net.HTTP.new.start.request"),
        library="net/http",
        url=NONE,
        base=FIRST,
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # HTTParty leaves Net::HTTP's defaults alone.
    HttpCall(
        callees=(f"HTTParty.{VERBS}",),
        library="httparty",
        base=Arg(-1, ("base_uri",)),
        timeout=("timeout", "read_timeout", "open_timeout", "default_timeout"),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # Faraday sets none of its own; its default adapter is Net::HTTP.
    HttpCall(
        callees=(f"Faraday.{VERBS}",),
        library="faraday",
        url=URL,
        timeout=("timeout", "open_timeout", "read_timeout", "request"),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=(f"Faraday.new.{VERBS}", f"Faraday.Connection.new.{VERBS}"),
        library="faraday",
        url=URL,
        base=URL,
        timeout=("timeout", "open_timeout", "read_timeout", "request"),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=("Faraday.new.run_request",),
        library="faraday",
        url=Arg(1),
        base=URL,
        method_arg=METHOD,
        timeout=("timeout", "open_timeout", "read_timeout", "request"),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # rest-client: Net::HTTP's 60 seconds unless set (its README, "Timeout").
    HttpCall(
        callees=(f"RestClient.{VERBS}",),
        library="rest-client",
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=(f"RestClient.Resource.new.{VERBS}",),
        library="rest-client",
        url=NONE,
        base=FIRST,
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=("RestClient.Request.{execute,new}",),
        library="rest-client",
        url=Arg(-1, ("url",)),
        method_arg=Arg(-1, ("method",)),
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # http.rb: "By default, the HTTP gem does not enforce timeout on a request" (its wiki).
    HttpCall(
        callees=(f"HTTP.{VERBS}",),
        library="http.rb",
        base=Arg(-1, ("persistent",)),
        without=Timeout.NEVER,
        zero_is_never=False,
    ),
    HttpCall(
        callees=("HTTP.request",),
        library="http.rb",
        url=Arg(1),
        base=Arg(-1, ("persistent",)),
        method_arg=METHOD,
        without=Timeout.NEVER,
        zero_is_never=False,
    ),
    # Excon: connect, read and write time out after 60 seconds (its README).
    HttpCall(
        callees=(f"Excon.{VERBS}",),
        library="excon",
        timeout=("read_timeout", "connect_timeout", "write_timeout", "timeout"),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=(f"Excon.new.{{request,{VERBS[1:-1]}}}",),
        library="excon",
        url=Arg(-1, ("path",)),
        base=FIRST,
        method_arg=Arg(-1, ("method",)),
        timeout=("read_timeout", "connect_timeout", "write_timeout", "timeout"),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # libcurl's CURLOPT_TIMEOUT is 0, which never ends; Typhoeus and Curb leave it there.
    HttpCall(
        callees=(f"Typhoeus.{VERBS}",),
        library="typhoeus",
        timeout=("timeout", "timeout_ms"),
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=("Typhoeus.Request.new",),
        library="typhoeus",
        method_arg=Arg(-1, ("method",)),
        timeout=("timeout", "timeout_ms"),
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=(f"Curl.{VERBS}", "Curl.Easy.{perform,http_get,http_post}"),
        library="curb",
        timeout=("timeout", "timeout_ms"),
        without=Timeout.NEVER,
    ),
    # httpclient: connect 60, send 120, receive 60 seconds (its reference).
    HttpCall(
        callees=(
            f"HTTPClient.{VERBS}",
            f"HTTPClient.new.{VERBS}",
            "HTTPClient.{get,new.get}_content",
        ),
        library="httpclient",
        timeout=("receive_timeout", "connect_timeout", "send_timeout"),
        without=Timeout.FINITE,
    ),
    # httpx: connect, read and write time out after 60 seconds (its wiki, "Timeouts").
    HttpCall(
        callees=(f"HTTPX.{VERBS}",),
        library="httpx",
        without=Timeout.FINITE,
    ),
    # open-uri hands Net::HTTP's defaults on.
    HttpCall(
        callees=("URI.open", "OpenURI.open_uri"),
        library="open-uri",
        when=neither(of_object),
        method="GET",
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=("open",),
        library="open-uri",
        method="GET",
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
        when=of_web_address,
    ),
    HttpCall(
        callees=("{URI.parse,URI}.{open,read}",),
        library="open-uri",
        when=of_object,
        url=NONE,
        base=FIRST,
        method="GET",
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # Net::SMTP: 30 seconds to open, 60 to read (its reference).
    HttpCall(
        callees=("Net.SMTP.start",),
        library="net/smtp",
        protocol="smtp",
        timeout=TIMEOUTS,
        without=Timeout.FINITE,
    ),
    # Savon calls through HTTPI, which leaves Net::HTTP's defaults alone.
    HttpCall(
        callees=("Savon.client.call",),
        library="savon",
        url=NONE,
        base=Arg(-1, ("endpoint", "wsdl")),
        method="POST",
        timeout=("read_timeout", "open_timeout"),
        without=Timeout.FINITE,
    ),
    # Clients of services in the net; their gems have finite defaults.
    HttpCall(
        callees=("OpenAI.Client.new.{chat,completions,embeddings,responses}",),
        library="ruby-openai",
        base=Arg(-1, ("uri_base",)),
        fixed="https://api.openai.com",
        method="POST",
        protocol="llm",
        timeout=("request_timeout",),
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=(
            "Stripe.{Charge,Customer,PaymentIntent,Refund,Subscription,Invoice,Checkout.Session}"
            ".{create,retrieve,update,list}",
        ),
        library="stripe",
        fixed="https://api.stripe.com",
        protocol="sdk",
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("Twilio.REST.Client.new.messages.create",),
        library="twilio-ruby",
        fixed="https://api.twilio.com",
        method="POST",
        protocol="sdk",
        without=Timeout.UNKNOWN,
    ),
)
