"""Words of settings modules, and what they mean."""

# Last part of Django's database ENGINE.
ENGINES = {
    "postgresql": "postgresql",
    "postgresql_psycopg2": "postgresql",
    "postgis": "postgresql",
    "mysql": "mysql",
    "sqlite3": "sqlite",
    "spatialite": "sqlite",
    "oracle": "oracle",
    "mssql": "sqlserver",
    "django_cockroachdb": "postgresql",
}

# A word of a cache BACKEND -> technology; "file" is no store but a folder.
CACHES = (
    ("locmem", "locmem"),
    ("redis", "redis"),
    ("valkey", "redis"),
    ("memcache", "memcached"),
    ("filebased", "file"),
)

# Last part of Django's SESSION_ENGINE -> where sessions live.
SESSION_ENGINES = {
    "db": "database",
    "cached_db": "database",
    "cache": "cache",
    "file": "file",
    "signed_cookies": "cookie",
}

# Flask-Session's SESSION_TYPE.
SESSION_TYPES = {
    "redis": "cache",
    "memcached": "cache",
    "dynamodb": "database",
    "mongodb": "database",
    "sqlalchemy": "database",
    "filesystem": "file",
    "cachelib": "file",
}

# A word of a storage BACKEND -> technology; "file" is the local file system.
FILE_STORAGES = (
    ("filesystemstorage", "file"),
    ("s3", "s3"),
    ("gcloud", "gcs"),
    ("azure", "azure-blob"),
)

# The setting that names the bucket, of django-storages.
BUCKETS = {
    "s3": "AWS_STORAGE_BUCKET_NAME",
    "gcs": "GS_BUCKET_NAME",
    "azure-blob": "AZURE_CONTAINER",
}

# Settings that hold a connection URL -> technology ("" when the URL tells) and library.
ADDRESS_SETTINGS = {
    "SQLALCHEMY_DATABASE_URI": ("", "flask-sqlalchemy"),
    "SQLALCHEMY_DATABASE_URL": ("", "sqlalchemy"),
    "CELERY_BROKER_URL": ("", "celery"),
    "CELERY_RESULT_BACKEND": ("", "celery"),
    "BROKER_URL": ("", "celery"),
    "MONGO_URI": ("mongodb", "flask-pymongo"),
    "MONGODB_HOST": ("mongodb", "flask-mongoengine"),
    "CACHE_REDIS_URL": ("redis", "flask-caching"),
    "RQ_REDIS_URL": ("redis", "flask-rq"),
}

# The same of Flask's extensions, whose settings hold a host alone.
HOST_SETTINGS = {
    "MYSQL_HOST": ("mysql", "flask-mysqldb"),
    "MYSQL_DATABASE_HOST": ("mysql", "flask-mysql"),
}
