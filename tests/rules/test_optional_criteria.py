"""A search whose conditions JPA's criteria add one by one, each where it is given."""

from __future__ import annotations

from tests.rules.findings import find

SCHEMA = """
CREATE TABLE parcels (id bigint PRIMARY KEY, code varchar(40), weight bigint, sender_id bigint);
CREATE INDEX by_code ON parcels (code);
"""
PARCEL = """
package post;
import jakarta.persistence.*;
@Entity @Table(name = "parcels")
public class Parcel { @Id private Long id; private String code; private Long weight; private Long senderId; }
"""
FILTER = """
package post;
import jakarta.persistence.criteria.*;
import org.springframework.data.jpa.domain.Specification;
public class ParcelFilter implements Specification<Parcel> {
    @Override
    public Predicate toPredicate(Root<Parcel> root, CriteriaQuery<?> query, CriteriaBuilder cb) {
        var all = new ArrayList<Predicate>();
        if (code != null) { all.add(cb.equal(root.get("code"), code)); }
        if (sender != null) { all.add(cb.equal(root.get("senderId"), sender)); }
        return cb.and(all.toArray(new Predicate[0]));
    }
}
"""


def test_beside_a_condition_that_an_index_serves_it_is_milder() -> None:
    severities = []
    for text in (FILTER, FILTER.replace('"code"', '"weight"')):
        files = {"db/schema.sql": SCHEMA, "src/main/java/post/Parcel.java": PARCEL}
        found = find("unindexed-query", {**files, "src/main/java/post/ParcelFilter.java": text})
        severities += [str(e.severity) for e in found if e.subject == "parcels.sender_id"]
    assert severities == ["low", "medium"]
