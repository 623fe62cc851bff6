"""The event bus of Vert.x: addresses that programs of one cluster send to and take from."""

from scaleaudit.facts.code import EVENT_BUS
from scaleaudit.languages.java.service_records import RecordAsked, RecordPublished, of_records
from scaleaudit.languages.patterns import Arg, Receive, Send

_BUS = "io.vertx.core.{eventbus.EventBus,Vertx.eventBus}"
_TYPES = "io.vertx.servicediscovery.types"
_PROXY = "io.vertx.serviceproxy"

VERTX_EVENT_BUS = (
    Send(
        callees=(f"{_BUS}.{{send,request,publish,rxSend,rxRequest,sender,publisher}}",),
        technology=EVENT_BUS,
        library="vertx",
        topic=Arg(0),
    ),
    Receive(callees=(f"{_BUS}.consumer",), technology=EVENT_BUS, library="vertx", topic=Arg(0)),
    # Services behind an address, and the proxies that others call them by.
    Receive(
        callees=(f"{_PROXY}.ServiceBinder.*.setAddress",),
        technology=EVENT_BUS,
        library="vertx-service-proxy",
        topic=Arg(0),
    ),
    Send(
        callees=(f"{_PROXY}.ServiceProxyBuilder.*.setAddress",),
        technology=EVENT_BUS,
        library="vertx-service-proxy",
        topic=Arg(0),
    ),
    Receive(
        callees=(f"{_PROXY}.ProxyHelper.registerService",),
        technology=EVENT_BUS,
        library="vertx-service-proxy",
        topic=Arg(3),
    ),
    Send(
        callees=(f"{_PROXY}.ProxyHelper.createProxy",),
        technology=EVENT_BUS,
        library="vertx-service-proxy",
        topic=Arg(2),
    ),
    RecordPublished(
        callees=(f"{_TYPES}.{{HttpEndpoint,EventBusService,MessageSource}}.createRecord",)
    ),
    RecordPublished(callees=("io.vertx.servicediscovery.Record.*.setName",)),
    RecordAsked(
        callees=(
            f"{_TYPES}.HttpEndpoint.{{getClient,getWebClient,rxGetClient,rxGetWebClient}}",
            f"{_TYPES}.EventBusService.{{getProxy,getServiceProxy,rxGetProxy,getProxyWithJsonFilter"
            ",getServiceProxyWithJsonFilter}",
        ),
    ),
    RecordAsked(
        callees=("*.{getRecord,getRecords,rxGetRecord,rxGetRecords}",),
        when=of_records,
    ),
)
