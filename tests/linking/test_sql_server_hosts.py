"""What connection strings of SQL Server call the machine itself."""

from __future__ import annotations

import pytest

from scaleaudit.linking.addresses import Address, parse_addresses

OWN = (".", "(local)", "localhost", r".\SQLEXPRESS", r"(localdb)\MSSQLLocalDB", r"(LocalDB)\\MSSQLLocalDB",
       r"localhost\SQLEXPRESS", "LAPTOP-8QZ4XK2B", "WIN-1A2B3C4D5E6", r"DESKTOP-1A2B3C4\SQL2019")  # fmt: skip


@pytest.mark.parametrize("server", OWN)
@pytest.mark.parametrize("word", ["Server", "Data Source"])
def test_the_machine_itself(word: str, server: str) -> None:
    found = parse_addresses(f"{word}={server};Initial Catalog=Shop;Trusted_Connection=True")
    assert found == [Address("", "localhost", None, "Shop")]


@pytest.mark.parametrize(
    ("server", "host"),
    [
        (r"sql1\REPORTS", "sql1"),
        (r"sql.acme.dev\REPORTS", "sql.acme.dev"),
        ("desktop-shop", "desktop-shop"),
        ("LAPTOP-8QZ4XK2B9", "laptop-8qz4xk2b9"),
        ("localhosts", "localhosts"),
    ],
)
def test_another_with_the_name_of_its_server(server: str, host: str) -> None:
    assert parse_addresses(f"Server={server};Database=Shop") == [Address("", host, None, "Shop")]


@pytest.mark.parametrize("file", [r"data\shop.db", "C:\\data\\shop", "shop.db", "/var/shop.sqlite"])
def test_a_file_is_no_server(file: str) -> None:
    (found,) = parse_addresses(f"Data Source={file}")
    assert (found.scheme, found.path) == ("sqlite", file)


def test_the_folder_of_a_socket_is_no_file_of_a_database() -> None:
    (found,) = parse_addresses("host=/var/run/postgresql dbname=shop")
    assert (found.scheme, found.path) == ("", "shop")
