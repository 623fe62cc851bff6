"""Which changes of functions leave all answers that linking got as they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scaleaudit.architecture import Architecture, Site
from scaleaudit.asked_names import MANY, AskedNames, Asking, nearest, same_answers
from scaleaudit.facts import (
    Fact,
    FileFacts,
    ImportFound,
    NamedFunction,
    PackageDeclared,
    name_sign,
)
from scaleaudit.linking.facts_index import FactsIndex
from scaleaudit.source import Span

LINKING = Path(__file__).parents[1] / "analyzer/scaleaudit/linking"


def function(scope: str, *names: str, root: str = "", method: bool = False) -> NamedFunction:
    return NamedFunction(scope, b"".join(name_sign(n.encode()) for n in names), root, method)


OLD = (function("pay", "charge", "log_it"), function("Shop.close", "settle", method=True))
ASKED = Asking()
ASKED.names |= {"charge", "refund", "pay_all"}
ASKED.around = {"shop.py": {"Shop.close.inner"}, "other.py": {"pay"}}
TOLD = ASKED.told()
SAME = {
    "another call": (function("pay", "charge", "write_down"), OLD[1]),
    "a new function": (*OLD, function("ship", "pack")),
    "one that is called otherwise": (OLD[0], OLD[1], function("pay2")),
}
OTHER = {
    "a call that was asked for": (function("pay", "charge", "refund"), OLD[1]),
    "it is gone": (function("pay"), OLD[1]),
    "it stands elsewhere": (function("pay"), function("Shop.close", "charge", method=True)),
    "a function that was asked for": (*OLD, function("Shop.pay_all")),
    "another declaration around it": (OLD[0], function("Shop.close", "settle", root="job")),
    "nearer around it": (*OLD, function("Shop.close.inner")),
    "another declaration of who mentions it": (function("pay", "charge", root="job"), OLD[1]),
    "another order": (OLD[0], function("Shop.close", "charge"), function("x", "charge")),
    "another of the same name": (function("pay"), *OLD),
    "none any more": (),
    "none mentions anything": (function("pay"), function("Shop.close", method=True)),
    "very many names": (*OLD, function("ship", *(f"word_{n}" for n in range(MANY + 1)))),
}


@pytest.mark.parametrize("change", SAME)
def test_the_same_answers(change: str) -> None:
    assert same_answers(TOLD, "shop.py", OLD, SAME[change])
    assert not same_answers(AskedNames(), "shop.py", OLD, SAME[change])  # nothing is known
    assert not same_answers(AskedNames(whole=True), "shop.py", OLD, SAME[change])


@pytest.mark.parametrize("change", OTHER)
def test_other_answers(change: str) -> None:
    assert not same_answers(TOLD, "shop.py", OLD, OTHER[change])


def test_the_first_function_of_a_file_is_like_any_other() -> None:
    assert same_answers(TOLD, "shop.rb", (), (function("ship", "pack"),))
    assert not same_answers(TOLD, "shop.rb", (), (function("ship", "charge"),))
    assert not same_answers(TOLD, "shop.rb", (function("ship", "pack"),), (function("ship"),))
    assert not same_answers(TOLD, "other.py", (), (function("pay"),))
    assert same_answers(TOLD, "shop.py", (function("ship"),), (function("sail"),))


def test_where_nothing_is_mentioned_anywhere_all_is_asked() -> None:
    index = FactsIndex({"shop.py": FileFacts(functions=(function("pay"),))}, {})
    assert index.mentions.stands("charge")
    assert index.asking.told().whole


def test_a_listed_file_has_the_same_functions() -> None:
    asking = Asking()
    asking.listed.add("shop.py")
    assert same_answers(asking.told(), "shop.py", OLD, SAME["another call"])
    assert not same_answers(asking.told(), "shop.py", OLD, SAME["a new function"])
    assert same_answers(asking.told(), "other.py", OLD, SAME["a new function"])


def test_classes_stay_and_their_methods_may_not() -> None:
    asking = Asking()
    asking.classes.add("shop.java")
    told = asking.told()
    old = (function("Shop."), function("Shop.close", "settle"), function("Shop.open", root="job"))
    assert same_answers(told, "shop.java", old, (*old, function("Shop.more")))
    assert not same_answers(told, "shop.java", old, (*old, function("Till.open")))
    assert not same_answers(told, "shop.java", old, (*old, function("Shop.")))
    assert not same_answers(told, "shop.java", old, old[:0])
    assert not same_answers(told, "shop.java", old, (*old[:2], function("Shop.open"), old[2]))


def test_the_nearest_scope_is_known() -> None:
    known = {"a": 1, "a.b": 2}
    scopes = ("a.b.c", "a#b", "a.c", "c.a")
    assert [nearest(known, scope) for scope in scopes] == [2, 2, 1, None]


def test_who_takes_all_functions_has_asked_everything() -> None:
    index = FactsIndex({"shop.py": FileFacts(functions=OLD)}, {})
    assert not index.asking.told().whole
    assert dict(index.functions) == {"shop.py": OLD}
    assert index.asking.told().whole


def test_that_a_file_has_functions_is_asked() -> None:
    index = FactsIndex({"shop.py": FileFacts(functions=OLD)}, {})
    assert [index.has_functions(path) for path in ("shop.py", "till.ts")] == [True, False]
    told = index.asking.told()
    assert not told.whole
    assert not same_answers(told, "till.ts", (), (function("ship", "pack"),))


def test_nobody_takes_functions_past_the_index() -> None:
    """The facts of files go through linking as well, and functions in them would be taken unseen."""
    taking = [
        path.name
        for path in LINKING.rglob("*.py")
        if re.search(r"\.functions\b", path.read_text(encoding="utf-8"))
    ]
    assert taking == ["facts_index.py"]


def test_who_takes_all_imports_has_asked_everything() -> None:
    of_library = ImportFound(Span(1), "json")
    index = FactsIndex({"shop.py": FileFacts((of_library,))}, {})
    assert index.importing("yaml".__eq__) == []
    assert index.imports_of("shop.py") == [of_library]
    assert not index.asking.told().facts.whole
    assert index.of(ImportFound) == [("shop.py", of_library)]
    assert index.asking.told().facts.whole
    other = FactsIndex({"shop.py": FileFacts((of_library,))}, {})
    assert other.facts_of("shop.py", ImportFound) == [of_library]
    assert other.asking.told().facts.whole


def test_names_that_were_looked_for_are_no_librarys() -> None:
    """Whether they were found or not: only what nobody wanted may come and go."""
    facts = (ImportFound(Span(1), "json"), ImportFound(Span(2), "yaml"))
    index = FactsIndex({"shop.py": FileFacts(facts)}, {})
    assert [fact for _, fact in index.importing("yaml".__eq__)] == [facts[1]]
    assert index.is_imported("json")
    assert not index.is_imported("celery")
    assert index.asking.modules == {"yaml", "json", "celery"}


def test_versions_are_for_who_asks() -> None:
    unit = PackageDeclared(Span(1), "shop", "npm", (("uuid", "^9"),), for_modules=(("a:b", "1"),))
    index = FactsIndex({"package.json": FileFacts((unit,))}, {})
    [(_, shown)] = index.of(PackageDeclared)
    assert (shown.dependencies, shown.for_modules) == ((("uuid", ""),), (("a:b", ""),))
    assert list(index.as_written()) == [[("package.json", unit)]]
    assert not index.asking.told().facts.versions
    assert index.packages_with_versions == [("package.json", unit)]
    assert index.asking.told().facts.versions


def test_a_rule_that_looks_at_versions_has_asked_for_them() -> None:
    unit = PackageDeclared(Span(1), "shop", "npm", (("uuid", "^9"),))
    site: Site[Fact] = Site(unit, unit.at.in_file("package.json"))
    graph = Architecture((), (), sites=[site], asked=Asking().told())
    assert [each.fact.dependencies for each in graph.packages] == [(("uuid", ""),)]
    assert not graph.asked.facts.versions
    assert list(graph.sites(PackageDeclared)) == [site]
    assert graph.asked.facts.versions


def test_who_takes_imports_by_question_is_known() -> None:
    """A library's import must say nothing to them: neither by its name nor by its place."""
    taking = {
        path.stem
        for path in LINKING.rglob("*.py")
        if re.search(r"\.(imports_by_question|imports_of|modules_by_question)\b", path.read_text())
    }
    assert taking == {
        "barrels",
        "facts_index",
        "folders",
        "go_files",
        "handed_exports",
        "libraries_imported",
        "manual_runs",
        "modules",
        "mounted_routers",
        "named_classes",
        "python_modules",
        "state",
        "units",
    }
