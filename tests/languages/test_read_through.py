"""Java, Kotlin and C#: what a cache answers is asked seldom."""

from __future__ import annotations

import pytest

from scaleaudit.facts import OrmQuery, QueryFound
from scaleaudit.languages.csharp import extract as extract_csharp
from scaleaudit.languages.java import extract as extract_java
from scaleaudit.languages.kotlin import extract as extract_kotlin

ASKED = "_db.Tariffs.Where(t => t.Zone == zone).ToListAsync()"


@pytest.mark.parametrize(
    ("body", "seldom"),
    [
        (f"return await _cache.GetOrCreateAsync(key, async entry => await {ASKED});", True),
        (f"return await _tariffs.GetOrSetAsync<List<Tariff>>(Key(zone), async ct => {{ return await {ASKED}; }});", True),
        (f"return await cacheManager.GetAsync(key, async () => await {ASKED});", True),
        (
            "if (_memoryCache.TryGetValue(key, out List<Tariff> known)) return known;"
            f" var found = await {ASKED}; _memoryCache.Set(key, found); return found;",
            True,
        ),
        (f"var found = await {ASKED}; _memoryCache.Set(key, found); return found;", False),
        (f"_cache.Remove(key); return await {ASKED};", False),
        (f"return await _orders.Remember(key, async () => await {ASKED}); /* no cache */", False),
        (f"return await _cache.RunAsync(async () => await {ASKED});", False),
        (f"return await _cache.GetAsync(key, delegate {{ return {ASKED}; }});", True),
        (f"var found = await {ASKED}; return _cache.TryGetValue(key, out var known) ? known : found;", False),
        (f"return await {ASKED}.ContinueWith(each => _cache.GetAsync(key));", False),
        (f"return await _retry.GetAsync(_cacheKey, async () => await {ASKED});", False),
    ],
)  # fmt: skip
def test_csharp(body: str, seldom: bool) -> None:
    source = f"class Tariffs {{ async Task<List<Tariff>> For(string zone) {{ {body} }} }}"
    found = extract_csharp(source.encode())
    (query,) = [fact for fact in found.facts if isinstance(fact, OrmQuery)]
    assert query.seldom is seldom


def test_csharp_statements_and_answers_kept_whole() -> None:
    source = """
    class Tariffs {
        [OutputCache(Duration = 60)]
        public object All() { return _db.Tariffs.Where(t => t.Zone == "a").ToList(); }
        public object Sums() {
            return _cache.GetOrCreate("sums", e => _connection.Query("SELECT * FROM tariffs WHERE zone = 1"));
        }
    }
    """
    asked = [
        fact
        for fact in extract_csharp(source.encode()).facts
        if isinstance(fact, OrmQuery | QueryFound)
    ]
    assert [fact.seldom for fact in asked] == [True, True]


JPQL = 'em.createQuery("select t from Tariff t where t.zone = :zone", Tariff.class).getResultList()'


@pytest.mark.parametrize(
    ("method", "seldom"),
    [
        (f"List<Tariff> of(String zone) {{ return cache.get(zone, key -> {JPQL}); }}", True),
        (f'@Cacheable("tariffs")\n List<Tariff> of(String zone) {{ return {JPQL}; }}', True),
        (f"List<Tariff> of(String zone) {{ return {JPQL}; }}", False),
        (f"@CacheEvict(\"tariffs\")\n List<Tariff> of(String zone) {{ return {JPQL}; }}", False),
        (
            "List<Tariff> of(String zone) { var known = tariffCache.getIfPresent(zone);"
            f" if (known == null) {{ known = {JPQL}; tariffCache.put(zone, known); }} return known; }}",
            True,
        ),
        (f"@Cached\n List<Tariff> of(String zone) {{ return {JPQL}; }}", True),
        (
            "Object one(String zone) { return tariffCache.get(zone); }"
            f" List<Tariff> of(String zone) {{ return {JPQL}; }}"
            " void keep(Object known) { tariffCache.put(zone, known); }",
            False,
        ),
        (f"List<Tariff> of(String zone) {{ return byZone.computeIfAbsent(zone, z -> {JPQL}); }} Cache<A, B> cache;", False),
    ],
)  # fmt: skip
def test_java(method: str, seldom: bool) -> None:
    head = "package shop;\nimport jakarta.persistence.*;\n"
    found = extract_java(f"{head}class Tariffs {{ EntityManager em; {method} }}".encode())
    asked = [fact for fact in found.facts if isinstance(fact, OrmQuery | QueryFound)]
    assert [fact.seldom for fact in asked] == [seldom]


def test_java_a_loader_of_a_cache() -> None:
    source = f"""
    package shop;
    import jakarta.persistence.*;
    class Tariffs {{
        EntityManager em;
        LoadingCache<String, List<Tariff>> byZone = CacheBuilder.newBuilder().maximumSize(9).build(
            new CacheLoader<String, List<Tariff>>() {{
                public List<Tariff> load(String zone) {{ return {JPQL}; }}
            }});
        LoadingCache<String, List<Tariff>> other = Caffeine.newBuilder().maximumSize(9).build(zone -> {JPQL});
    }}
    """
    asked = [fact for fact in extract_java(source.encode()).facts if isinstance(fact, OrmQuery)]
    assert [fact.seldom for fact in asked] == [True, True]


@pytest.mark.parametrize(
    ("body", "seldom"),
    [
        ("return cache.get(zone) { session.list(queryOf(SQL)) }", True),
        ('return zoneCache.getOrPut("a", { session.list(queryOf(SQL)) })', True),
        ("return session.list(queryOf(SQL))", False),
        ("return db.transaction(cache) { session.list(queryOf(SQL)) }", False),
    ],
)
def test_kotlin(body: str, seldom: bool) -> None:
    text = '"select id, name from tariffs where zone = 1"'
    source = f"package shop\n\nclass Tariffs {{\n fun of(zone: String): Any {{\n {body.replace('SQL', text)}\n }}\n}}"
    found = extract_kotlin(source.encode())
    asked = [fact for fact in found.facts if isinstance(fact, QueryFound)]
    assert [fact.seldom for fact in asked] == [seldom]
