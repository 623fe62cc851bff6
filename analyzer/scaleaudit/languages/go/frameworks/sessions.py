"""Where Go libraries keep the sessions of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SessionKept
from scaleaudit.languages.patterns import Arg, Session
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition, Pattern
    from scaleaudit.languages.reader import Reader

GIN = "github.com/{gin-contrib,gin-gonic/contrib}/sessions"


class SessionStore(Record, frozen=True, kw_only=True):
    """The constructor of a store says where sessions live."""

    callees: tuple[str, ...]
    store: str
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield SessionKept(reader.span(site.node), self.store, self.library)


def memory_is_left(_site: CallSite, reader: Reader) -> bool:
    """scs keeps sessions in memory until `manager.Store` is assigned."""
    return b".Store =" not in reader.content and b".Store=" not in reader.content


SESSIONS: tuple[Pattern, ...] = (
    SessionStore(
        callees=("github.com/gorilla/sessions.NewCookieStore", f"{GIN}/cookie.NewStore"),
        store="cookie",
        library="gorilla/sessions",
    ),
    SessionStore(
        callees=("github.com/gorilla/sessions.NewFilesystemStore", f"{GIN}/filesystem.NewStore"),
        store="file",
        library="gorilla/sessions",
    ),
    SessionStore(
        callees=(f"{GIN}/memstore.NewStore", "github.com/quasoft/memstore.NewMemStore"),
        store="memory",
        library="gorilla/sessions",
    ),
    SessionStore(
        callees=(
            f"{GIN}/redis.{{NewStore,NewStoreWithPool}}",
            f"{GIN}/memcached.NewStore",
            "{gopkg.in/boj/redistore,github.com/boj/redistore}.{NewRediStore,NewRediStoreWithPool}",
            "github.com/rbcervilla/redisstore.NewRedisStore",
            "github.com/alexedwards/scs/{redisstore,goredisstore}.New",
        ),
        store="cache",
        library="gorilla/sessions",
    ),
    SessionStore(
        callees=(
            f"{GIN}/{{postgres,gorm,mongo}}.NewStore",
            "github.com/antonlindstrom/pgstore.{NewPGStore,NewPGStoreFromPool}",
            "github.com/alexedwards/scs/{postgresstore,pgxstore,mysqlstore,gormstore}.New",
        ),
        store="database",
        library="gorilla/sessions",
    ),
    Session(
        callees=("github.com/alexedwards/scs.{New,NewSession}",),
        library="scs",
        default="memory",
        when=memory_is_left,
    ),
    Session(
        callees=("github.com/gofiber/fiber/middleware/session.New",),
        library="fiber",
        default="memory",
        store_arg=Arg(-1, ("Storage",)),
    ),
)
