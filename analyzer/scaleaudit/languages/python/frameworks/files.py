"""Writes to the local file system, and settings read from the environment."""

from scaleaudit.languages.patterns import SECOND, Arg, ReadSetting, Write
from scaleaudit.languages.python.conditions import (
    both,
    neither,
    saves_upload,
    writes,
    writes_upload,
)
from scaleaudit.languages.python.path_writes import PathWritten

OPENERS = ("{open,io.open,codecs.open,gzip.open,bz2.open,lzma.open,aiofiles.open,anyio.open_file}",)
OF_PATH = ("pathlib.Path.open", "anyio.Path.open")


def opened(callees: tuple[str, ...], target: Arg, mode: int) -> tuple[Write, Write]:
    """A file opened for writing: an upload when the function handles one."""
    return (
        Write(
            callees=callees,
            library="open",
            target=target,
            purpose="upload",
            when=both(writes(mode), writes_upload),
        ),
        Write(
            callees=callees,
            library="open",
            target=target,
            when=both(writes(mode), neither(writes_upload)),
        ),
    )


FILES = (
    *opened(OPENERS, Arg(0, ("file", "filename")), 1),
    PathWritten(callees=OF_PATH, when=writes(0)),
    # The names are pathlib's own.
    PathWritten(callees=("*.{write_text,write_bytes}",)),
    Write(callees=("shutil.{copy,copy2,copyfile,copytree,move}",), library="shutil", target=SECOND),
    Write(
        callees=("*.save",),
        library="werkzeug",
        target=Arg(0, ("dst",)),
        purpose="upload",
        when=saves_upload,
    ),
    Write(
        callees=("django.core.files.storage.FileSystemStorage",),
        library="django",
        target=Arg(0, ("location",)),
        purpose="upload",
    ),
    # Fields of models and forms that take files: that an application keeps any, wherever.
    Write(
        callees=(
            "*.{FileField,ImageField,FilePathField,StdImageField,ThumbnailerImageField,VersatileImageField,ProcessedImageField}",
            "django.core.files.storage.default_storage.save",
        ),
        library="django-files",
        target=Arg(0, ("upload_to",)),
    ),
)

SETTINGS_READ = (
    ReadSetting(
        callees=(
            "os.{getenv,environ.get,environ.pop}",
            "decouple.config",
            "environ.Env.{str,bool,int,float,list,url,db,db_url,cache,cache_url,email_url,path}",
            "environs.Env.{str,bool,int,float,list,url,dj_db_url,path}",
        ),
        key=Arg(0),
    ),
)
