"""What the findings of the rules on state say, beyond where they stand."""

from __future__ import annotations

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Severity

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


@pytest.mark.parametrize("name", ["removeDeadLinks", "dropInvalidTokens"])
def test_what_is_gone_needs_not_be_removed_again(name: str) -> None:
    (found,) = find("in-process-scheduler", {"src/Jobs.java": JOBS.replace("NAME", name)})
    assert found.severity is Severity.LOW


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


LOCKED = """
import { Controller, Get } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
IMPORT

@Controller('bills')
export class BillsController {
  @Get()
  list() { return this.bills; }

  @Cron('0 1 * * *')
  BESIDE
  async send() { BODY }

  private async once() {
    const release = await this.redis.acquireLock('bills', 60);
    if (release) await this.mails.send();
  }
}
"""


@pytest.mark.parametrize(
    ("beside", "body", "reported"),
    [
        ("", "await this.mails.send();", True),
        (
            "",
            "if (!(await this.locks.tryAcquireLock('bills'))) return; await this.mails.send();",
            False,
        ),
        ("", "await this.redlock.using(['bills'], 5000, () => this.mails.send());", False),
        (
            "",
            "const mine = await redis.set('bills', 1, 'EX', 60, 'NX'); if (mine) this.mails.send();",
            False,
        ),
        ("", "await db.query('SELECT pg_try_advisory_lock(7)'); await this.mails.send();", False),
        ("", "return this.once();", False),
        ("@RedisLock('bills')", "await this.mails.send();", False),
        ("@WithLock('bills')", "await this.mails.send();", False),
        ("", "for (const b of await this.getLockedBills()) b.send();", True),
        ("", "await this.chain.getBlock(); await this.readClock(); await this.mails.send();", True),
    ],
)
def test_a_job_under_a_lock_that_all_copies_share(
    beside: str, body: str, *, reported: bool
) -> None:
    source = LOCKED.replace("BESIDE", beside).replace("BODY", body)
    found = find("in-process-scheduler", {"src/bills.controller.ts": source.replace("IMPORT", "")})
    assert bool(found) is reported


def test_a_lock_of_one_process_is_none_for_its_copies() -> None:
    source = LOCKED.replace("IMPORT", "import { Mutex } from 'async-mutex';").replace("BESIDE", "")
    source = source.replace("BODY", "return this.once();")
    assert find("in-process-scheduler", {"src/bills.controller.ts": source})


def test_a_timer_under_a_lock() -> None:
    source = """
    const cron = require('node-cron');
    const app = require('express')();
    const nightly = async () => { if (await withLock('bills')) await sendBills(); };
    cron.schedule('0 3 * * *', nightly);
    cron.schedule('0 4 * * *', async () => { const lock = await acquireLock('x'); await sendBills(); });
    app.get('/', (req, res) => res.send('ok'));
    """
    assert not find("in-process-scheduler", {"src/server.js": source})


def test_each_copy_says_that_it_is_there() -> None:
    found = find(
        "in-process-scheduler", {"src/top.controller.ts": TOP.replace("NAME", "reportAliveStatus")}
    )
    assert not found
    assert find(
        "in-process-scheduler", {"src/top.controller.ts": TOP.replace("NAME", "sendLiveliness")}
    )


CODES = """
import express from 'express';
const app = express();
class Code {
  private static all: { [name: string]: Code } = {};
  static readonly GONE = new Code('gone');
  ACCESS constructor(public readonly name: string) { Code.all[name] = this; }
}
app.get('/', (req, res) => res.json(new Code(req.query.name)));
app.listen(3000);
"""


def test_a_class_that_alone_makes_its_objects() -> None:
    for access, reported in (("private", False), ("public", True)):
        source = CODES.replace("ACCESS", access)
        assert bool(find("module-level-mutable-state", {"src/app.ts": source})) is reported


PICTURES = """
import express from 'express';
import fs from 'fs';
const app = express();
async function picture(req, res) {
  const file = path.join(FOLDER, req.params.name);
  READ
  fs.writeFileSync(file, await draw(req.params.name));
  res.end();
}
app.get('/pictures/:name', picture);
app.listen(3000);
"""


@pytest.mark.parametrize(
    ("read", "reported"),
    [
        ("if (fs.existsSync(file)) return fs.createReadStream(file).pipe(res);", False),
        ("const before = JSON.parse(fs.readFileSync(file)); before.n++;", True),
        ("", True),
    ],
)
def test_files_that_are_made_again(read: str, *, reported: bool) -> None:
    found = find("local-disk-write", {"src/app.ts": PICTURES.replace("READ", read)})
    assert bool(found) is reported


