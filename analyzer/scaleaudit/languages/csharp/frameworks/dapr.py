"""Dapr's client for .NET."""

from scaleaudit.languages.csharp.dapr import ComponentUsed, Invocation
from scaleaudit.languages.patterns import Pattern

CLIENT = "{DaprClient,IDaprClient}"

DAPR: tuple[Pattern, ...] = (
    Invocation(
        callees=(
            f"{CLIENT}.{{InvokeMethodAsync,InvokeMethodGrpcAsync,CreateInvokeMethodRequest}}",
            f"{CLIENT}.{{CreateInvokeHttpClient,CreateInvocationInvoker}}",
        ),
    ),
    ComponentUsed(
        callees=(f"{CLIENT}.{{PublishEventAsync,PublishByteEventAsync,BulkPublishEventAsync}}",),
        sends=True,
    ),
    ComponentUsed(
        callees=(
            f"{CLIENT}.{{GetStateAsync,SaveStateAsync,DeleteStateAsync,GetStateEntryAsync}}",
            f"{CLIENT}.{{GetBulkStateAsync,SaveBulkStateAsync,TrySaveStateAsync,QueryStateAsync}}",
            f"{CLIENT}.{{ExecuteStateTransactionAsync,InvokeBindingAsync}}",
        ),
    ),
    ComponentUsed(
        callees=("*.Topic",),
        receives=True,
        annotation=True,
        when=lambda _, reader: b"Dapr" in reader.content or b"DAPR" in reader.content,
    ),
    ComponentUsed(
        callees=("*.WithTopic",),
        receives=True,
        when=lambda site, _: len(site.args) >= 2,
    ),
)
