"""How methods stand in files of Ruby, and how they say who runs them."""

from __future__ import annotations

from scaleaudit.languages.class_calls import OnClass
from scaleaudit.languages.function_marks import SNAKE
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

RUBY = Shape(
    functions=frozenset({"method", "singleton_method"}),
    classes=frozenset({"class", "module"}),
    through=frozenset(
        {"body_statement", "singleton_class", "call", "do_block", "block", "argument_list", "begin", "program"}
    ),
    skipped=frozenset({"comment", "superclass"}),
    bodies=frozenset({"body_statement"}),
    openings=(b"def ",),
    telling=SNAKE,
    tests=regex(
        rb"(?m)^\s*RSpec\.|^describe |^require ['\"](?:rails_helper|spec_helper|test_helper|minitest/\w+)['\"]"
        rb"|^require_relative ['\"][./\w]*(?:test_helper|spec_helper)['\"]|< ActiveSupport::TestCase\b"
    ),
    test_marks=(b"RSpec", b"describe", b"_helper", b"minitest", b"TestCase"),
    root_marks=(b"Job", b"Worker", b"admin", b"staff", b"superuser"),
    on_class=OnClass(
        regex(rb"[A-Z](?<!\w[A-Z])\w*+(\.[a-z][a-z0-9]*_\w{1,60})"),
        (b"class", b"klass", b"model", b"constantize"),
    ),
    job=regex(rb"<\s*(?:::)?(?:ApplicationJob|ActiveJob::Base|ApplicationWorker|Struct\.new\(.*\bDelayed)\b"),
    own_job=regex(rb"(?:include|prepend) (?:::)?Sidekiq::(?:Worker|Job)\b|include Shoryuken::Worker\b"),
    own_staff=regex(
        rb"before_action[ (]:(?:(?:require|ensure|authenticate|authorize|authorise|verify|check|must_be)_\w*"
        rb"(?:admin|staff|superuser)\w*[!?]?|(?:admin|staff|superuser)_(?:only|required)!?)\)?\s*\Z"
    ),
)  # fmt: skip
