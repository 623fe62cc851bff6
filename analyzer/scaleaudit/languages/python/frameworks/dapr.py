"""Dapr's client and its extensions for gRPC, FastAPI and Flask."""

from scaleaudit.languages.patterns import Arg, DaprComponent, DaprInvocation, Pattern

CLIENT = "{dapr.clients,dapr.aio.clients,dapr.clients.grpc.client}.{DaprClient,DaprGrpcClient}"

DAPR: tuple[Pattern, ...] = (
    DaprInvocation(
        callees=(f"{CLIENT}.{{invoke_method,invoke_method_async}}",),
        application=Arg(0, ("app_id",)),
    ),
    DaprComponent(
        callees=(
            f"{CLIENT}.{{get_state,save_state,delete_state,get_bulk_state,save_bulk_state}}",
            f"{CLIENT}.{{query_state,execute_state_transaction}}",
        ),
        component=Arg(0, ("store_name",)),
    ),
    DaprComponent(
        callees=(f"{CLIENT}.invoke_binding",), component=Arg(0, ("binding_name", "name"))
    ),
    DaprComponent(
        callees=(f"{CLIENT}.publish_event",),
        component=Arg(0, ("pubsub_name",)),
        topic=Arg(1, ("topic_name", "topic")),
        sends=True,
    ),
    DaprComponent(
        callees=(f"{CLIENT}.{{subscribe,subscribe_with_handler}}",),
        component=Arg(0, ("pubsub_name",)),
        topic=Arg(1, ("topic",)),
        receives=True,
    ),
    DaprComponent(
        callees=(
            "dapr.ext.grpc.App.subscribe",
            "dapr.ext.fastapi.DaprApp.subscribe",
            "flask_dapr.DaprApp.subscribe",
        ),
        component=Arg(0, ("pubsub_name", "pubsub")),
        topic=Arg(1, ("topic",)),
        receives=True,
        annotation=True,
    ),
    DaprComponent(
        callees=("dapr.ext.grpc.App.binding",), component=Arg(0, ("name",)), annotation=True
    ),
)
