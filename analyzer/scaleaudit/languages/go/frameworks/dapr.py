"""Dapr's client and service for Go; the context that comes first is no argument."""

from scaleaudit.languages.patterns import SECOND, Arg, DaprComponent, DaprInvocation, Pattern

CLIENT = "github.com/dapr/go-sdk/client.{Client,GRPCClient}"

DAPR: tuple[Pattern, ...] = (
    DaprInvocation(
        callees=(
            f"{CLIENT}.{{InvokeMethod,InvokeMethodWithContent,InvokeMethodWithCustomContent}}",
        ),
    ),
    DaprComponent(
        callees=(
            f"{CLIENT}.{{SaveState,SaveStateWithETag,SaveBulkState,GetState,GetStateWithConsistency}}",
            f"{CLIENT}.{{GetBulkState,DeleteState,DeleteStateWithETag,DeleteBulkState}}",
            f"{CLIENT}.{{QueryStateAlpha1,ExecuteStateTransaction}}",
        ),
    ),
    DaprComponent(
        callees=(f"{CLIENT}.{{InvokeBinding,InvokeOutputBinding}}",), component=Arg(-1, ("Name",))
    ),
    # An object that the call is given, wherever it is made.
    DaprComponent(
        callees=("github.com/dapr/go-sdk/client.InvokeBindingRequest",),
        component=Arg(-1, ("Name",)),
    ),
    DaprComponent(
        callees=(f"{CLIENT}.{{PublishEvent,PublishEventfromCustomContent,PublishEvents}}",),
        topic=SECOND,
        sends=True,
    ),
    DaprComponent(
        callees=("github.com/dapr/go-sdk/service/common.Subscription",),
        component=Arg(-1, ("PubsubName",)),
        topic=Arg(-1, ("Topic",)),
        receives=True,
    ),
)
