"""Dapr's client and server for Node."""

from scaleaudit.languages.patterns import SECOND, DaprComponent, DaprInvocation, Pattern

CLIENT = "@dapr/dapr.{DaprClient,DaprServer.client}"
SERVER = "@dapr/dapr.DaprServer"

DAPR: tuple[Pattern, ...] = (
    DaprInvocation(callees=(f"{CLIENT}.invoker.invoke",)),
    DaprComponent(
        callees=(
            f"{CLIENT}.state.{{save,get,getBulk,delete,transaction,query}}",
            f"{CLIENT}.binding.send",
            f"{SERVER}.binding.receive",
        ),
    ),
    DaprComponent(callees=(f"{CLIENT}.pubsub.{{publish,publishBulk}}",), topic=SECOND, sends=True),
    DaprComponent(
        callees=(
            f"{SERVER}.pubsub.{{subscribe,subscribeWithOptions,subscribeToRoute,subscribeBulk}}",
        ),
        topic=SECOND,
        receives=True,
    ),
)
