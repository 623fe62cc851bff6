"""Writes to the local file system on the JVM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import SECOND, Arg, ReadSetting, Write
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

NIO = "java.nio.file.Files"


# Names and types of what is written to when it is no file of one's own.
STREAM = regex(r"tream|esponse|^(?:out|os|baos|bos|output)$|Writer\(|getOutput")


def to_a_path(site: CallSite, reader: Reader) -> bool:
    """`Files.copy(path, outputStream)` reads the file; the other overloads write one."""
    return len(site.args) > 1 and not STREAM.search(reader.described(site.args[1]))


def image_to_a_path(site: CallSite, reader: Reader) -> bool:
    return len(site.args) > 2 and not STREAM.search(reader.described(site.args[2]))


def for_writing(site: CallSite, reader: Reader) -> bool:
    return len(site.args) > 1 and "w" in reader.text(site.args[1])


# Keys that the virtual machine itself sets.
MACHINE = regex(r'^"(?:java|os|user|file|line|path|sun|awt|native)\.')


def not_of_the_machine(site: CallSite, reader: Reader) -> bool:
    return bool(site.args) and not MACHINE.match(reader.text(site.args[0]))


FILES = (
    Write(callees=("java.io.{FileOutputStream,FileWriter}",), library="java.io"),
    Write(callees=("java.io.RandomAccessFile",), library="java.io", when=for_writing),
    Write(
        callees=(f"{NIO}.{{write,writeString,newBufferedWriter,newOutputStream,createFile}}",),
        library="java.nio",
    ),
    Write(callees=(f"{NIO}.{{copy,move}}",), library="java.nio", target=SECOND, when=to_a_path),
    Write(
        callees=(f"{NIO}.createTempFile", "java.io.File.createTempFile"),
        library="java.io",
        target=Arg(0),
        purpose="temp",
    ),
    Write(
        callees=(
            "org.springframework.web.multipart.MultipartFile.transferTo",
            "org.springframework.http.codec.multipart.FilePart.transferTo",
        ),
        library="spring-web",
        purpose="upload",
    ),
    Write(
        callees=("{javax,jakarta}.servlet.http.Part.write",), library="servlet", purpose="upload"
    ),
    Write(
        callees=(
            "org.apache.commons.io.FileUtils"
            ".{writeStringToFile,writeByteArrayToFile,writeLines,write}",
        ),
        library="commons-io",
    ),
    Write(
        callees=(
            "org.apache.commons.io.FileUtils"
            ".{copyInputStreamToFile,copyFile,copyURLToFile,copyToFile,moveFile}",
        ),
        library="commons-io",
        target=SECOND,
    ),
    Write(
        callees=("org.springframework.util.FileCopyUtils.copy",),
        library="spring-core",
        target=SECOND,
        when=lambda site, reader: (
            to_a_path(site, reader) and "File" in reader.described(site.args[1])
        ),
    ),
    Write(
        callees=("javax.imageio.ImageIO.write",),
        library="imageio",
        target=Arg(2),
        when=image_to_a_path,
    ),
    ReadSetting(callees=("System.{getenv,getProperty}",), when=not_of_the_machine),
    ReadSetting(
        callees=(
            "org.springframework.core.env.{Environment,ConfigurableEnvironment}"
            ".{getProperty,getRequiredProperty}",
        ),
    ),
)
