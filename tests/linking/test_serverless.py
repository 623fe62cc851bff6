"""Functions, their triggers and what they use: Serverless Framework, SAM, Terraform."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind


def edges(found: Architecture) -> set[str]:
    kinds = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    return {f"{e.source.partition(':')[2]} {e.kind} {e.target}" for e in found.edges(*kinds)}


def endpoints(found: Architecture) -> set[str]:
    return {f"{e.component} {e.method} {e.path} {e.handler}" for e in found.endpoints}


def test_a_service_of_the_serverless_framework_is_one_component() -> None:
    found = architecture(
        {
            "orders/package.json": """{"name":"orders","dependencies":{"aws-sdk":"1"}}""",
            "orders/serverless.yml": """
service: orders
custom:
  tableName: orders-${self:provider.stage}
provider:
  name: aws
  stage: ${opt:stage, 'dev'}
  environment:
    TABLE: ${self:custom.tableName}
    QUEUE_URL: !Ref OrdersQueue
    PAYMENT_URL: https://api.stripe.com
functions:
  create:
    handler: src/create.handler
    events:
      - http:
          path: orders
          method: post
      - httpApi: 'GET /orders/{id}'
  work:
    handler: src/work.handler
    events:
      - sqs:
          arn: !GetAtt OrdersQueue.Arn
      - sns: paid
      - stream:
          type: dynamodb
          arn: !GetAtt OrdersTable.StreamArn
      - s3: photos
      - schedule: rate(1 hour)
      - eventBridge:
          pattern: {source: [x]}
resources:
  Resources:
    OrdersTable:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: ${self:custom.tableName}
    OrdersQueue:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: orders-queue
""",
            "orders/src/create.js": """
const AWS = require("aws-sdk");
const ddb = new AWS.DynamoDB.DocumentClient();
const sqs = new AWS.SQS();
module.exports.handler = async () => {
  await ddb.put({ TableName: process.env.TABLE, Item: {} }).promise();
  await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: "x" }).promise();
};
""",
        }
    )
    assert edges(found) == {
        "orders consumes broker:eventbridge",
        "orders consumes broker:sns",
        "orders consumes broker:sqs",
        "orders consumes database:orders-dev",
        "orders consumes storage:photos",
        "orders consumes topic:orders-queue",
        "orders consumes topic:paid",
        "orders publishes broker:sqs",
        "orders publishes topic:orders-queue",
        "orders uses database:orders-dev",
    }
    assert endpoints(found) == {
        "service:orders GET /orders/{id} src/create.handler",
        "service:orders POST /orders src/create.handler",
    }


def test_a_template_is_one_component_with_its_events() -> None:
    found = architecture(
        {
            "template.yaml": """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Environment:
      Variables:
        TABLE_NAME: !Ref OrdersTable
Resources:
  CreateFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: create/
      Handler: app.handler
      Environment:
        Variables:
          TOPIC_ARN: !Ref PaidTopic
      Events:
        Api:
          Type: Api
          Properties:
            Path: /orders
            Method: post
  MailFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: mail/
      Handler: app.handler
      Events:
        Q:
          Type: SQS
          Properties:
            Queue: !GetAtt MailQueue.Arn
        T:
          Type: SNS
          Properties:
            Topic: !Ref PaidTopic
  OrdersTable:
    Type: AWS::Serverless::SimpleTable
  MailQueue:
    Type: AWS::SQS::Queue
  PaidTopic:
    Type: AWS::SNS::Topic
  Uploads:
    Type: AWS::S3::Bucket
""",
            "create/app.py": """
import boto3, os
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
sns = boto3.client("sns")
def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="x")
""",
            "create/requirements.txt": """boto3
""",
            "mail/app.py": """
import boto3
ses = boto3.client("ses")
def handler(event, context):
    ses.send_email()
