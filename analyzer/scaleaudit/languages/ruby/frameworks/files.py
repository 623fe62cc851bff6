"""Writes to the local file system."""

from scaleaudit.languages.patterns import FIRST, SECOND, Write
from scaleaudit.languages.ruby.conditions import (
    both,
    neither,
    opened_to_write,
    unconditional,
    writes_upload,
)

OPENED = ("File.{open,new}", "IO.{sysopen}")
WRITTEN = ("File.{write,binwrite}", "IO.{write,binwrite}")
COPIED = ("FileUtils.{cp,mv,copy,move,copy_file,install,cp_r}", "IO.copy_stream")

FILES = (
    Write(
        callees=OPENED,
        library="File",
        purpose="upload",
        when=both(opened_to_write, writes_upload),
    ),
    Write(callees=OPENED, library="File", when=both(opened_to_write, neither(writes_upload))),
    Write(callees=WRITTEN, library="File", purpose="upload", when=writes_upload),
    Write(callees=WRITTEN, library="File", when=neither(writes_upload)),
    Write(callees=COPIED, library="FileUtils", target=SECOND, purpose="upload", when=writes_upload),
    Write(callees=COPIED, library="FileUtils", target=SECOND, when=neither(writes_upload)),
    Write(
        callees=("Shrine.Storage.FileSystem.new",),
        library="shrine",
        target=FIRST,
        purpose="upload",
        when=unconditional,
    ),
)
