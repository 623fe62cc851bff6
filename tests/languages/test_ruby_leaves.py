"""The innermost node at a byte, in trees of any depth."""

from __future__ import annotations

import pytest
import tree_sitter_ruby
from tree_sitter import Language, Parser

from scaleaudit.languages.ruby.leaves import MAX_DEPTH, is_deep, leaf_at

PARSER = Parser(Language(tree_sitter_ruby.language()))


@pytest.mark.parametrize("deep", [False, True])
def test_the_innermost_node(deep: bool) -> None:
    content = b"order.lines  .each { |line| line.ship }"
    root = PARSER.parse(content).root_node
    found = leaf_at(root, content.index(b"lines") + 2, deep=deep)
    assert found is not None
    assert (found.type, found.text) == ("identifier", b"lines")
    assert leaf_at(root, content.index(b"  .each"), deep=deep) is None


def test_a_tree_is_deep_where_some_node_is() -> None:
    many = b"a.b\n" * MAX_DEPTH
    assert not is_deep(PARSER.parse(many).root_node)
    assert not is_deep(PARSER.parse(many + b"a" + b".b" * (MAX_DEPTH - 3)).root_node)
    assert is_deep(PARSER.parse(many + b"a" + b".b" * MAX_DEPTH).root_node)


def test_nothing_is_looked_at_below_the_greatest_depth() -> None:
    content = b"a" + b".b" * (MAX_DEPTH + 10)
    root = PARSER.parse(content).root_node
    assert leaf_at(root, 0, deep=True) is None
    assert leaf_at(root, len(content) - 1, deep=True) is not None
