"""Builders of queries that get parts under conditions, arrays of criteria, and words without case."""

from __future__ import annotations

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.php import extract

DOCTRINE = (
    "<?php\nnamespace App;\nuse Doctrine\\ORM\\EntityManagerInterface;\nclass Shop {\n%s\n}\n"
)


def asked(body: str) -> list[tuple[list[tuple[str, str]], bool]]:
    """Of each query the paths with their operators, and whether a part of it is unknown."""
    facts = extract((DOCTRINE % body).encode()).facts
    return [
        ([(c.path, c.operator) for c in fact.conditions], fact.partial)
        for fact in facts
        if isinstance(fact, OrmQuery)
    ]


def test_a_comment_ends_no_builder() -> None:
    found = asked("""function f(EntityManagerInterface $em, $a) {
        $qb = $em->createQueryBuilder()->select('o')->from(Order::class, 'o')->where('o.closed = 0');
        if ($a['month']) {
            // $qb->andWhere('o.month = :m');
        }
        if ($a['phone']) { $qb->andWhere('o.phone = :phone'); }
        return $qb->getQuery()->getResult();
    }""")
    assert found == [
        ([("closed", "=")], False),
        ([("closed", "="), ("phone", "=")], False),
    ]


def test_optional_parts_stand_alone_where_nothing_else_is_asked() -> None:
    found = asked("""function f(EntityManagerInterface $em, $a) {
        $qb = $em->createQueryBuilder()->select('o')->from(Order::class, 'o');
        if ($a['phone']) { $qb->andWhere('o.phone = :phone'); }
        if ($a['name']) {
            $qb->andWhere('o.name = :name');
            if ($a['city']) { $qb->andWhere('o.city = :city'); }
            $qb->andWhere('o.street = :street');
        }
        return $qb->getQuery()->getResult();
    }""")
    assert found == [
        ([], True),  # hardly ever asked
        ([("phone", "=")], False),
        ([("name", "="), ("street", "=")], False),
        ([("name", "="), ("city", "=")], False),
    ]


def test_one_arm_of_a_choice_is_always_there() -> None:
    found = asked("""function f(EntityManagerInterface $em, $a) {
        $qb = $em->createQueryBuilder()->select('o')->from(Order::class, 'o')->where('o.kind = :k');
        if ($a) { $qb->andWhere('o.phone = :phone'); } else { $qb->andWhere('o.name = :name'); }
        return $qb->getQuery()->getResult();
    }""")
    assert found == [
        ([("kind", "=")], True),
        ([("kind", "="), ("phone", "=")], False),
        ([("kind", "="), ("name", "=")], False),
    ]


def test_arrays_of_criteria_in_variables() -> None:
    found = asked("""
    function f(OrderRepository $orders, $s) {
        $condition = array('number' => $x);
        $condition['shop'] = $shop;
        if ($s) { $condition += array('state' => $s); }
        return $orders->findOneBy($condition);
    }
    function g(OrderRepository $orders, array $criteria) { return $orders->findBy($criteria); }
    function h(OrderRepository $orders, $column) {
        $criteria = [];
        $criteria[$column] = 1;
        return $orders->findBy($criteria);
    }""")
    assert found == [
        ([("number", "="), ("shop", "=")], False),
        ([("number", "="), ("shop", "="), ("state", "=")], False),
        ([], True),
        ([], True),
    ]


def test_methods_know_no_case_and_classes_are_told_apart_by_a_column() -> None:
    found = asked("""function f(EntityManagerInterface $em, $ids) {
        $qb = $em->createQueryBuilder()->select('l')->from(Log::class, 'l')
            ->where('l INSTANCE OF :kind')->andWhere('l.a = :a AND l NOT INSTANCE OF App\\Entity\\Old')
            ->andWhere($qb->expr()->In('l.user', $ids));
        return $qb->getQuery()->getResult();
    }""")
    kinds = [("instanceOf", "="), ("a", "="), ("instanceOf", "!="), ("user", "in")]
    assert found == [(kinds, False)]


def test_rows_that_managers_keep() -> None:
    facts = extract(
        b"""<?php
        namespace App\\Manager;
        use App\\Entity\\Visit;
        class Visits {
            function a($u) { $visit = (new Visit())->setUser($u)->setKind(1); $this->save($visit); }
            function b() { $c = Candidate::nominate(1, 2); $this->candidates->merge($c); }
            function c($parent) { $l = new Line(); $parent->addLine($l); $z = $this->found(); $this->save($z); }
        }"""
    ).facts
    rows = [fact.model for fact in facts if isinstance(fact, OrmQuery) and fact.inserts]
    assert rows == ["App.Entity.Visit", "App.Manager.Candidate", "App.Manager.Line"]
