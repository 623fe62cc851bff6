"""Routes that stand in files of their own, below what the file that takes them in says."""

from __future__ import annotations

import textwrap

from tests.linking.system import architecture


def paths(files: dict[str, str]) -> list[str]:
    texts = {name: textwrap.dedent(text) for name, text in files.items()}
    return sorted(f"{each.method} {each.path}" for each in architecture(texts).endpoints)


def test_parts_of_the_routes_of_rails() -> None:
    routes = """
        Rails.application.routes.draw do
          draw :open
          namespace :api do
            scope "v1" do
              draw(:orders)
            end
          end
        end
        """
    files = {
        "Gemfile": "gem 'rails'",
        "config/routes.rb": routes,
        "config/routes/orders.rb": "get 'orders/recent', to: 'orders#recent'\n",
        "config/routes/open.rb": "resources :shops, only: [:index]\n",
    }
    assert paths(files) == ["GET /api/v1/orders/recent", "GET /shops"]


def test_files_of_routes_that_the_api_of_laravel_takes_in() -> None:
    api = """
        <?php
        Route::prefix('v1')->group(function () {
            Route::get('/open', [Shop::class, 'show']);
            Route::prefix('users')->group(base_path('routes/users.php'));
        });
        """
    files = {
        "composer.json": '{"require": {"laravel/framework": "^10"}}',
        "routes/api.php": textwrap.dedent(api).strip(),
        "routes/users.php": "<?php\nRoute::post('/all', [User::class, 'make']);\n",
    }
    assert paths(files) == ["GET /api/v1/open", "POST /api/v1/users/all"]