""",
        }
    )
    assert edges(found) == {
        "app calls external:ses",
        "app consumes broker:sns",
        "app consumes broker:sqs",
        "app consumes topic:MailQueue",
        "app consumes topic:PaidTopic",
        "app publishes broker:sns",
        "app publishes topic:PaidTopic",
        "app uses database:OrdersTable",
    }
    assert endpoints(found) == {
        "service:app POST /orders app.handler",
    }


def test_resources_of_terraform_lead_to_each_other() -> None:
    found = architecture(
        {
            "infra/main.tf": """
resource "aws_db_instance" "main" {
  identifier = "orders-db"
  engine = "postgres"
}
resource "aws_sqs_queue" "mail" { name = "mail" }
resource "aws_sns_topic" "paid" { name = "paid" }
resource "aws_dynamodb_table" "carts" { name = "carts" }
resource "aws_s3_bucket" "photos" { bucket = "photos" }
resource "aws_lambda_function" "mailer" {
  function_name = "mailer"
  handler = "index.handler"
  environment {
    variables = {
      TABLE = aws_dynamodb_table.carts.name
      TOPIC = aws_sns_topic.paid.arn
    }
  }
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.mail.arn
  function_name = aws_lambda_function.mailer.arn
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.paid.arn
  protocol = "lambda"
  endpoint = aws_lambda_function.mailer.arn
}
resource "aws_s3_bucket_notification" "n" {
  bucket = aws_s3_bucket.photos.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.mailer.arn
    events = ["s3:ObjectCreated:*"]
  }
}
resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name = "api"
    image = "acme/api"
    environment = [
      { name = "DB_HOST", value = aws_db_instance.main.address },
      { name = "DATABASE_URL", value = "postgres://u:${var.pw}@${aws_db_instance.main.endpoint}/x" },
      { name = "QUEUE_URL", value = aws_sqs_queue.mail.url },
    ]
  }])
}
""",
        }
    )
    assert edges(found) == {
        "api uses database:orders-db",
        "mailer consumes broker:sns",
        "mailer consumes broker:sqs",
        "mailer consumes storage:photos",
        "mailer consumes topic:mail",
        "mailer consumes topic:paid",
        "mailer uses database:carts",
    }


TABLE = """
Resources:
  {name}Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Environment:
        Variables:
          TABLE_NAME: !Ref Table
      Events:
        Paid:
          Type: EventBridgeRule
          Properties:
            Pattern:
              detail-type: [OrderPaid]
  Table:
    Type: AWS::DynamoDB::Table
"""


def test_each_stack_has_a_table_of_its_own() -> None:
    found = architecture(
        {f"{name}/template.yaml": TABLE.format(name=name) for name in ("orders", "users")}
    )
    assert {e for e in edges(found) if "database:" in e} == {
        "orders uses database:orders-Table",
        "users uses database:users-Table",
    }
    assert "users consumes topic:OrderPaid" in edges(found)


def test_a_template_is_called_by_its_file_and_its_code_may_lie_elsewhere() -> None:
    template = TABLE.format(name="Cart").replace("src/", "cart/")
    api = """
        Get:
          Type: Api
          Properties:
            Path: /cart
            Method: get
"""
    found = architecture(
        {
            "backend/cart-service.yaml": template.replace("      Events:\n", f"      Events:{api}"),
            "backend/cart/app.py": "import stripe\nstripe.Charge.create(amount=1)\n",
        }
    )
    assert "cart-service calls external:stripe" in edges(found)
    assert endpoints(found) == {"service:cart-service GET /cart CartFunction"}


def test_variables_of_the_framework_that_lead_to_each_other_end() -> None:
    found = architecture(
        {
            "serverless.yml": """
service: ${self:custom.a}
custom:
  a: ${self:custom.b}
  b: ${self:custom.a}
functions:
  one:
    handler: a.b
    environment:
      X: ${file(./other.yml):x}
      Y: ${self:custom.a}
    events:
      - sqs: ${self:custom.a}
""",
        }
    )
    assert edges(found) == {"app consumes broker:sqs"}
