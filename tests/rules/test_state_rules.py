"""What the findings of the rules on state say, beyond where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.findings import Severity
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

if TYPE_CHECKING:
    from scaleaudit.findings import Finding

RULES = {rule.id: rule for rule in load_rules()}


def find(rule: str, files: dict[str, str]) -> list[Finding]:
    sources: list[SourceFile] = []
    for path, text in files.items():
        kind = file_kinds()(path)
        assert kind is not None, path
        sources.append(SourceFile(path, kind, role_of(path)[0], "", text.encode()))
    return list(scan(sources, [RULES[rule]]).findings)


JOBS = """
package shop;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.*;

@RestController
class Jobs {
    @GetMapping("/orders")
    Object orders() { return orderRepository.findAll(); }

    @Scheduled(cron = "0 0 3 * * ?")
    void NAME() { orderRepository.NAME(); }
}
"""


def test_cleaning_up_twice_does_little_harm() -> None:
    (sends,) = find("in-process-scheduler", {"src/Jobs.java": JOBS.replace("NAME", "sendBills")})
    (cleans,) = find("in-process-scheduler", {"src/Jobs.java": JOBS.replace("NAME", "purgeDrafts")})
    assert (sends.severity, cleans.severity) == (Severity.HIGH, Severity.LOW)
    assert "no harm" in cleans.message


TOP = """
import { Controller, Get } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';

@Controller('top')
export class TopController {
  @Get()
  top() { return this.cache; }

  @Cron('0 1 * * *')
  async NAME() { this.cache = await this.readers.find(); }
}
"""


def test_filling_a_cache_twice_does_little_harm() -> None:
    (sends,) = find("in-process-scheduler", {"src/top.controller.ts": TOP.replace("NAME", "send")})
    (fills,) = find(
        "in-process-scheduler", {"src/top.controller.ts": TOP.replace("NAME", "refreshTopCache")}
    )
    assert (sends.severity, fills.severity) == (Severity.HIGH, Severity.LOW)
    assert "Filling a cache twice" in fills.message


HELD = """
package shop;

import java.util.concurrent.*;
import org.springframework.web.bind.annotation.*;

@RestController
class Carts {
    static final ConcurrentHashMap<String, String> carts = new ConcurrentHashMap<>();
    static final ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();

    @PostMapping("/carts")
    void put(String user, String item) {
        carts.put(user, item);
        counts.put(user, 1);
    }
}
"""


def test_the_variables_of_one_class_are_one_finding() -> None:
    (found,) = find("module-level-mutable-state", {"src/Carts.java": HELD})
    assert found.data["names"] == ["carts", "counts"]
    assert found.subject.endswith("Carts")


DISK = """
package blob

import (
	"net/http"
	"os"
)

type FileSystemStore struct{}

func (FileSystemStore) Upload(w http.ResponseWriter, r *http.Request) {
	os.Create("/srv/uploads/" + r.FormValue("name"))
}

func serve(s FileSystemStore) {
	http.HandleFunc("POST /blobs", s.Upload)
}
"""
BUCKET = """
package blob

import "github.com/aws/aws-sdk-go-v2/service/s3"

func keep(c *s3.Client, ctx any, in *s3.PutObjectInput) {
	client := s3.NewFromConfig(cfg)
	client.PutObject(ctx, in)
}
"""


def test_the_disk_as_one_of_several_stores_is_a_choice() -> None:
    module = {"go.mod": "module acme.io/blob\n"}
    (only,) = find("local-disk-write", module | {"files.go": DISK})
    (chosen,) = find("local-disk-write", module | {"files.go": DISK, "bucket.go": BUCKET})
    assert (only.severity, chosen.severity) == (Severity.HIGH, Severity.LOW)
    assert "object store" in chosen.message


BESIDE = """
import boto3
from flask import Flask, request

app = Flask(__name__)


@app.post("/blobs/<name>")
def put(name):
    if app.config["ON_THIS_MACHINE"]:
        request.files["blob"].save("/srv/blobs/" + name)
    else:
        boto3.client("s3").put_object(Bucket="blobs", Key=name, Body=request.data)
    return "", 204
"""


def test_a_file_that_writes_to_an_object_store_as_well_has_a_choice() -> None:
    (chosen,) = find("local-disk-write", {"app.py": BESIDE})
    line = next(line for line in BESIDE.splitlines() if "boto3.client" in line)
    (only,) = find("local-disk-write", {"app.py": BESIDE.replace(line, "        pass")})
    assert (only.severity, chosen.severity) == (Severity.HIGH, Severity.LOW)


SCHEDULED = """
from shop.app import scheduler


@scheduler.scheduled_job("cron", hour={0})
def report{0}():
    send({0})
"""
SCHEDULER = """
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

app = FastAPI()
scheduler = AsyncIOScheduler()


@app.get("/orders")
def orders():
    return []
"""


def test_schedules_in_many_files_are_one_finding() -> None:
    def shop(count: int) -> dict[str, str]:
        jobs = {f"shop/job{n}.py": SCHEDULED.format(n) for n in range(count)}
        return {"shop/app.py": SCHEDULER, **jobs}

    assert len(find("in-process-scheduler", shop(3))) == 3
    (found,) = find("in-process-scheduler", shop(5))
    assert "in 5 files" in found.message
    assert len(found.related) == 4


def test_sessions_that_a_class_of_the_application_handles() -> None:
    start = "<?php class Page { public function run() { session_start(); } }"
    handled = (
        "<?php class Session { public function setup() {"
        " session_set_save_handler(new ShopSessions(), true); } }"
    )
    files = {"src/Controller/Page.php": start}
    assert len(find("in-memory-session", files)) == 1
    assert find("in-memory-session", {**files, "src/Session.php": handled}) == []


def test_a_folder_that_is_gone_when_its_block_ends_keeps_nothing() -> None:
    upload = (
        "class UploadsController < ApplicationController\n  def create\n    {} do |folder|\n"
        '      FileUtils.cp(params[:file].path, "#{{folder}}/upload.png")\n    end\n  end\nend\n'
    )
    path = "app/controllers/uploads_controller.rb"
    assert len(find("local-disk-write", {path: upload.format("Dir.each_child(ROOT)")})) == 1
    assert find("local-disk-write", {path: upload.format("Dir.mktmpdir")}) == []
