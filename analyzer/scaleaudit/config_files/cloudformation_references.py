"""References inside a CloudFormation template: `!Ref`, `!GetAtt`, `!Sub`, `!Join`.

What leads to a store or queue of the same template becomes the name that the store has there, so
that the variable of a function and the trigger of another tell of the same queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.terraform_types import ENGINES
from scaleaudit.config_files.yaml_values import Text, YamlMap, as_list, as_map, as_text, inner
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown, join

if TYPE_CHECKING:
    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.values import Value

__all__ = ["ENGINES", "STORES", "References", "with_plain_tags"]

# Type of resource -> kind and technology (empty: its engine tells) and the property of its name.
STORES = {
    "AWS::DynamoDB::Table": ("database", "dynamodb", "TableName"),
    "AWS::DynamoDB::GlobalTable": ("database", "dynamodb", "TableName"),
    "AWS::Serverless::SimpleTable": ("database", "dynamodb", "TableName"),
    "AWS::RDS::DBInstance": ("database", "", "DBInstanceIdentifier"),
    "AWS::RDS::DBCluster": ("database", "", "DBClusterIdentifier"),
    "AWS::DocDB::DBCluster": ("database", "mongodb", "DBClusterIdentifier"),
    "AWS::OpenSearchService::Domain": ("database", "opensearch", "DomainName"),
    "AWS::Elasticsearch::Domain": ("database", "elasticsearch", "DomainName"),
    "AWS::ElastiCache::CacheCluster": ("cache", "redis", "ClusterName"),
    "AWS::ElastiCache::ReplicationGroup": ("cache", "redis", "ReplicationGroupId"),
    "AWS::ElastiCache::ServerlessCache": ("cache", "redis", "ServerlessCacheName"),
    "AWS::S3::Bucket": ("bucket", "s3", "BucketName"),
    "AWS::SQS::Queue": ("topic", "sqs", "QueueName"),
    "AWS::SNS::Topic": ("topic", "sns", "TopicName"),
    "AWS::Kinesis::Stream": ("topic", "kinesis", "Name"),
    "AWS::Events::EventBus": ("topic", "eventbridge", "Name"),
    "AWS::MSK::Cluster": ("broker", "kafka", "ClusterName"),
}
# Tags that stand before a scalar become the text that `!Sub` would have.
_TAG = regex(rb"!(?:Ref|GetAtt)[ \t]+[\"']?([A-Za-z][\w:.]*)[\"']?")
HOLE = "\N{REPLACEMENT CHARACTER}"  # what the Serverless Framework's own variables left open
_OPEN = regex(rf"[${HOLE}]")
_SUB = regex(r"\$\{(!?[\w:.]+)\}")
MAX_PARTS = 50
MAX_DEPTH = 8


def with_plain_tags(content: bytes) -> bytes:
    """`!Ref Orders` as the text `${Orders}`: the reader of YAML knows no tags."""
    return _TAG.sub(rb'"${\1}"', content) if b"!" in content else content


class References:
    """Looks references up among the resources and parameters of one template."""

    def __init__(self, document: YamlMap) -> None:
        self._resources = as_map(document.get("Resources"))
        self._parameters = as_map(document.get("Parameters"))

    def name(self, resource: str) -> str:
        """What a store is called: its own name when the template spells it out."""
        known = STORES.get(as_text(inner(self._resources.get(resource), "Type")))
        given = (
            as_text(inner(self._resources.get(resource), "Properties", known[2])) if known else ""
        )
        return given if given and not _OPEN.search(given) else resource

    def technology(self, reference: YamlValue) -> str:
        """Of the store that a reference leads to; empty when it leads to none."""
        written = self._spelled(reference, 0) or ""
        found = _SUB.search(written)
        resource = found[1].partition(".")[0] if found else ""
        known = STORES.get(as_text(inner(self._resources.get(resource), "Type")))
        return known[1] if known else ""

    def text(self, value: YamlValue) -> str:
        found = self.value(value)
        return found.text if isinstance(found, Literal) else ""

    def value(self, value: YamlValue) -> Value | None:
        """The symbolic value of a property; None when nothing is given."""
        if value is None:
            return None
        written = self._spelled(value, 0)
        return Unknown("") if written is None else self._filled(written, 0)

    def _filled(self, written: str, depth: int) -> Value:
        pieces = _SUB.split(written.replace(HOLE, "${AWS::Unknown}"), maxsplit=MAX_PARTS)
        return join(
            *(
                self._named(piece, depth) if number % 2 else Literal(piece)
                for number, piece in enumerate(pieces)
                if piece
            )
        )

    def _named(self, name: str, depth: int) -> Value:
        first = name.partition(".")[0]
        if first in self._resources:
            known = as_text(inner(self._resources[first], "Type")) in STORES
            return Literal(self.name(first)) if known else Unknown(name)
        default = inner(self._parameters.get(first), "Default")
        if isinstance(default, Text) and default and depth < MAX_DEPTH:
            return self._filled(str(default), depth + 1)
        return Unknown(name)

    def _spelled(self, value: YamlValue, depth: int) -> str | None:
        """Any way to write a reference, as `!Sub` writes it."""
        if isinstance(value, Text):
            return str(value)
        if depth > MAX_DEPTH:
            return None
        if not isinstance(value, YamlMap) or len(value) != 1:
            items = as_list(value)
            return self._spelled(items[0], depth + 1) if items else None
        function, given = next(iter(value.items()))
        match function:
            case "Ref":
                return f"${{{as_text(given)}}}"
            case "Fn::GetAtt":
                parts = [as_text(each) for each in as_list(given)] or [as_text(given)]
                return f"${{{'.'.join(parts)}}}"
            case "Fn::Sub":
                return self._spelled(given, depth + 1)
            case "Fn::Join":
                parts_of = as_list(given)
                separator = as_text(parts_of[0]) if parts_of else ""
                joined = (
                    [self._spelled(e, depth + 1) or "" for e in as_list(parts_of[-1])[:MAX_PARTS]]
                    if parts_of
                    else []
                )
                return separator.join(joined)
            case _:
                pass
        return None