@pytest.mark.parametrize(
    ("folder", "reported"),
    [("$temp_dir", False), ("$tmpFolder", False), ("$uploads", True), ("$templates", True)],
)
def test_a_path_made_of_a_temporary_folder(folder: str, *, reported: bool) -> None:
    files = {
        "composer.json": '{"require": {"laravel/framework": "^11"}}',
        "routes/web.php": "<?php Route::post('/zip', [App\\Http\\Controllers\\ZipController::class, 'store']);",
        "app/Http/Controllers/ZipController.php": (
            "<?php namespace App\\Http\\Controllers;\nclass ZipController {\n"
            "  public function store($data) {\n"
            f"    {folder} = storage_path('app/'.md5($data));\n"
            f"    $path = {folder}.'/upload.zip';\n"
            "    file_put_contents($path, $data);\n  }\n}\n"
        ),
    }
    assert bool(find("local-disk-write", files)) is reported


def test_uploads_that_one_file_writes_are_told_once() -> None:
    page = (
        "app.post('/{0}', function {0}(req, res) {{\n"
        "  fs.writeFileSync('/srv/uploads/' + req.params.{0}, req.body);\n  res.end();\n}});\n"
    )
    start = "import express from 'express';\nimport fs from 'fs';\nconst app = express();\n"
    code = start + page.format("photo") + page.format("paper") + "app.listen(3000);\n"
    (found,) = find("local-disk-write", {"src/app.ts": code})
    assert "2 places of src/app.ts (" in found.message
    apart = {
        "src/app.ts": start + page.format("photo") + "app.listen(3000);\n",
        "src/papers.ts": start + page.format("paper") + "app.listen(3000);\n",
    }
    assert len(find("local-disk-write", apart)) == 2
    third = {"src/notes.ts": start + page.format("note") + "app.listen(3000);\n"}
    (found,) = find("local-disk-write", apart | third)
    assert "3 places of the application (" in found.message


def test_what_is_unpacked_of_an_upload_is_no_finding_of_its_own() -> None:
    code = (
        "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
        '@app.post("/archives")\ndef archives():\n'
        '    request.files["file"].save("/srv/archives/1.zip")\n'
        '    with open("/srv/archives/1/index", "w") as index:\n        index.write("1")\n    return "", 201\n'
    )
    (found,) = find("local-disk-write", {"app.py": code})
    assert "writes uploads" in found.message
    plain = code.replace('    request.files["file"].save("/srv/archives/1.zip")\n', "")
    (found,) = find("local-disk-write", {"app.py": plain})
    assert "writes files" in found.message


def test_settings_modules_that_build_on_each_other_choose_once() -> None:
    disk = 'STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}\n'
    files = {
        "shop/settings/base.py": disk,
        "shop/settings/production.py": "from .base import *\n" + disk,
        "shop/urls.py": 'from django.urls import path\n\nurlpatterns = [path("o/", print)]\n',
    }
    assert not find("local-disk-write", files)  # the default, and no file to be kept
    files["shop/models.py"] = (
        "from django.db import models\n\n\nclass Note(models.Model):\n"
        '    scan = models.FileField(upload_to="notes/")\n'
    )
    (found,) = find("local-disk-write", files)
    assert found.location.path == "shop/settings/production.py"
    assert found.message.startswith(
        "By shop/settings/production.py the application writes uploads to the local disk"
    )


NUMBERED = """
import express from 'express';
const app = express();
let subqueryCounter = 0;
app.get('/orders', (req, res) => {
  subqueryCounter++;
  BODY
});
app.listen(3000);
"""


@pytest.mark.parametrize(
    ("body", "reported"),
    [
        ("res.json(run(`select * from orders t_${subqueryCounter}`));", False),
        ("res.json({ served: subqueryCounter });", True),
        ("if (subqueryCounter > 9) res.status(429); res.json(`${subqueryCounter}`);", True),
    ],
)
def test_a_number_that_makes_names_differ(body: str, *, reported: bool) -> None:
    source = NUMBERED.replace("BODY", body)
    assert bool(find("module-level-mutable-state", {"src/app.ts": source})) is reported


CONNECTED = """
import express from 'express';
import { PrismaClient } from '@prisma/client';
const app = express();
const found = new Map<string, TYPE>();
app.get('/:tenant/orders', async (req, res) => {
  if (!found.has(req.params.tenant)) found.set(req.params.tenant, await make(req.params.tenant));
  res.json(await found.get(req.params.tenant).orders());
});
app.listen(3000);
"""


