"""What Terraform lets the platform hand to functions: event sources, subscriptions, notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.terraform_types import STORES
from scaleaudit.facts import TriggerDeclared
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.hcl import Block
    from scaleaudit.values import Value


def triggers(block: Block) -> Iterator[TriggerDeclared]:
    """The triggers that one resource makes; `workload` is the address of the function."""
    at = Span(block.line)
    match block.labels[0]:
        case "aws_lambda_event_source_mapping":
            source = block.value("event_source_arn")
            technology = STORES[kind].technology if (kind := _type(source)) in STORES else ""
            if source is not None and technology:
                yield from _trigger(at, block.value("function_name"), technology, source)
        case "aws_sns_topic_subscription" if block.text("protocol") == "lambda":
            topic = block.value("topic_arn")
            if topic is not None:
                yield from _trigger(at, block.value("endpoint"), "sns", topic)
        case "aws_s3_bucket_notification":
            bucket = block.value("bucket")
            for each in block.inner("lambda_function"):
                if bucket is not None:
                    yield from _trigger(at, each.value("lambda_function_arn"), "s3", bucket)
        case "aws_cloudwatch_event_target":
            bus = block.value("event_bus_name") or Literal("default")
            yield from _trigger(at, block.value("arn"), "eventbridge", bus)
        case "google_pubsub_subscription":
            topic = block.value("topic")
            for each in block.inner("push_config"):
                if topic is not None:
                    yield from _trigger(at, each.value("push_endpoint"), "pubsub", topic)
        case "google_cloudfunctions_function" | "google_cloudfunctions2_function":
            own = Setting(f"{block.labels[0]}.{block.labels[1]}.id")
            for each in block.inner("event_trigger"):
                topic = each.value("pubsub_topic") or each.value("resource")
                if topic is not None and _type(topic) in STORES:
                    yield from _trigger(at, own, STORES[_type(topic)].technology, topic)
        case _:
            pass


def _trigger(
    at: Span, function: Value | None, technology: str, source: Value
) -> Iterator[TriggerDeclared]:
    """Nothing where the function is no resource of the same module."""
    address = _address(function)
    if address:
        yield TriggerDeclared(at, address, technology, source)


def _address(value: Value | None) -> str:
    """`aws_lambda_function.mailer` of any of its attributes, also inside a URL."""
    parts = value.parts if isinstance(value, Join) else (value,)
    keys = [part.key.split(".") for part in parts if isinstance(part, Setting)]
    found = [".".join(key[:2]) for key in keys if len(key) > 2 and key[0] not in ("var", "local")]
    return found[0] if found else ""


def _type(value: Value | None) -> str:
    return _address(value).partition(".")[0]
