"""HTTP clients of JavaScript, with their default timeouts."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.javascript.requests import (
    CallLimitedLater,
    ConfiguredCall,
    ProxyTo,
    is_exported_client,
    names_a_host,
)
from scaleaudit.languages.patterns import FIRST, NONE, Arg, HttpCall, Pattern

NO_BODY = "{get,delete,head,options}"
WITH_BODY = "{post,put,patch}"
ANY = "{get,post,put,patch,delete,head,options}"
URL = Arg(0, ("url",))
# A signal can end the call at any time; whether by a clock is not seen: taken as a timeout.
LIMITS = ("timeout", "signal")
AXIOS = "{axios,axios.default,axios.create,axios.Axios,axios.AxiosInstance,axios.AxiosStatic}"
NEST_HTTP = "{@nestjs/axios,@nestjs/common}.HttpService"
ANGULAR_HTTP = "{@angular/common/http.HttpClient,@angular/http.Http}"

HTTP_CLIENTS: tuple[Pattern, ...] = (
    # axios: `timeout: 0 (no timeout)` by default (its README, "Request Config").
    HttpCall(
        callees=(f"{AXIOS}.{NO_BODY}",),
        library="axios",
        base=Arg(-1, ("baseURL",)),
        timeout=LIMITS,
        without=Timeout.NEVER,
        options=1,
        client_options=0,
        file_timeout="axios.defaults.timeout",
        file_base="axios.defaults.baseURL",
    ),
    HttpCall(
        callees=(f"{AXIOS}.{WITH_BODY}",),
        library="axios",
        base=Arg(-1, ("baseURL",)),
        timeout=LIMITS,
        without=Timeout.NEVER,
        options=2,
        client_options=0,
        file_timeout="axios.defaults.timeout",
        file_base="axios.defaults.baseURL",
    ),
    ConfiguredCall(
        callees=("axios", "axios.AxiosInstance", f"{AXIOS}.request"),
        library="axios",
        url=URL,
        base=Arg(-1, ("baseURL",)),
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        without=Timeout.NEVER,
        options=1,
        client_options=0,
        file_timeout="axios.defaults.timeout",
        file_base="axios.defaults.baseURL",
    ),
    # NestJS's HttpService is axios; a timeout may stand where its module is registered.
    HttpCall(
        callees=(f"{NEST_HTTP}.{ANY}", f"{NEST_HTTP}.axiosRef.{ANY}"),
        library="@nestjs/axios",
        timeout=LIMITS,
    ),
    HttpCall(
        callees=(f"{NEST_HTTP}.request", f"{NEST_HTTP}.axiosRef.request"),
        library="@nestjs/axios",
        url=URL,
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
    ),
    # Angular's, in the browser; its calls end with an operator of RxJS, if at all.
    HttpCall(callees=(f"{ANGULAR_HTTP}.{ANY}",), library="angular"),
    HttpCall(
        callees=(f"{ANGULAR_HTTP}.request",),
        library="angular",
        url=Arg(1, ("url",)),
        method_arg=Arg(0, ("method",)),
    ),
    # Node's own fetch is undici: headersTimeout and bodyTimeout of 300 seconds by default
    # (undici's documentation of Client options).
    HttpCall(
        callees=("fetch", "globalThis.fetch", "window.fetch", "undici.fetch"),
        library="fetch",
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        without=Timeout.FINITE,
        options=1,
    ),
    # Of pages without a build. An address below their own server says nothing of another.
    HttpCall(
        callees=("XMLHttpRequest.open",),
        library="XMLHttpRequest",
        url=Arg(1),
        method_arg=Arg(0),
        when=names_a_host,
    ),
    HttpCall(
        callees=("undici.request", "undici.stream"),
        library="undici",
        method_arg=Arg(-1, ("method",)),
        timeout=("headersTimeout", "bodyTimeout", "signal"),
        without=Timeout.FINITE,
        options=1,
    ),
    # node-fetch: version 2 has `timeout: 0` ("0 to disable") by default, version 3 none at all.
    HttpCall(
        callees=("node-fetch",),
        library="node-fetch",
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        without=Timeout.NEVER,
        options=1,
    ),
    # These run on node-fetch or on the platform's fetch.
    HttpCall(
        callees=("{cross-fetch,isomorphic-fetch,make-fetch-happen,cross-fetch.fetch}",),
        library="fetch",
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        options=1,
    ),
    # got: "By default, there is no timeout set" (documentation/6-timeout.md).
    ConfiguredCall(
        callees=(
            "got",
            f"got.{ANY}",
            "got.extend",
            f"got.extend.{ANY}",
            f"got.got.{ANY}",
            "got.got",
        ),
        library="got",
        url=URL,
        base=Arg(-1, ("prefixUrl",)),
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        without=Timeout.NEVER,
        options=1,
        client_options=0,
        when=lambda site, reader: site.name != "extend",
    ),
    # ky: 10 seconds by default, `false` switches off (its README, "timeout").
    HttpCall(
        callees=("ky", f"ky.{ANY}", f"ky.{{create,extend}}.{ANY}"),
        library="ky",
        base=Arg(-1, ("prefixUrl", "prefix", "baseUrl")),
        timeout=LIMITS,
        without=Timeout.FINITE,
        options=1,
        client_options=0,
    ),
    # superagent sets no timeout by itself; one is set by `.timeout(...)` on the request.
    CallLimitedLater(
        callees=(f"superagent.{ANY}", f"superagent.agent.{ANY}"),
        library="superagent",
        without=Timeout.NEVER,
        setter="timeout",
    ),
    # request (deprecated): without `timeout` only the operating system ends a wait.
    ConfiguredCall(
        callees=(
            "{request,request-promise,request-promise-native}",
            f"request.{ANY}",
            f"{{request-promise,request-promise-native}}.{ANY}",
        ),
        library="request",
        url=Arg(0, ("url", "uri")),
        method_arg=Arg(-1, ("method",)),
        without=Timeout.NEVER,
        options=1,
    ),
    # Node's http module: a request waits for ever; `timeout` or `request.setTimeout` limits it.
    CallLimitedLater(
        callees=("{http,https}.{get,request}",),
        library="http",
        url=Arg(0, ("host", "hostname")),
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        without=Timeout.NEVER,
        options=-1,
        setter="setTimeout",
        when=lambda site, reader: bool(site.args),
    ),
    # needle: response_timeout and read_timeout are 0, "no timeout", but open_timeout is 10 s.
    HttpCall(
        callees=(f"needle.{ANY}", "needle"),
        library="needle",
        url=FIRST,
        timeout=("timeout", "response_timeout", "read_timeout"),
    ),
    # ofetch: no timeout by default (its README, "Timeout"); it is the platform's fetch.
    HttpCall(
        # Nuxt's are there without an import, and are made of it.
        callees=(
            "ofetch.ofetch",
            "ofetch.ofetch.raw",
            "$fetch",
            "$fetch.raw",
            "useFetch",
            "useLazyFetch",
        ),
        library="ofetch",
        base=Arg(-1, ("baseURL",)),
        own_base=Arg(-1, ("baseURL",)),
        method_arg=Arg(-1, ("method",)),
        timeout=LIMITS,
        options=1,
    ),
    HttpCall(
        callees=("ofetch.ofetch.create",),
        library="ofetch",
        url=Arg(-1, ("baseURL",)),
        when=lambda site, reader: "baseURL" in site.keywords,
    ),
    # Middleware that passes requests on to another service.
    ProxyTo(
        callees=(
            "http-proxy-middleware",
            "http-proxy-middleware.{createProxyMiddleware,legacyCreateProxyMiddleware}",
            "{http-proxy,http-proxy.default}.{createProxyServer,createServer,createProxy}",
            "http-proxy.createProxyServer.{web,ws}",
            "{express-http-proxy,koa-proxies,koa-proxy,koa-better-http-proxy}",
            "{fastify-http-proxy,@fastify/http-proxy,@fastify/reply-from}",
        ),
        library="proxy",
        url=Arg(-1, ("target", "upstream", "base", "host")),
    ),
    ProxyTo(
        callees=("fastify.register", "fastify.fastify.register", "router?.register"),
        library="@fastify/http-proxy",
        url=Arg(-1, ("upstream",)),
        when=lambda site, reader: "upstream" in site.keywords,
    ),
    # The address that NestJS's HttpModule gives to all requests of a module.
    HttpCall(
        callees=("{@nestjs/axios,@nestjs/common}.HttpModule.register",),
        library="@nestjs/axios",
        url=Arg(-1, ("baseURL",)),
        when=lambda site, reader: "baseURL" in site.keywords,
    ),
    # An instance that other files call.
    HttpCall(
        callees=("axios.create",),
        library="axios",
        url=Arg(-1, ("baseURL",)),
        when=is_exported_client,
    ),
    # GraphQL over HTTP.
    HttpCall(
        callees=("graphql-request.request", "graphql-request.GraphQLClient.request"),
        library="graphql-request",
        url=NONE,
        method="POST",
        base=FIRST,
        timeout=LIMITS,
    ),
)
