"""Files that Go code writes."""

from collections.abc import Iterator

from scaleaudit.facts import Fact, FileWritten
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.patterns import FIRST, SECOND, Arg, Pattern, Write, purpose_of
from scaleaudit.languages.reader import Reader
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, text_with_holes

WRITING = regex(r"O_(WRONLY|RDWR|CREATE|APPEND|TRUNC)")
UPLOADED = regex(r"\.FormFile\(|\.MultipartReader\(|multipart\.FileHeader|\.MultipartForm\b")


def opened_for_writing(site: CallSite, reader: Reader) -> bool:
    flags = site.argument(1)
    return flags is not None and WRITING.search(reader.text(flags)) is not None


class GoWrite(Write, frozen=True, kw_only=True):
    """The words around say what for: a form's file that is saved is an upload."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = self.target.node(site, reader)
        target = self.target.value(site, reader) or UNKNOWN
        around = reader.function_around(site.node)
        scope = reader.scope(site.node)
        written = reader.text(node)[:200] if node is not None else ""
        purpose = self.purpose or purpose_of(f"{text_with_holes(target)} {written} {scope}")
        if purpose != "temp" and around is not None and UPLOADED.search(reader.text(around)):
            purpose = "upload"
        yield FileWritten(reader.span(site.node), target, self.library, purpose, scope)


FILES: tuple[Pattern, ...] = (
    GoWrite(callees=("os.{Create,WriteFile}", "io/ioutil.WriteFile"), library="os"),
    GoWrite(callees=("os.OpenFile",), library="os", when=opened_for_writing),
    GoWrite(
        callees=("os.{CreateTemp,MkdirTemp}", "io/ioutil.{TempFile,TempDir}"),
        library="os",
        purpose="temp",
    ),
    GoWrite(
        callees=("github.com/gin-gonic/gin.Context.SaveUploadedFile",),
        library="gin",
        target=SECOND,
        purpose="upload",
    ),
    GoWrite(
        callees=("github.com/gofiber/fiber.Ctx.SaveFile",),
        library="fiber",
        target=SECOND,
        purpose="upload",
    ),
    GoWrite(
        callees=("{gopkg.in/natefinch/lumberjack,github.com/natefinch/lumberjack}.Logger",),
        library="lumberjack",
        target=Arg(-1, ("Filename",)),
        purpose="log",
    ),
    GoWrite(
        callees=("github.com/xuri/excelize.NewFile.SaveAs", "github.com/xuri/excelize.File.SaveAs"),
        library="excelize",
        target=FIRST,
        purpose="export",
    ),
)
