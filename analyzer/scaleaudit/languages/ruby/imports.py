"""`require`, `require_relative`, and the constants that autoloading leads to other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound
from scaleaudit.languages.mentions import NOTHING, mentions
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

REQUIRES = (b"require", b"load")
REQUIRED = regex(rb"(_relative)?[ (]+[\"']([^\"'\n#]{1,200})[\"']")  # behind one of them
REFERENCE = regex(rb"[A-Z](?<!\w[A-Z])\w*(?:::[A-Z]\w*)*")
# Comments alone in their lines; `{` may begin code inside a text.
COMMENT = regex(rb"\n[ \t]*+#[^\n{]*+(?!\{)")
BLANK = ord(" ")
MAX_REFERENCES = 400  # different constants of one file
MAX_TRIES = 6  # places of one constant that turn out to be comments and texts
# Of the language and of Rails itself: no file of the repository.
KNOWN = frozenset(
    b"""Array BasicObject Class Comparable Complex Date DateTime Dir Encoding Enumerable
    Enumerator Errno Exception FalseClass File FileUtils Fixnum Float Forwardable Hash IO
    Integer IOError JSON Kernel KeyError LoadError Logger Marshal MatchData Math Method
    Module Mutex NameError NilClass NoMethodError NotImplementedError Numeric Object
    ObjectSpace OpenSSL OpenStruct Pathname Proc Process Random Range Rational Regexp
    RuntimeError SecureRandom Set Shellwords Signal Singleton StandardError String StringIO
    Struct Symbol SystemExit Tempfile Thread Time Timeout TrueClass TypeError URI YAML Zlib
    ArgumentError Rails ActiveRecord ActiveSupport ActionController ActionView ActionMailer
    ActiveJob ActiveModel ActiveStorage ActionCable Rack Arel I18n Nokogiri Sidekiq Resque
    Faraday HTTParty Base64 CGI CSV ERB Digest Net Concurrent RSpec""".split()
)


def imports(reader: RubyReader) -> Iterator[ImportFound]:
    """Files by path as written (relative ones with `./`), constants by name, as autoloaders do.

    A constant is loaded when the line runs: only a superclass, at the top of a file, makes its
    file wait for another.
    """
    content = reader.content
    required = [
        (at, word, match)
        for word in REQUIRES
        for at, match in mentions(content, word, NOTHING, REQUIRED)
        if not content[content.rfind(b"\n", 0, at) + 1 : at].strip(b" \t")  # begins its line
    ]
    for at, word, match in sorted(required):
        node = reader.leaf_at(at)
        if node is None or node.type != "identifier" or (match[1] and word == b"load"):
            continue
        path = match[2].decode("utf-8", "replace")
        relative = match[1] is not None and not path.startswith((".", "/"))
        lazy = reader.function_around(node) is not None
        yield ImportFound(reader.span(node), f"./{path}" if relative else path, lazy=lazy)
    yield from references(reader)


def references(reader: RubyReader) -> Iterator[ImportFound]:
    own = {holder.name.rpartition(".")[2].encode() for holder in reader.declared.holders}
    names = sorted({*REFERENCE.findall(reader.content)} - own - KNOWN)
    code = COMMENT.sub(lambda comment: b" " * len(comment[0]), reader.content)
    for name in names[:MAX_REFERENCES]:
        shouted = name.isupper() and b":" not in name
        if shouted or name.partition(b":")[0] in KNOWN:
            continue
        node = in_code(reader, code, name)
        if node is not None:
            yield ImportFound(reader.span(node), name.decode("ascii", "replace"), lazy=True)


def in_code(reader: RubyReader, code: bytes, name: bytes) -> Node | None:
    """The first place of a constant that is no comment and no text; `code`: the file without
    comments, in the same places."""
    start = -1
    for _ in range(MAX_TRIES):
        start = reader.content.find(name, start + 1)
        if start < 0:
            return None
        if code[start] == BLANK:
            continue
        node = reader.leaf_at(start)
        if node is not None and node.type == "constant" and node.start_byte == start:
            return node
    return None
