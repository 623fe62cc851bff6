"""Queries that frameworks of PHP make of declarations: rules, routes, filters; and Doctrine's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.linking.models.test_php_models import LARAVEL, SYMFONY, missing
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture


def columns(found: Architecture, path: str) -> set[tuple[str, str, bool]]:
    """What the queries of a file ask: text, column, and whether a part of them is unknown."""
    return {
        (predicate.table, predicate.column, site.fact.partial)
        for site in found.sites(QueryFound)
        if site.at.path == path
        for predicate in site.fact.predicates
    }


def test_rules_of_validation_and_keys_of_routes() -> None:
    rules = """<?php
        namespace App\\Http\\Requests;
        use App\\Models\\Order;
        use Illuminate\\Validation\\Rule;
        class StoreOrder extends FormRequest {
            public function rules() { return [
                'phone' => 'required|unique:customers|max:20',
                'mail' => ['required', 'exists:pgsql.customers,email'],
                'reference' => ['required', Rule::unique(Order::class)->ignore($this->id)],
                'lines.*.label' => [Rule::exists('tags', 'label')->where(fn ($q) => $q->where('x', 1))],
                'customer' => 'exists:customers,id',
                'other' => "unique:{$table},label",
            ]; }
        }"""
    tag = """<?php
        namespace App\\Models;
        class Tag extends Model { public function getRouteKeyName(): string { return 'label'; } }"""
    path = "app/Http/Requests/StoreOrder.php"
    found = architecture({**LARAVEL, path: rules, "app/Models/Tag.php": tag})
    assert columns(found, path) == {
        ("customers", "phone", False),
        ("customers", "email", False),
        ("orders", "reference", False),  # of the table itself, rows that are gone and all
        ("tags", "label", True),
    }
    assert ("tags", "label", False) in columns(found, "app/Models/Tag.php")
    assert {("customers", ("phone",)), ("tags", ("label",))} <= missing(found)
    assert ("customers", ("email",)) not in missing(found)


def test_rules_of_validation_with_documents_and_further_columns() -> None:
    source = """<?php
        namespace App\\Http\\Requests;
        use Illuminate\\Support\\Facades\\DB;
        use Illuminate\\Validation\\Rule;
        class StoreCustomer extends FormRequest {
            public function rules() {
                DB::table('customers')->where('notes->cities->home', $city)->first();
                return [
                    'a' => 'unique:customers,notes->city',
                    'b' => "unique:customers,notes->{$key}",
                    'c' => ['unique:customers,phone,NULL,id,shop_id,' . $shop->id],
                    'd' => 'exists:customers,mail,gone_at,NULL,kind,!guest|max:9',
                    'e' => [Rule::unique('customers', 'notes->town')],
                    'city' => 'required|unique:customers,NULL,' . ($id ?? 'null') . ',id,shop_id,' . $shop . ',gone_at,NULL',
                    'zip' => 'unique:customers,zip,' . $id . '|exists:towns,zip,kind,' . $kind,
                ];
            }
        }"""
    path = "app/Http/Requests/StoreCustomer.php"
    found = architecture({**LARAVEL, path: source})
    asked = [
        [(p.column, p.function, p.operator, p.constant) for p in site.fact.predicates]
        for site in found.sites(QueryFound)
        if site.at.path == path
    ]
    assert sorted(asked) == [
        [("city", "", "=", False), ("shop_id", "", "=", False), ("gone_at", "", "is-null", False)],
        [("mail", "", "=", False), ("gone_at", "", "is-null", False), ("kind", "", "!=", True)],
        [("notes", "->", "=", False)],
        [("notes", "->cities.home", "=", False)],
        [("notes", "->city", "=", False)],
        [("notes", "->town", "=", False)],
        [("phone", "", "=", False), ("shop_id", "", "=", False)],
        [("zip", "", "=", False)],
        [("zip", "", "=", False), ("kind", "", "=", False)],
    ]


def test_symfony_looks_up_what_nobody_calls() -> None:
    guest = """<?php
        namespace App\\Entity;
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity]
        #[UniqueEntity(fields: ['mail'])]
        #[ApiFilter(SearchFilter::class, properties: ['city' => 'exact', 'note' => 'partial', 'room.doorCode' => 'exact'])]
        class Guest {
            #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null;
            #[ORM\\Column] private string $mail;
            #[ORM\\Column] private string $city;
            #[ORM\\Column] private string $note;
            #[ORM\\Column] private string $slug;
            #[ORM\\ManyToOne(targetEntity: Room::class)] private Room $room;
        }"""
    controller = """<?php
        namespace App\\Controller;
        use App\\Entity\\Guest;
        use App\\Entity\\Room;
        use App\\Repository\\BookingRepository;
        use Doctrine\\ORM\\EntityManagerInterface;
        class Front {
            #[Route('/guests/{slug}')]
            public function one(Guest $guest, BookingRepository $bookings) {}
            #[Route('/own/{slug}')]
            public function own(string $slug, Guest $guest) {}
            #[Route('/rooms/{doorCode:room}')]
            public function room(Room $room) {}
            #[Route('/key/{slug}')]
            public function key(Guest $slug) {}
            #[Route('/page/{page}')]
            public function page(Guest $guest) {}
            #[Route('/by/{code}/{x}')]
            public function by(#[MapEntity(mapping: ['code' => 'mail'])] Guest $guest, $x) {}
        }"""
    path = "src/Controller/Front.php"
    found = architecture({**SYMFONY, "src/Entity/Guest.php": guest, path: controller})
    assert columns(found, path) == {
        ("guest", "slug", False),
        ("guest", "mail", False),
        ("room", "door_code", False),
    }
    texts = {site.fact.text for site in found.sites(QueryFound) if site.at.path == path}
    assert "Guest $slug" not in texts  # found by its key
    declared = columns(found, "src/Entity/Guest.php")
    # What clients of a list may filter by, each of them a query if anybody does.
    offered = {("guest", "city", True), ("guest", "note", True), ("room", "door_code", True)}
    assert offered | {("guest", "mail", False)} <= declared
    assert all(site.fact.offered == site.fact.partial for site in found.sites(QueryFound))
    assert {("guest", ("mail",)), ("guest", ("slug",))} <= missing(found)
    assert ("guest", ("note",)) not in missing(found)


def test_columns_are_called_as_attributes_where_indexes_show_it() -> None:
    room = """<?php
        namespace App\\Entity;
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity]
        #[ORM\\Index(columns: ['%s'])]
        class Room {
            #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null;
            #[ORM\\Column(length: 20)] private string $doorCode;
            #[ORM\\Column(length: 20)] private string $wingName;
        }"""
    for index, spelled in (("wingName", "doorCode"), ("wing_name", "door_code")):
        found = architecture({**SYMFONY, "src/Entity/Room.php": room % index})
        assert ("room", (spelled,)) in missing(found)
        names = {column.name for column in found.schema.tables["room"].columns}
        assert names == {"id", index, spelled}


def test_a_class_of_a_library_is_no_model_of_that_name() -> None:
    source = """<?php
        namespace App\\Payments;
        use {}\\Customer;
        class Gate {{ public function all() {{ return Customer::where('email', 'x')->get(); }} }}"""
    path = "app/Payments/Gate.php"
    own = architecture({**LARAVEL, path: source.format("App\\Models")})
    assert columns(own, path) == {("customers", "email", False)}
    assert columns(architecture({**LARAVEL, path: source.format("Stripe")}), path) == set()
