"""GraphQL: which functions answer a field of each object, by library."""

from __future__ import annotations

import pytest

from scaleaudit.facts import FieldResolved
from scaleaudit.languages import csharp, go, java, javascript, kotlin, python, ruby
from scaleaudit.languages.javascript import typescript

GRAPHENE = """
import graphene

class OrderType(DjangoObjectType):
    def resolve_customer(root, info):
        return find(root.customer_id)

class Query(graphene.ObjectType):
    def resolve_orders(root, info):
        return all()

class OrderCreatePayload(graphene.ObjectType):
    def resolve_order(root, info):
        return 1

class Plain(Base):
    def resolve_address(self, host):
        return host
"""
ARIADNE = """
from ariadne import ObjectType, QueryType

query = ObjectType("Query")
order = ObjectType("Order")

@query.field("orders")
def orders(_, info):
    return all()

@order.field("customer")
@cached
async def customer(order, info):
    return find(order["customer_id"])
"""
STRAWBERRY = """
import strawberry

@strawberry.type
class Order:
    @strawberry.field
    def customer(self) -> "Customer":
        return find(self.customer_id)

@strawberry.type
class Query:
    @strawberry.field
    def orders(self) -> list[Order]:
        return all()
"""
GRAPHQL_RUBY = """
module Types
  class OrderType < Types::BaseObject
    field :id, ID
    field :customer, Types::CustomerType, null: false

    def customer
      Customer.find_by(id: object.customer_id)
    end

    def helper
      1
    end
  end
end
"""
NO_TYPE = """
class Order < ApplicationRecord
  field :customer
  def customer
    1
  end
end
"""
MAP = """
const resolvers = {
  Query: { orders: (root, args) => all() },
  Date: new GraphQLScalarType({ name: 'Date' }),
  Order: {
    __resolveType(order) { return 'Order'; },
    customer: async (order, args, ctx) => ctx.db.find(order.customerId),
    async lines(order) { return []; },
    shown: () => true,
    id: 'x',
  },
};
"""
WITHOUT_THE_WORD = (
    "module.exports = { Mutation: { add(a) {} }, Page: { tags(page) { return 1; } } };"
)
TYPED = """
export const Order: OrderResolvers<Context> = {
  customer: (order) => db.customer.find(order.customerId),
};
"""
GRAPHQL_JS = """
const Order = new GraphQLObjectType({
  name: 'Order',
  fields: () => ({
    customer: { type: Customer, resolve(order) { return find(order.customerId); } },
    total: { type: GraphQLInt, resolve: async (order) => sum(order.id) },
  }),
});
const Query = new GraphQLObjectType({ name: 'Query', fields: { orders: { resolve() { return all(); } } } });
promise.resolve(1);
"""
NEST = """
import { Resolver, ResolveField, Query } from '@nestjs/graphql';

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => [Order])
  orders() { return all(); }

  @ResolveField(() => Customer)
  async customer(@Parent() order: Order) { return this.customers.find(order.customerId); }
}
"""
GQLGEN = """
package graph

func (r *orderResolver) Customer(ctx context.Context, obj *model.Order) (*model.Customer, error) {
	return r.Store.Customer(ctx, obj.CustomerID)
}

func (r *queryResolver) Orders(ctx context.Context) ([]*model.Order, error) {
	return nil, nil
}
"""
HOT_CHOCOLATE = """
public class OrderExtensions {
  public async Task<Customer> GetCustomerAsync([Parent] Order order, ShopContext db) => await db.Find(order.CustomerId);
  public Task<List<Order>> GetOrders(ShopContext db) => db.All();
}
"""
SPRING = """
package shop;
import org.springframework.graphql.data.method.annotation.*;

@Controller
class OrderController {
  @SchemaMapping
  Customer customer(Order order) { return customers.find(order.customerId); }

  @SchemaMapping(typeName = "Query")
  List<Order> orders() { return all(); }

  @SchemaMapping
  List<Order> search(@Argument String text) { return all(); }

  @BatchMapping
  Map<Order, Customer> customers(List<Order> orders) { return all(); }
}
"""
DGS = """
package shop
import com.netflix.graphql.dgs.DgsData

class OrderFetcher {
  @DgsData(parentType = "Order", field = "customer")
  fun customer(env: DgsDataFetchingEnvironment): Customer = find(env)
}
"""


@pytest.mark.parametrize(
    ("extractor", "source", "expected"),
    [
        (python, GRAPHENE, [("Order", "customer")]),
        (python, ARIADNE, [("Order", "customer")]),
        (python, STRAWBERRY, [("Order", "customer")]),
        (ruby, GRAPHQL_RUBY, [("Order", "customer")]),
        (ruby, NO_TYPE, []),
        (javascript, MAP, [("Order", "customer"), ("Order", "lines")]),
        (javascript, WITHOUT_THE_WORD, [("Page", "tags")]),
        (typescript, TYPED, [("Order", "customer")]),
        (javascript, GRAPHQL_JS, [("Order", "customer"), ("Order", "total")]),
        (typescript, NEST, [("Order", "customer")]),
        (go, GQLGEN, [("Order", "Customer")]),
        (csharp, HOT_CHOCOLATE, [("Order", "customer")]),
        (java, SPRING, [("Order", "customer")]),
        (kotlin, DGS, [("Order", "customer")]),
    ],
)
def test_functions_that_answer_a_field(
    extractor: object, source: str, expected: list[tuple[str, str]]
) -> None:
    found = extractor.extract(source.encode()).facts  # type: ignore[attr-defined]
    fields = [fact for fact in found if isinstance(fact, FieldResolved)]
    assert [(fact.parent, fact.field) for fact in fields] == expected


def test_the_whole_function_is_told() -> None:
    facts = python.extract(GRAPHENE.encode()).facts
    [field] = [fact for fact in facts if isinstance(fact, FieldResolved)]
    assert (field.at.line, field.at.end_line) == (5, 6)
