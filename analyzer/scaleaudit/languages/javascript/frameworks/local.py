"""What a process keeps on its own machine: sessions, files; and settings it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.brief_uploads import removes_uploads
from scaleaudit.languages.patterns import FIRST, SECOND, Arg, Pattern, ReadSetting, Session, Write

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

FS = "{fs,fs.promises,fs/promises,fs-extra,graceful-fs}"


def of_upload(site: CallSite, reader: Reader) -> bool:
    """`req.files.photo.mv(path)`: moves an upload of express-fileupload."""
    return "files" in reader.text(site.node)[:200] or b"express-fileupload" in reader.content


LOCAL: tuple[Pattern, ...] = (
    # express-session: MemoryStore by default, "not designed for a production environment".
    Session(
        callees=("express-session",),
        library="express-session",
        default="memory",
        store_arg=Arg(-1, ("store",)),
        options=0,
    ),
    Session(
        callees=("cookie-session", "client-sessions", "iron-session.getIronSession"),
        library="cookie-session",
        default="cookie",
    ),
    # koa-session keeps the session in the cookie unless it is given a store.
    Session(
        callees=("koa-session",),
        library="koa-session",
        default="cookie",
        store_arg=Arg(-1, ("store",)),
        when=lambda site, reader: bool(site.args),
    ),
    Session(
        callees=("koa-generic-session", "koa-session2"),
        library="koa-generic-session",
        default="memory",
        store_arg=Arg(-1, ("store",)),
        options=0,
    ),
    Write(
        callees=(f"{FS}.{{writeFile,writeFileSync,appendFile,appendFileSync,createWriteStream}}",),
        library="fs",
    ),
    Write(
        callees=(
            "fs-extra.{outputFile,outputFileSync,writeJson,writeJsonSync,writeJSON,outputJson}",
        ),
        library="fs-extra",
    ),
    Write(
        callees=(f"{FS}.{{copyFile,copyFileSync,rename,renameSync}}",),
        library="fs",
        target=SECOND,
        when=lambda site, reader: (
            bool(reader.imports) and "upload" in reader.scope(site.node).lower()
        ),
    ),
    # multer without `dest` or a disk storage keeps files in memory for the request alone.
    Write(
        callees=("multer",),
        library="multer",
        target=Arg(-1, ("dest",)),
        purpose="upload",
        when=lambda site, reader: "dest" in site.keywords and not removes_uploads(reader),
    ),
    Write(
        callees=("multer.diskStorage",),
        library="multer",
        target=Arg(-1, ("destination",)),
        purpose="upload",
    ),
    Write(
        callees=("*.mv",),
        library="express-fileupload",
        target=FIRST,
        purpose="upload",
        when=of_upload,
    ),
    Write(
        callees=("formidable", "formidable.{formidable,IncomingForm}"),
        library="formidable",
        target=Arg(-1, ("uploadDir",)),
        purpose="upload",
        when=lambda site, reader: "uploadDir" in site.keywords,
    ),
    Write(
        callees=("winston.transports.{File,DailyRotateFile}", "winston-daily-rotate-file"),
        library="winston",
        target=Arg(-1, ("filename",)),
        purpose="log",
    ),
    ReadSetting(callees=("config.{get,has}", "nconf.get", "env-var.get", "Deno.env.get")),
    ReadSetting(callees=("@nestjs/config.ConfigService.{get,getOrThrow}",)),
    ReadSetting(callees=("@adonisjs/core/services/env.get",), key=FIRST),
)