@pytest.mark.parametrize(
    ("kept", "reported"),
    [("Order[]", True), ("PrismaClient", False), ("mongoose.Connection", False)],
)
def test_connections_by_their_keys(kept: str, *, reported: bool) -> None:
    found = find("module-level-mutable-state", {"src/app.ts": CONNECTED.replace("TYPE", kept)})
    assert bool(found) is reported


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
    # Every report tells the file above the message.
    assert only.message.startswith("FileSystemStore.Upload writes uploads to the local disk")
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

    assert len(find("in-process-scheduler", shop(1))) == 1
    (found,) = find("in-process-scheduler", shop(2))
    assert "in 2 files" in found.message
    (found,) = find("in-process-scheduler", shop(5))
    assert "in 5 files" in found.message
    assert len(found.related) == 4


def test_a_table_in_memory_is_called_as_its_language_does() -> None:
    code = """
package main

import "net/http"

var tokens = map[string]string{}

func handle(w http.ResponseWriter, r *http.Request) { tokens[r.URL.Path] = r.Host }

func main() {
	http.HandleFunc("/", handle)
	http.ListenAndServe(":8080", nil)
}
"""
    (found,) = find("module-level-mutable-state", {"main.go": code})
    assert "tokens is one map for each process" in found.message


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


SCHEDULED = """
import sqlite3

from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI

app = FastAPI()
scheduler = BackgroundScheduler()
scheduler.add_job(print, "interval", hours=1)
scheduler.start()


@app.get("/orders")
def orders():
    return OPENED.execute("SELECT id FROM orders LIMIT 10").fetchall()
"""


@pytest.mark.parametrize(
    ("opened", "severity"),
    [("sqlite3.connect('/data/a.db')", Severity.LOW), ("connect()", Severity.HIGH)],
)
def test_a_schedule_beside_a_database_in_the_process(opened: str, severity: Severity) -> None:
    source = SCHEDULED.replace("OPENED", opened)
    (found,) = find("in-process-scheduler", {"app.py": source})
    assert found.severity is severity
    assert ("no second copy yet" in found.message) is (severity is Severity.LOW)


@pytest.mark.parametrize("name", ["getOrExtractClip", "cacheClip", "main", "fetchClip"])
def test_a_function_that_makes_what_lacks_makes_it_on_each_copy(name: str) -> None:
    code = (
        "import express from 'express';\nimport fs from 'fs';\nconst app = express();\n"
        f"function {name}(id, data) {{\n  fs.writeFileSync('/srv/clips/' + id, data);\n}}\n"
        f"app.get('/clips/:id', (req, res) => {{\n  {name}(req.params.id, req.query.d);\n}});\n"
        "app.listen(3000);\n"
    )
    found = find("local-disk-write", {"src/app.ts": code})
    assert bool(found) is (name == "fetchClip")


UPLOADER = "class PhotoUploader < CarrierWave::Uploader::Base\n  storage :file\n{}end\n"


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ("", True),
        ("  include Cloudinary::CarrierWave if Cloudinary.config.cloud_name\n", False),
    ],
)
def test_an_uploader_that_an_account_sends_elsewhere(line: str, *, reported: bool) -> None:
    files = {"Gemfile": 'gem "rails"\n', "app/uploaders/photo_uploader.rb": UPLOADER.format(line)}
    assert bool(find("local-disk-write", files)) is reported


def test_what_a_module_named_after_storage_writes_is_one_of_several_ways() -> None:
    module = {"go.mod": "module acme.io/blob\n", "bucket.go": BUCKET}
    disk = DISK.replace("FileSystemStore", "Keeper")
    (plain,) = find("local-disk-write", {**module, "files.go": disk})
    (named,) = find("local-disk-write", {**module, "attachment_storage.go": disk})
    assert (plain.severity, named.severity) == (Severity.HIGH, Severity.LOW)


ORDERS = """
package shop;

import org.springframework.web.bind.annotation.*;

@RestController
class Orders {
    @GetMapping("/orders")
    String orders() { return ""; }
}
"""
POM = """<project><artifactId>orders</artifactId><dependencies>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
<dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId></dependency>
</dependencies>{}</project>
"""
PROFILE = """<profiles><profile><id>server</id><dependencies><dependency><groupId>org.postgresql</groupId>
<artifactId>postgresql</artifactId></dependency></dependencies></profile></profiles>"""


