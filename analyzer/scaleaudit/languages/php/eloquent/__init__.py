"""Laravel's database layer: migrations, models, and the queries of models and of tables."""
