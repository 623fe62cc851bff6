"""Functions that change rows, by what they write or by their names."""

from __future__ import annotations

import pytest
from tests.rules.findings import find
from tests.rules.test_worth_reading import flask

from scaleaudit.findings import Severity
from scaleaudit_rules.data._changing import CHANGES

CHANGING = """
accept_offers add_lines approveOrders archive assignSeats attach_files bulkUpdate batch_create cancel!
clone_menu copy create decline_all deleteRows destroy detach doSave duplicate editOrder handlePost
handle_upload import_contacts insertRows invite massRemove mergeAccounts migrate moveLines
patch perform_sync post processUpload purge put rebuildIndex recalculate_totals reject remove reset_all
restore save setPrices store_rows subscribe sync unsubscribe update? upsertAll _upload __bulk_delete
"""
SHOWING = """
additions created_orders created get_settings index list_updates movement posts postal putty resets
settings show storefront synced uploads handle batch getAndUpdate copyright
"""


@pytest.mark.parametrize(
    ("names", "changing"), [(CHANGING, True), (SHOWING, False)], ids=["changing", "showing"]
)
def test_names_of_functions_that_change_rows(names: str, changing: bool) -> None:
    told = [name for name in names.split() if CHANGES.match(name) is not None]
    assert told == (names.split() if changing else [])


READ = 'c.execute("SELECT name FROM persons WHERE id = %s", (each,))'
LOOP = f'for each in c.execute("SELECT id FROM visits").fetchall():\n        {READ}'
WRITE = 'c.execute("UPDATE visits SET page = %s", (x,))'


@pytest.mark.parametrize(
    ("body", "name", "severity"),
    [
        (LOOP, "show", None),
        (f"{WRITE}\n    {LOOP}", "show", Severity.LOW),
        (LOOP, "update_pages", Severity.LOW),
    ],
)
def test_lists_of_what_changes_rows_are_short(
    body: str, name: str, severity: Severity | None
) -> None:
    (found,) = find("n-plus-one", {"shop/views.py": flask(body, name=name)})
    assert (found.severity is Severity.LOW) is (severity is Severity.LOW)
