"""Filters of a list that are given or not, and scopes named like the framework's own methods."""

from __future__ import annotations

from tests.linking.models.test_php_models import LARAVEL, missing
from tests.linking.system import architecture

MODEL = """<?php
namespace App\\Models;
class Customer extends Model {
    public function scopeWherePhone($query, $phone) {
        return $query->where('phone', 'LIKE', '%'.$phone.'%');
    }
    public function scopeWhereOwn($query) { return $query->where('email', request('email')); }
    public function scopeGivenFilters($query, array $filters) {
        if ($filters['phone']) { $query->METHOD($filters['phone']); }
        if ($filters['id']) { $query->orWhere('id', $filters['id']); }
    }
}
"""


def missed(body: str, method: str = "whereShort") -> set[tuple[str, tuple[str, ...]]]:
    controller = (
        "<?php\nnamespace App\\Http\\Controllers;\nuse App\\Models\\Customer;\n"
        f"class CustomerController {{ public function run($x) {{ {body} }} }}\n"
    )
    files = {
        "composer.json": LARAVEL["composer.json"],
        "database/migrations/2024_01_01_000000_create.php": """<?php
        return new class extends Migration {
            public function up(): void {
                Schema::create('customers', function (Blueprint $table) {
                    $table->id();
                    $table->string('email')->index();
                    $table->string('phone');
                    $table->string('short');
                    $table->timestamps();
                });
            }
        };
        """,
        "app/Models/Customer.php": MODEL.replace("METHOD", method),
        "app/Http/Controllers/CustomerController.php": controller,
    }
    return missing(architecture(files))


def test_an_option_is_asked_with_what_the_chain_asks() -> None:
    alone = {("customers", ("short",))}
    assert missed("return call('givenFilters');") == alone  # nobody uses it in sight
    assert missed("return 1;") == set()  # nor names it
    assert missed("return Customer::givenFilters($x)->get();") == alone
    assert missed("return Customer::where('email', $x)->givenFilters($x)->get();") == set()
    # the order is that of the whole list, whatever it is narrowed by
    assert missed("return Customer::givenFilters($x)->latest()->paginate(5);") == {
        *alone,
        ("customers", ("created_at",)),
    }


def test_the_model_s_own_scope_stands_before_the_framework_s_dynamic_one() -> None:
    assert missed("return Customer::whereShort($x)->get();", "wherePhone") == {
        ("customers", ("short",))
    }
    assert missed("return Customer::wherePhone($x)->get();", "wherePhone") == set()


def test_a_chain_of_scopes_alone_is_a_query() -> None:
    """`scopeWhereOwn` is as sure as a method of the framework, which has `where` with any name."""
    assert (
        missed("$rows = Customer::whereOwn()->givenFilters($x); return new Rows($rows);") == set()
    )
    assert missed("return call('givenFilters');") == {("customers", ("short",))}