@pytest.mark.parametrize(
    ("profiles", "severity", "told"), [("", Severity.MEDIUM, False), (PROFILE, Severity.LOW, True)]
)
def test_a_file_to_start_with_where_a_build_can_bring_a_server(
    profiles: str, severity: Severity, told: bool
) -> None:
    files = {
        "pom.xml": POM.format(profiles),
        "src/main/java/shop/Orders.java": ORDERS,
        "src/main/resources/application.properties": "spring.datasource.url=jdbc:h2:file:/data/orders\n",
        "src/main/resources/db/migration/V1__orders.sql": "CREATE TABLE orders (id BIGINT PRIMARY KEY);\n",
    }
    (found,) = find("embedded-database", files)
    assert found.severity is severity
    assert ("choose that" in found.message) is told


KEPT = """
package shop;

import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import org.springframework.web.multipart.MultipartFile;

public class {} {{
    public void save(MultipartFile file) throws Exception {{
        Files.copy(file.getInputStream(), Paths.get("/data/uploads", name), StandardCopyOption.REPLACE_EXISTING);
    }}
}}
"""
S3_BESIDE = """
package shop;

import software.amazon.awssdk.services.s3.S3Client;

@RestController
class Attachments {
    private final S3Client s3 = S3Client.create();

    @GetMapping("/orders")
    String orders() { return ""; }
}
"""


@pytest.mark.parametrize(
    ("name", "severity"), [("LocalFileSystemStore", Severity.LOW), ("Store", Severity.HIGH)]
)
def test_a_library_that_keeps_files_in_one_of_several_ways(name: str, severity: Severity) -> None:
    module = "<project><artifactId>{}</artifactId>{}</project>"
    web = "<dependencies><dependency><groupId>shop</groupId><artifactId>files</artifactId></dependency></dependencies>"
    boot = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
    files = {
        "files/pom.xml": module.format("files", ""),
        f"files/src/main/java/shop/{name}.java": KEPT.format(name),
        "web/pom.xml": module.format("web", web + boot),
        "web/src/main/java/shop/Attachments.java": S3_BESIDE,
        "desk/pom.xml": module.format("desk", web + boot),
    }
    (found,) = find("local-disk-write", files)
    assert (found.severity or Severity.HIGH) is severity


HANDLES = """
import {{ Controller, Get }} from '@nestjs/common';
import {{ Cron }} from '@nestjs/schedule';

@Controller('tokens')
export class TokenController {{
  @Get()
  all() {{ return []; }}

  @Cron('0 3 * * *')
  async {}() {{
    this.logger.debug('begins');
    {}
  }}
}}
"""


@pytest.mark.parametrize(
    ("name", "body", "severity"),
    [
        ("handleCron", "await this.tokens.removeInvalidTokens();", Severity.LOW),
        ("handleJob", "await this.tokens.removeInvalidTokens();", Severity.LOW),
        ("runTask", "await this.tokens.removeInvalidTokens();", Severity.LOW),
        ("handleCron", "await this.bills.sendAll();", Severity.HIGH),
        ("handleCron", "await this.tokens.removeInvalidTokens(); await this.bills.sendAll();", Severity.HIGH),
        ("sendBills", "await this.tokens.removeInvalidTokens();", Severity.HIGH),
    ],
)  # fmt: skip
def test_a_job_whose_name_says_nothing_is_what_it_calls(
    name: str, body: str, severity: Severity
) -> None:
    (found,) = find(
        "in-process-scheduler", {"src/tokens.controller.ts": HANDLES.format(name, body)}
    )
    assert (found.severity or Severity.HIGH) is severity


STATE = (
    "import asyncio\nfrom fastapi import FastAPI\n\napp = FastAPI()\n{name} = {value}\n\n\n"
    "def {function}(key):\n    {change}\n\n\n@app.get('/x')\ndef show(key: str):\n    return {function}(key)\n"
)
LOCKS = "return {0}.setdefault(key, asyncio.Lock())"


@pytest.mark.parametrize(
    ("name", "value", "function", "change", "reported"),
    [
        ("_pay_locks", "{}", "lock_of", LOCKS, True),
        ("_OFFERS_CACHE_LOCKS", "{}", "lock_of", LOCKS, False),  # of a cache of this process
        ("_OPEN_ROUTES", "[]", "open_route", "{0}.append(key)", True),
        ("_OPEN_ROUTES", "[]", "add_open_routes", "{0}.append(key)", False),  # when it starts
    ],
)
def test_what_a_process_keeps_of_itself(
    name: str, value: str, function: str, change: str, *, reported: bool
) -> None:
    source = STATE.format(name=name, value=value, function=function, change=change.format(name))
    files = {"requirements.txt": "fastapi\n", "shop/app.py": source}
    found = [f for f in find("module-level-mutable-state", files) if f.severity.value == "high"]
    every = find("module-level-mutable-state", files)
    assert bool(found if "lock" in name.lower() else every) is reported


