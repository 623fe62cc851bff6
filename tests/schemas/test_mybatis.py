"""Mapper files of MyBatis: what is known of each statement."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.file_kinds import EXTRACTORS, file_kinds
from scaleaudit.languages import java
from scaleaudit.schemas import mybatis

HEAD = '<?xml version="1.0"?>\n<mapper namespace="shop.OrderMapper">\n'


def queries(text: str) -> list[QueryFound]:
    found = mybatis.extract(f"{HEAD}{text}</mapper>".encode())
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def test_a_plain_statement() -> None:
    (query,) = queries(
        '<!-- <select id="old">SELECT 1 FROM gone</select>\n -->\n'
        '<select id="byCode" resultType="Order">\n'
        "  SELECT * FROM orders WHERE code = #{code, jdbcType=VARCHAR} AND total &gt; #{t} LIMIT 5\n"
        "</select>"
    )
    assert (query.scope, query.library, query.at.line) == ("OrderMapper.byCode", "mybatis", 6)
    assert (query.reads, query.partial, query.limited) == (("orders",), False, True)
    assert [(p.column, p.operator, p.constant) for p in query.predicates] == [
        ("code", "=", False),
        ("total", ">", False),
    ]


@pytest.mark.parametrize(
    ("body", "columns", "partial"),
    [
        ('select <include refid="all"/> from orders where a = #{a}', ["a"], False),
        ("select id from orders where a <![CDATA[ <= ]]> #{a}", ["a"], False),
        ("select id from orders <where>and a = #{a}</where>", ["a"], False),
        ("select id from orders <where></where>", [], False),
        (
            'select id from orders where a in <foreach open="(" close=")">#{x}</foreach>',
            ["a"],
            False,
        ),
        (
            'select id from orders <trim prefix="where" prefixOverrides="and|or">or a = 1</trim>',
            ["a"],
            False,
        ),
        ("select id from orders where a = #{a} order by ${sort}", ["a"], False),
        ("select id from orders where a = #{a} <sort/>", ["a"], True),
        ("select id from orders where a = #{a} ${more}", ["a"], True),
        ('select id from orders where <include refid="gone"/>', [], True),
    ],
)
def test_what_depends_on_parameters(body: str, columns: list[str], partial: bool) -> None:
    fragments = '<sql id="all">id, a, b</sql>'
    (query,) = queries(f'{fragments}<select id="x">{body}</select>')
    assert query.reads == ("orders",)
    assert [p.column for p in query.predicates] == columns
    assert query.partial is partial


def test_what_may_be_asked_for() -> None:
    """Each choice with all that always stands; the statement by itself is not the whole."""
    found = queries(
        '<sql id="rest"><if test="d != null">and d = #{d}</if></sql>'
        '<select id="x">\nselect id from orders where a = #{a}\n'
        '<if test="b != null">\n and b = #{b}\n<if test="c">and c &lt; #{c}</if></if>'
        '<choose><when test="e">and e = 1</when><otherwise>order by id</otherwise></choose>'
        '<include refid="rest"/> <if test="s">limit 5</if></select>'
    )
    assert [([p.column for p in q.predicates], q.partial) for q in found] == [
        (["a"], True),
        (["a", "b"], False),
        (["a", "b", "c"], False),
        (["a", "e"], False),
        (["a", "d"], False),
    ]
    assert [q.at.line for q in found] == [4, 5, 7, 7, 7]
    # How many rows it gives is not what a choice is about.
    assert [q.limited for q in found] == [False, True, True, True, True]


def test_choices_with_a_part_that_is_not_known() -> None:
    found = queries(
        '<select id="x">select id from orders <where><if test="a">and a = #{a} ${more}</if>'
        '<if test="from">and made_at &gt;= #{from} ${more}</if></where></select>'
    )
    assert [([p.column for p in q.predicates], q.offered, q.partial) for q in found[1:]] == [
        (["a"], False, True),
        (["made_at"], False, True),
    ]


def test_a_range_beside_an_equality_is_no_range() -> None:
    found = queries(
        '<select id="x">select id from orders where shop = #{shop}'
        '<if test="a">and made_at &gt; #{a}</if><if test="b">and made_at &gt; #{b} and b = #{b}</if></select>'
    )
    assert [(q.offered, q.partial) for q in found] == [(False, True), (True, True), (False, False)]


def test_statements_with_too_many_choices_are_told_without_them() -> None:
    def told(count: int) -> int:
        choices = "".join(f'<if test="a{n}">and a{n} = #{{a}}</if>' for n in range(count))
        return len(queries(f'<select id="x">select id from orders where b = 1 {choices}</select>'))

    assert told(40) == 41
    assert told(41) == 1
    columns = ", ".join(f"column_{n}" for n in range(2_000))
    assert queries(f'<select id="x">select {columns} from orders where a = #{{a}}</select>') == []


def test_from_one_day_to_another_is_what_every_form_offers() -> None:
    found = queries(
        '<select id="x">select id from orders <where><if test="a">and a = #{a}</if>'
        '<if test="from">and made_at &gt;= #{from}</if><if test="to">and made_at &lt; #{to}</if>'
        "</where></select>"
    )
    assert [([p.column for p in q.predicates], q.offered, q.partial) for q in found] == [
        ([], False, True),
        (["a"], False, False),
        (["made_at"], True, True),
        (["made_at"], True, True),
    ]


def test_what_may_be_written_is_not_what_is_asked() -> None:
    found = queries(
        '<update id="x">update orders <set><if test="a">a = #{a},</if>b = 1,</set> where id = #{id}</update>'
        '<update id="y">update orders <trim prefix="set" suffixOverrides=",">'
        '<if test="a">a = #{a},</if></trim> where code = #{c}</update>'
    )
    assert [([p.column for p in q.predicates], q.partial) for q in found] == [
        (["id"], False), (["code"], False),
    ]  # fmt: skip
    assert [q.writes for q in found] == [("orders",), ("orders",)]


def test_what_is_written() -> None:
    found = queries(
        '<insert id="add">insert into orders (a) values (#{a})</insert>'
        '<update id="set">update orders set a = #{a} where id = #{id}</update>'
        '<delete id="drop">delete from orders where a = #{a}</delete>'
    )
    assert [q.writes for q in found] == [("orders",)] * 3
    assert [q.inserts for q in found] == [("orders",), (), ()]


@pytest.mark.parametrize(
    "text",
    [
        "<select" * 30_000,
        '<select id="a">' * 30_000,
        "<!--" * 50_000,
        '<sql id="a"><include refid="a"/></sql><select id="b">select <include refid="a"/></select>',
        '<select id="a">' + "<include refid=" * 20_000 + "</select>",
        '<select id="a">' + "<if test='a'>" * 5_000 + "</select>",
        '<select id="a">' + "<where>" * 5_000 + "</select>",
        "<select/><select></select><selection>select 1 from t</selection>",
    ],
)
def test_hostile_text_gives_nothing_and_ends(text: str) -> None:
    assert queries(text) == []


def test_a_mapper_in_any_folder() -> None:
    text = b'<mapper namespace="shop.Orders"><select id="a">select 1 from t where b = 2</select></mapper>'
    kinds = {each.kind: each for each in EXTRACTORS}
    kind = file_kinds()("src/main/resources/sqlmaps/Orders.xml")
    assert kind is not None
    found = kinds[kind].extract(text)
    assert [fact.scope for fact in found.facts if isinstance(fact, QueryFound)] == ["Orders.a"]


def test_a_script_in_an_annotation() -> None:
    found = java.extract(
        dedent("""
        package shop;
        import org.apache.ibatis.annotations.Select;
        interface OrderMapper {
            @Select("<script>SELECT * FROM orders WHERE zone = #{zone}"
                + "<if test='ref != null'> AND ref = #{ref}</if></script>")
            List<Order> byZone(String zone, String ref);

            @Select({"<script>", "SELECT * FROM orders", "<where>", "<if test=\\"tag != null\\">tag = #{tag}</if>",
                "</where>", "ORDER BY placed", "</script>"})
            List<Order> byTag(String tag);
        }
        """).encode()
    )
    queries = [fact for fact in found.facts if isinstance(fact, QueryFound)]
    assert [(q.library, [p.column for p in q.predicates], q.partial) for q in queries] == [
        ("mybatis", ["zone"], True),
        ("mybatis", ["zone", "ref"], False),
        ("mybatis", ["placed"], True),
        ("mybatis", ["tag"], False),
    ]


def test_other_xml_is_none() -> None:
    assert mybatis.extract(b"<beans><select id='a'>select 1 from t</select></beans>").facts == ()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/main/resources/mapper/OrderMapper.xml", "mybatis"),
        ("src/main/java/shop/dao/OrderDao.xml", "mybatis"),
        ("src/main/resources/mappers/sub/Orders.xml", "mybatis"),
        ("src/main/resources/beans.xml", "xml"),
    ],
)
def test_which_files_are_mappers(path: str, kind: str | None) -> None:
    assert file_kinds()(path) == kind
