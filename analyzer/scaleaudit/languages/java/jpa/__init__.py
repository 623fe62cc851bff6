"""Object mappers of the JVM: entities, and the queries on them."""
