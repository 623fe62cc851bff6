"""JPA: what loops, streams and transfer objects read of the entities that a repository gives."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ModelDefined, RowsVisited, ScopeDefined, TemplateRead, ViewRendered
from scaleaudit.languages import java

SERVICE = """
package shop;

class OrderService {
    private final OrderRepository orders;
    private final OrderMapper mapper;

    Object f(Pageable page, String state) {
        %s
    }

    OrderDto toDto(Order order) { return new OrderDto(order.getId(), order.getCustomer().getName()); }
}
"""
READ = "OrderRepository"


def visited(body: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    facts = java.extract((SERVICE % body).encode()).facts
    return [
        (fact.rows.model, fact.rows.scopes, [read.path for read in fact.reads])
        for fact in facts
        if isinstance(fact, RowsVisited)
    ]


@pytest.mark.parametrize(
    ("body", "method", "paths"),
    [
        (
            "for (Order o : orders.findByState(state)) { print(o.getCustomer().getName()); }",
            "findByState",
            ["customer.name"],
        ),
        ("orders.findAll().forEach(o -> print(o.getLines().size()));", "findAll", ["lines.size"]),
        (
            "return orders.findAll(page).map(o -> o.getCustomer().getRegion().getName());",
            "findAll",
            ["customer.region.name"],
        ),
        (
            "List<Order> found = orders.findAll();"
            " return found.stream().filter(x -> x.isPaid()).map(this::toDto).toList();",
            "findAll",
            ["customer.name"],
        ),
        (
            "for (final Order o : this.orders.findAll()) { for (Line l : o.getLines()) { l.x(); } }",
            "findAll",
            ["lines.[]"],
        ),
    ],
)
def test_what_is_read_of_each(body: str, method: str, paths: list[str]) -> None:
    assert visited(body) == [(READ, (f"{READ}.{method}",), paths)]


@pytest.mark.parametrize(
    "body",
    [
        "for (Order o : orders.findAll()) { print(o.getCustomer().getId(), o.getCustomer()); }",
        "for (Order o : orders.findAll(withCustomer())) { print(o.getCustomer().getName()); }",
        "for (Order o : open(orders.findAll())) { print(o.getCustomer().getName()); }",
        "for (Order o : others.findAll()) { print(o.getCustomer().getName()); }",
        "for (Order o : orders.findAll()) { print(other.getCustomer().getName()); }",
    ],
)
def test_what_loads_nothing_or_is_not_known(body: str) -> None:
    assert visited(body) == []


@pytest.mark.parametrize(
    ("made", "maker"),
    [
        ("OrderDto::new", "OrderDto"),
        ("OrderDto::from", "OrderDto#from"),
        ("mapper::toDto", "OrderMapper#toDto"),
        ("o -> new OrderDto(o)", "OrderDto"),
        ("o -> mapper.toDto(o)", "OrderMapper#toDto"),
    ],
)
def test_objects_that_are_made_of_each(made: str, maker: str) -> None:
    body = f"return orders.findByState(state).stream().sorted().map({made}).toList();"
    facts = java.extract((SERVICE % body).encode()).facts
    [view] = [fact for fact in facts if isinstance(fact, ViewRendered)]
    assert (view.view, view.in_list, view.rows.model) == (maker, True, READ)


def test_what_an_object_reads_of_the_entity_it_is_made_of() -> None:
    source = """
package shop;
public class OrderDto {
    public OrderDto(Order order) {
        this.customer = new CustomerDto(order.getCustomer());
        this.lines = Stream.ofNullable(order.getLines()).flatMap(l -> l.stream()).toList();
    }
    public static OrderDto from(final Order it) { return of(it.getCustomer().getName()); }
    public OrderDto(String name) { this.name = name.getBytes().length; }
    static Twice fromTwo(Order a) { return a.getCustomer().getName(); }
    static Twice fromTwo(Item a) { return a.getCustomer().getName(); }
}
"""
    facts = java.extract(source.encode()).facts
    made = {
        fact.name: [step.path for step in fact.steps]
        for fact in facts
        if isinstance(fact, TemplateRead)
    }
    assert made["OrderDto"] == ["it.customer.()", "it.lines.[]"]
    assert made["OrderDto#from"] == ["it.customer.name"]
    assert "OrderDto#fromTwo" not in made


def test_what_a_repository_loads_along() -> None:
    source = """
package shop;
interface OrderRepository extends JpaRepository<Order, Long> {
  List<Order> findByStateIn(List<String> s);
  List<Order> findByCustomerIdAndShop(long id, Shop shop);
  List<Order> findByBuyerOrSeller(User one, User other);
  @EntityGraph(attributePaths = {"customer", "lines.product"})
  List<Order> findByTotal(long t);
  @EntityGraph("Order.full")
  Page<Order> findByNumber(String n, Pageable p);
  @Query("select o from Order o left join fetch o.lines l join fetch l.product where o.x = 1")
  List<Order> full();
  Optional<Order> findByKey(String n);
  default List<Order> all() { return findAll(); }
  List<Order> findTop5ByState(String s);
}
"""
    facts = java.extract(source.encode()).facts
    assert {fact.name: fact.eager for fact in facts if isinstance(fact, ScopeDefined)} == {
        "OrderRepository.findByStateIn": (),
        # one customer and one shop for all rows
        "OrderRepository.findByCustomerIdAndShop": ("customer", "shop"),
        "OrderRepository.findByBuyerOrSeller": (),
        "OrderRepository.findByTotal": ("customer", "lines.product", "total"),
        "OrderRepository.findByNumber": ("*", "number"),
        "OrderRepository.full": ("lines", "lines.product"),
        "OrderRepository.findAll": (),
        "OrderRepository.findAllById": (),
    }


@pytest.mark.parametrize(
    ("annotations", "eager"),
    [
        ("@ManyToOne", True),
        ("@ManyToOne(fetch = FetchType.LAZY)", False),
        ("@ManyToOne(fetch = LAZY) @Fetch(FetchMode.SUBSELECT)", True),
        ('@OneToMany(mappedBy = "order")', False),
        ('@OneToMany(mappedBy = "order", fetch = FetchType.EAGER)', True),
        ('@OneToMany(mappedBy = "order") @BatchSize(size = 50)', True),
    ],
)
def test_which_associations_are_loaded_along(annotations: str, eager: bool) -> None:
    source = f"package shop;\nimport jakarta.persistence.*;\n@Entity\nclass Order {{ @Id Long id; {annotations} private Other other; }}\n"
    facts = java.extract(source.encode()).facts
    [model] = [fact for fact in facts if isinstance(fact, ModelDefined)]
    assert [each.eager for each in model.relations] == [eager]
