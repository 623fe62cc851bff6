"""What templates read of the rows that code hands to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import TemplateRead
from scaleaudit.languages.templates import blade, django, erb, haml, jbuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def steps(extract: Callable[[bytes], FileFacts], source: str) -> list[str]:
    """Each step as `kind name path` with its line, reads without their kind."""
    found = extract(source.encode())
    assert found.problem == ""
    told = []
    for fact in found.facts:
        assert isinstance(fact, TemplateRead)
        for step in fact.steps:
            words = [step.kind, step.name, step.path, *(f"{a}={b}" for a, b in step.given)]
            told.append(" ".join(word for word in words if word))
    return told


class TestErb:
    def test_pieces_that_say_nothing_open_blocks_all_the_same(self) -> None:
        source = """
<% @orders.each do |order| %>
  <% if urgent %>!<% end %>
  <% case kind %><% when 1 %>?<% end %>
  <%= order.customer.name %>
<% end %>
<%= @order.shop.name %>
"""
        assert steps(erb.extract, source) == [
            "each order @orders.each",
            "read order.customer.name",
            "end",
            "read @order.shop.name",
        ]

    def test_loops_and_what_is_read_in_them(self) -> None:
        source = """
<% if @orders.any? %>
  <% @orders.each do |order| %>
    <%= link_to order.customer.name, order_path(order) %>
    <% if order.paid? %>paid<% end %>
    <%= form_for order do |f| %><%= f.label %><% end %>
  <% end %>
<% end %>
<%= @order.customer.name %>
"""
        assert steps(erb.extract, source) == [
            "read @orders.any?",
            "each order @orders.each",
            "read order.customer.name",
            "read order.paid?",
            "end",
            "read @order.customer.name",
        ]

    def test_loops_on_one_line(self) -> None:
        source = "<%= order.lines.map { |line| line.product.name }.join(',') %><%= line.product %>"
        assert steps(erb.extract, source) == [
            "each line order.lines.map",
            "read line.product.name",
            "end",
            "read line.product",
        ]

    def test_a_method_by_its_symbol(self) -> None:
        assert steps(erb.extract, "<%= order.lines.map(&:product).to_sentence %>") == [
            "read order.lines.map.to_sentence",
            "each <item> order.lines.map",
            "read <item>.product",
            "end",
        ]

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("render @orders", "include-each @orders ="),
            ('render "row", order: o', "include row order=o"),
            ("render partial: 'row', collection: @orders", "include-each row @orders ="),
            (
                "render :partial => 'row', :collection => @orders, :as => :o",
                "include-each row @orders o=",
            ),
            ("render partial: 'a/row', locals: { order: o }", "include a/row order=o"),
            ("render partial: 'a/row', object: o", "include a/row row=o"),
        ],
    )
    def test_partials(self, code: str, expected: str) -> None:
        assert steps(erb.extract, f"<%= {code} %>") == [expected]

    def test_comments_and_text_are_no_code(self) -> None:
        assert steps(erb.extract, "<%# order.customer %> order.customer <%% a.b %>") == []


class TestHaml:
    def test_indentation_ends_a_loop(self) -> None:
        source = """
%table
  - @orders.each do |order|
    %tr{ id: order.key }
      %td= order.customer.name
      %td Of #{order.seller.name}
  %p= order.customer.name
"""
        assert [each for each in steps(haml.extract, source) if not each.startswith("with")] == [
            "each order @orders.each",
            "read order.key",
            "read order.customer.name",
            "read order.seller.name",
            "end",
            "read order.customer.name",
        ]

    def test_slim(self) -> None:
        source = (
            "- @orders.each do |order|\n  td = order.customer.name\np Text about order.customer\n"
        )
        assert [each for each in steps(haml.extract, source) if not each.startswith("with")] == [
            "each order @orders.each",
            "read order.customer.name",
            "end",
        ]


def test_jbuilder() -> None:
    source = """
json.orders @orders do |order|
  json.customer order.customer.name
  json.partial! "lines/line", line: order.line
end
json.array! @lines, partial: "lines/line", as: :line
"""
    assert steps(jbuilder.extract, source) == [
        "each order @orders",
        "read order.customer.name",
        "read order.line",
        "include lines/line line=order.line",
        "end",
        "include-each lines/line @lines line=",
    ]


@pytest.mark.parametrize(
    "extract", [erb.extract, haml.extract, jbuilder.extract, django.extract, blade.extract]
)
def test_hostile_templates_are_survived(extract: Callable[[bytes], FileFacts]) -> None:
    for content in (
        b"<%" * 20_000,
        b"<% a.each do |b| %>" * 3_000,
        b"- a.b(" + b"(" * 30_000,
        b"\xff\xfe\x00 {" * 3_000,
        b"a." * 40_000,
        b"  " * 20_000 + b"= a.b",
        b"{%" * 20_000,
        b"{{ a.b }}{% for a in b %}" * 3_000,
        b"{{ a" + b".b" * 30_000 + b" }}",
        b"@foreach ($a as $b)" * 3_000,
        b"$a" + b"->b(" * 20_000,
        b"{{--" * 10_000,
    ):
        assert len(extract(content).facts) <= 1


class TestDjango:
    def test_loops_and_what_is_read_in_them(self) -> None:
        source = """
{% load x %}{# order.comment #}
{% for order in orders %}
  {{ order.customer.name|default:"a.b" }}
  {% if order.paid and order.customer.vip %}x{% endif %}
  {% url "order.show" order.pk %}
{% empty %}
{% endfor %}
{% with first=orders.first %}{{ first.customer }}{% endwith %}
{% comment %}{{ order.hidden }}{% endcomment %}
{{ order.customer.name }}
"""
        assert steps(django.extract, source) == [
            "each order orders",
            "read order.customer.name",
            "read order.paid",
            "read order.customer.vip",
            "read order.pk",
            "end",
            "read orders.first",
            "with first orders.first",
            "read first.customer",
            "read order.customer.name",
        ]

    def test_includes_and_short_lists(self) -> None:
        source = """
{% include "shop/row.html" with order=shown.order %}
{% for order in orders|slice:":5" %}{{ order.customer }}{% endfor %}
{% for key, value in pairs.items %}{{ value.x }}{% endfor %}
"""
        assert steps(django.extract, source) == [
            "include shop/row.html order=shown.order",
            "each order <unknown>",
            "read order.customer",
            "end",
            "each key, value pairs.items",
            "read value.x",
            "end",
        ]


def test_blade() -> None:
    source = """
@foreach ($orders as $key => $order)
  {{ $order->customer?->name }} {!! $order->lines()->count() !!}
  @include('orders.row', ['line' => $order->line])
  {{-- $order->hidden->x --}}
@endforeach
@each('orders.row', $orders, 'order')
{{ $loop->index }}
"""
    assert steps(blade.extract, source) == [
        "each order orders",
        "read order.customer.name",
        "read order.lines().count()",
        "include orders.row line=order.line",
        "end",
        "include-each orders.row orders order=",
    ]
