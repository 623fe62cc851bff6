"""Terraform: stores, workloads, variables; and the HCL below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import terraform
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import EnvEntry, NetworkName, SettingDefined, StoreDeclared, WorkloadDeclared
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_stores(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
resource "aws_db_instance" "main" {
  identifier     = "orders-db"
  engine         = "postgres"
  instance_class = "db.t3.medium"
  password       = "hunter2"
}

resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.main.identifier
}

resource "aws_rds_cluster" "shop" {
  engine = "aurora-mysql"
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id = "${var.name}-cache"
  node_type            = "cache.t4g.small"
}

resource "aws_sqs_queue" "paid" {
  name = "orders-paid"
}

resource "aws_s3_bucket" "unused" {
  count = 0
}

resource "google_sql_database_instance" "g" {
  database_version = "MYSQL_8_0"
  settings {
    tier = "db-f1-micro"
  }
}

module "rds" {
  source = "terraform-aws-modules/rds/aws"
  engine = "mysql"
}

module "ours" {
  source = "./modules/service"
}

resource "aws_dynamodb_table" "locks" {
  name     = "terraform-locks"
  hash_key = "LockID"
}
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        StoreDeclared(
            Span(1),
            "orders-db",
            "postgresql",
            "database",
            size="db.t3.medium",
            address="aws_db_instance.main",
        ),
        StoreDeclared(Span(12), "shop", "mysql", "database", address="aws_rds_cluster.shop"),
        StoreDeclared(
            Span(16),
            "cache",
            "redis",
            "cache",
            size="cache.t4g.small",
            address="aws_elasticache_replication_group.cache",
        ),
        StoreDeclared(Span(21), "orders-paid", "sqs", "topic", address="aws_sqs_queue.paid"),
        StoreDeclared(
            Span(29),
            "g",
            "mysql",
            "database",
            size="db-f1-micro",
            address="google_sql_database_instance.g",
        ),
        StoreDeclared(Span(36), "rds", "mysql", "database", address="module.rds"),
    )


def test_an_ecs_service_and_its_task(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
resource "aws_ecs_task_definition" "orders" {
  family = "orders"
  container_definitions = jsonencode([
    {
      name      = "web"
      image     = "${aws_ecr_repository.orders.repository_url}:latest"
      command   = ["gunicorn", "orders.wsgi"]
      portMappings = [{ containerPort = 8000 }]
      environment = [
        { name = "DATABASE_HOST", value = aws_db_instance.main[0].address },
        { name = "API_TOKEN", value = "hunter2" },
      ]
      secrets = [{ name = "DB_PASSWORD", valueFrom = "arn:aws:ssm:x" }]
      dependsOn = [{ containerName = "proxy", condition = "START" }]
    },
    { name = "proxy", image = "envoy" },
  ])
}

resource "aws_ecs_service" "orders" {
  name            = "orders-service"
  desired_count   = 2
  task_definition = aws_ecs_task_definition.orders.arn
  load_balancer {
    container_name = "web"
  }
}
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(
            Span(20),
            "orders-service",
            "terraform",
            image=Join((Setting("aws_ecr_repository.orders.repository_url"), Literal(":latest"))),
            command=(Literal("gunicorn"), Literal("orders.wsgi")),
            environment=(
                EnvEntry("DATABASE_HOST", Setting("aws_db_instance.main.address"), Span(10)),
                EnvEntry("API_TOKEN", SECRET, Span(11)),
                EnvEntry("DB_PASSWORD", SECRET, Span(13)),
            ),
            ports=("8000",),
            published=True,
            replicas=2,
            depends_on=("proxy",),
            aliases=("web", "aws_ecs_task_definition.orders", "aws_ecs_service.orders"),
        ),
        WorkloadDeclared(Span(16), "proxy", "terraform", image=Literal("envoy"), replicas=2),
    )


def test_a_task_as_text(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
resource "aws_ecs_task_definition" "mail" {
  container_definitions = <<DEFINITION
[
  {
    "name": "mail",
    "image": "shop/mail:${var.tag}",
    "environment": [{"name": "SMTP", "value": "smtp.example.org"}]
  }
]
DEFINITION
}
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(
            Span(1),
            "mail",
            "terraform",
            image=Join((Literal("shop/mail:"), Setting("var.tag"))),
            environment=(EnvEntry("SMTP", Literal("smtp.example.org"), Span(7)),),
            aliases=("aws_ecs_task_definition.mail",),
        ),
    )


def test_other_workloads(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
resource "aws_lambda_function" "resize" {
  function_name = "resize"
  handler       = "app.handler"
  environment {
    variables = {
      TABLE       = aws_dynamodb_table.images.name
      SIGNING_KEY = "hunter2"
    }
  }
}

resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    containers {
      image = "gcr.io/shop/api"
      env {
        name  = "REDIS_HOST"
        value = google_redis_instance.cache.host
      }
      env {
        name = "KEY"
        value_source {
          secret_key_ref { secret = "k" }
        }
      }
      ports { container_port = 8080 }
    }
  }
}

resource "kubernetes_deployment" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    replicas = 3
    template {
      metadata { labels = { app = "web" } }
      spec {
        container {
          name  = "web"
          image = "shop/web:1"
          args  = ["serve"]
          env_from {
            config_map_ref { name = "common" }
          }
          port { container_port = 80 }
        }
      }
    }
  }
}

resource "kubernetes_service" "web" {
  metadata { name = "web" }
  spec {
    selector = { app = "web" }
    type     = "LoadBalancer"
    port { port = 80 }
  }
}

resource "aws_ecs_service" "this" {
  name = "${var.team}-${var.name}"
}
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(
            Span(1),
            "resize",
            "terraform",
            command=(Literal("app.handler"),),
            environment=(
                EnvEntry("TABLE", Setting("aws_dynamodb_table.images.name"), Span(6)),
                EnvEntry("SIGNING_KEY", SECRET, Span(7)),
            ),
            aliases=("aws_lambda_function.resize",),
        ),
        WorkloadDeclared(
            Span(12),
            "api",
            "terraform",
            image=Literal("gcr.io/shop/api"),
            environment=(
                EnvEntry("REDIS_HOST", Setting("google_redis_instance.cache.host"), Span(17)),
                EnvEntry("KEY", SECRET, Span(21)),
            ),
            ports=("8080",),
            published=True,
            aliases=("google_cloud_run_v2_service.api",),
        ),
        WorkloadDeclared(
            Span(32),
            "web",
            "terraform",
            image=Literal("shop/web:1"),
            command=(Literal("serve"),),
            env_from=("common",),
            ports=("80",),
            replicas=3,
            aliases=("kubernetes_deployment.web",),
            labels=(("app", "web"),),
            namespace="shop",
        ),
        NetworkName(Span(56), "web", selector=(("app", "web"),), ports=("80",), published=True),
        WorkloadDeclared(
            Span(65), "${var.team}-${var.name}", "terraform", aliases=("aws_ecs_service.this",)
        ),
    )


def test_variables_and_locals(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
variable "region" {
  default = "eu-west-1"
}
variable "db_password" {
  default = "hunter2"
}
variable "no_default" {}
locals {
  url   = "http://${var.host}:8080"
  count = length(var.list)
  name  = format("%s-%s", var.env, "api")
}
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(Span(2), "var.region", Literal("eu-west-1"), "terraform"),
        SettingDefined(Span(5), "var.db_password", SECRET, "terraform"),
        SettingDefined(
            Span(9),
            "local.url",
            Join((Literal("http://"), Setting("var.host"), Literal(":8080"))),
            "terraform",
        ),
        SettingDefined(
            Span(11), "local.name", Join((Setting("var.env"), Literal("-api"))), "terraform"
        ),
    )


def test_values_of_variables(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
region = "us-east-1"
db_token = "hunter2"
zones = ["a", "b"]
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(Span(1), "var.region", Literal("us-east-1"), "terraform"),
        SettingDefined(Span(2), "var.db_token", SECRET, "terraform"),
    )


def test_what_stands_before_an_error_is_kept(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
resource "aws_sqs_queue" "a" {
  name = "a"
}
resource "aws_sqs_queue" "broken" {
  name =
}
resource "aws_sns_topic" "b" {
  name = "b"
}
"""
    found = stored(terraform.extract(text.encode()))
    assert found.problem == "part of the file is no valid HCL"
    assert found.facts == (
        StoreDeclared(Span(1), "a", "sqs", "topic", address="aws_sqs_queue.a"),
        StoreDeclared(Span(4), "broken", "sqs", "topic", address="aws_sqs_queue.broken"),
    )
