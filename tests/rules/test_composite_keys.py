"""Foreign keys of several columns, which are looked for and indexed together."""

from __future__ import annotations

from tests.rules.findings import find
from tests.written import written

from scaleaudit.scan import scan

SCHEMA = """
CREATE TABLE depots (
    branch_id bigint NOT NULL, id bigint NOT NULL, code text NOT NULL,
    PRIMARY KEY (branch_id, id), UNIQUE (branch_id, code)
);
CREATE TABLE parcels (
    branch_id bigint NOT NULL, id bigint NOT NULL,
    depot_branch_id bigint, depot_id bigint,
    PRIMARY KEY (branch_id, id)
);
CREATE TABLE depot_hours (
    branch_id bigint NOT NULL, id bigint NOT NULL, opens varchar(9) NOT NULL,
    PRIMARY KEY (branch_id, id, opens)
);
ALTER TABLE parcels ADD CONSTRAINT parcel_depot
    FOREIGN KEY (depot_branch_id, depot_id) REFERENCES depots (branch_id, id);
ALTER TABLE depot_hours ADD CONSTRAINT hours_depot
    FOREIGN KEY (branch_id, id) REFERENCES depots (branch_id, id);
"""
DEPOT = """
@Entity @Table(name = "depots") @IdClass(DepotKey.class)
public class Depot {
    @Id private long id;
    @Id private long branchId;
    private String code;
    @ElementCollection
    @CollectionTable(name = "depot_hours", joinColumns = {
        @JoinColumn(name = "id", referencedColumnName = "id"),
        @JoinColumn(name = "branch_id", referencedColumnName = "branch_id")
    })
    @Column(name = "opens")
    private List<String> hours;
}
"""
PARCEL = """
@Entity @Table(name = "parcels") @IdClass(ParcelKey.class)
public class Parcel {
    @Id private long id;
    @Id private long branchId;
    @ManyToOne
    @JoinColumns({
        @JoinColumn(name = "depot_branch_id", referencedColumnName = "branchId"),
        @JoinColumn(name = "depot_id", referencedColumnName = "id")
    })
    private Depot depot;
}
"""
PARCELS = """
public interface Parcels extends JpaRepository<Parcel, ParcelKey> {
    @Query("SELECT p FROM Parcel p WHERE p.depot.code = :code AND p.depot.branchId = :branch")
    List<Parcel> at(String code, long branch);
}
"""
CLASSES = {
    f"src/main/java/post/{name}.java": f"package post;\nimport jakarta.persistence.*;\n"
    f"import org.springframework.data.jpa.repository.*;\n{text}"
    for name, text in (("Depot", DEPOT), ("Parcel", PARCEL), ("Parcels", PARCELS))
}
FILES = {"src/main/resources/db/schema.sql": SCHEMA, **CLASSES}


def test_a_search_along_a_relation_asks_for_all_columns_of_its_key() -> None:
    (found,) = find("unindexed-query", FILES)
    assert found.message.startswith("parcels is searched by depot_branch_id and depot_id,")
    assert str(found.data["suggested_index"]).endswith("ON parcels (depot_branch_id, depot_id)")
    served = {
        "src/main/resources/db/more.sql": "CREATE INDEX a ON parcels (depot_id, depot_branch_id);"
    }
    assert find("unindexed-query", {**FILES, **served}) == []


def test_a_mapper_that_names_some_columns_of_a_key_tells_of_no_other_key() -> None:
    """The primary key of the hours begins with the columns that refer to the depot."""
    found = find("unindexed-foreign-key", FILES)
    assert [each.subject for each in found if "hours" in each.subject] == []
    assert "depot_hours" not in "".join(each.message for each in found)


def test_classes_alone_tell_of_the_whole_key() -> None:
    result = scan(written(CLASSES), [], options={})
    assert result.architecture is not None
    keys = result.architecture.schema.tables["parcels"].foreign_keys
    assert [(each.columns, each.references) for each in keys] == [
        (("depot_branch_id", "depot_id"), ("branch_id", "id"))
    ]


def test_two_keys_that_begin_with_the_same_column_are_told_both() -> None:
    schema = """
    CREATE TABLE depots (branch_id bigint, id bigint, PRIMARY KEY (branch_id, id));
    CREATE TABLE parcels (id bigserial PRIMARY KEY, branch_id bigint, here_id bigint, there_id bigint,
        FOREIGN KEY (branch_id, here_id) REFERENCES depots (branch_id, id),
        FOREIGN KEY (branch_id, there_id) REFERENCES depots (branch_id, id));
    """
    (found,) = find("unindexed-foreign-key", {"db/schema.sql": schema})
    assert found.data["columns"] == ["parcels.branch_id,here_id", "parcels.branch_id,there_id"]


def test_a_query_that_is_told_by_the_column_that_tells_rows_apart_tells_of_the_key() -> None:
    schema = """
    CREATE TABLE depots (branch_id bigint, id bigint, PRIMARY KEY (branch_id, id));
    CREATE TABLE parcels (id bigserial PRIMARY KEY, branch_id bigint, depot_id bigint,
        FOREIGN KEY (branch_id, depot_id) REFERENCES depots (branch_id, id));
    """
    code = (
        "def at(db, depot):\n    return db.execute('SELECT id FROM parcels WHERE depot_id = %s', (depot,))\n"
        "def send(db, depot):\n    db.execute('INSERT INTO parcels (depot_id) VALUES (%s)', (depot,))\n"
    )
    files = {"db/schema.sql": schema, "post/parcels.py": code}
    assert len(find("unindexed-query", files)) == 1
    assert find("unindexed-foreign-key", files) == []
