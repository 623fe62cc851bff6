"""SQLAlchemy with what is built on it (Flask-SQLAlchemy, SQLModel), and Alembic."""