@pytest.mark.parametrize(
    ("path", "reported"), [("web/index.php", True), ("web/installer/index.php", False)]
)
def test_sessions_of_an_installer(path: str, *, reported: bool) -> None:
    files = {"composer.json": "{}", path: "<?php\nsession_start();\necho $_SESSION['a'];\n"}
    assert bool(find("in-memory-session", files)) is reported


@pytest.mark.parametrize(
    ("name", "reported"),
    [("save_report", True), ("profile_request", False), ("orders_debug", False)],
)
def test_what_a_developer_looks_into(name: str, *, reported: bool) -> None:
    source = (
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
        f'@app.get("/x")\ndef {name}():\n    with open("/srv/out.html", "w") as f:\n        f.write("a")\n    return ""\n'
    )
    files = {"requirements.txt": "flask\n", "shop/app.py": source}
    assert bool(find("local-disk-write", files)) is reported


def test_sessions_in_a_cache_that_other_settings_share() -> None:
    cache = "CACHES = {{'default': {{'BACKEND': '{}', 'LOCATION': '{}'}}}}\n"
    memory = cache.format("django.core.cache.backends.locmem.LocMemCache", "")
    files = {
        "manage.py": "import django\n",
        "shop/settings/core.py": f"INSTALLED_APPS = []\n{memory}SESSION_ENGINE = 'django.contrib.sessions.backends.cache'\n",
    }
    assert find("in-memory-session", files)
    shared = cache.format("django_redis.cache.RedisCache", "redis://cache:6379/1")
    assert not find("in-memory-session", {**files, "shop/settings/docker.py": shared})


@pytest.mark.parametrize(("copies", "severity"), [(1, Severity.MEDIUM), (3, Severity.HIGH)])
def test_a_database_inside_a_process_of_which_there_are_several(
    copies: int, severity: Severity
) -> None:
    files = {
        "compose.yaml": f"services: {{shop: {{build: shop, deploy: {{replicas: {copies}}}}}}}\n",
        "shop/Dockerfile": "FROM python\nCOPY . .\nCMD flask run\n",
        "shop/requirements.txt": "flask\n",
        "shop/app.py": "import sqlite3\nfrom flask import Flask\n\napp = Flask(__name__)\ndb = sqlite3.connect('/data/shop.db')\n"
        "\n\n@app.get('/x')\ndef show():\n    return db.execute('SELECT 1').fetchall()\n",
    }
    (found,) = find("embedded-database", files)
    assert found.severity is severity


def test_a_class_is_named_for_what_its_method_runs() -> None:
    job = JOBS.replace("NAME", "run")
    (sends,) = find("in-process-scheduler", {"src/BillSender.java": job})
    (reaps,) = find("in-process-scheduler", {"src/DraftReaper.java": job})
    assert (sends.severity, reaps.severity) == (Severity.HIGH, Severity.LOW)
    shrink = {"src/DraftCleaner.java": JOBS.replace("NAME", "shrinkDrafts")}
    (cleans,) = find("in-process-scheduler", shrink)
    assert cleans.severity is Severity.LOW


POLL = """
package shop;

import java.util.concurrent.*;
import org.springframework.web.bind.annotation.*;

@RestController
class Bills {
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    Bills() { timer.scheduleAtFixedRate(this::send, 0, PERIOD); }

    void send() { billRepository.saveAll(found()); mailer.sendAll(); }

    @GetMapping("/bills")
    Object bills() { return billRepository.findAll(); }
}
"""


@pytest.mark.parametrize(
    ("period", "told"),
    [("1, TimeUnit.SECONDS", 0), ("500, TimeUnit.MILLISECONDS", 0), ("60, TimeUnit.SECONDS", 1)],
)
def test_who_looks_every_second_looks_whether_something_waits(period: str, told: int) -> None:
    assert (
        len(find("in-process-scheduler", {"src/Bills.java": POLL.replace("PERIOD", period)}))
        == told
    )


def test_what_a_program_says_of_itself_is_said_once_too_often() -> None:
    assert (
        find("in-process-scheduler", {"src/Jobs.java": JOBS.replace("NAME", "sendTelemetry")}) == []
    )


@pytest.mark.parametrize(
    ("opened", "severity"),
    [("sqlite3.connect('/data/a.db')", Severity.LOW), ("connect()", Severity.HIGH)],
)
def test_files_beside_a_database_in_the_process(opened: str, severity: Severity) -> None:
    line = next(line for line in BESIDE.splitlines() if "boto3.client" in line)
    source = BESIDE.replace(line, f"        {opened}").replace("import boto3", "import sqlite3")
    (found,) = find("local-disk-write", {"app.py": source})
    assert found.severity is severity
