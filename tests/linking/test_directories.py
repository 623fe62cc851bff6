"""Directories that programs ask over LDAP."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

PASSPORT = """
    const LdapStrategy = require('passport-ldapauth').Strategy
    module.exports = (config) => new LdapStrategy({ server: { url: ADDRESS, bindDN: 'cn=a' } })
    """
OTHERS = (
    "const ldap = require('ldapjs')\nldap.createClient({ url: ADDRESS })\n",
    "import { Client } from 'ldapts'\nconst client = new Client({ url: ADDRESS })\n",
    "const Directory = require('activedirectory')\nnew Directory({ url: ADDRESS, baseDN: 'dc=a' })\n",
)
PYTHON = ("import ldap\nldap.initialize(ADDRESS)\n", "from ldap3 import Server\nServer(ADDRESS)\n")
COMPOSE = """
    services:
      desk: {build: .}
      people: {image: "osixia/openldap:1.5"}
      console: {image: "osixia/phpldapadmin:0.9"}
    """


def connected(code: str, file: str, compose: str = COMPOSE) -> set[tuple[str, str]]:
    files = {
        "compose.yaml": compose,
        "Dockerfile": "FROM scratch\nCOPY . .\n",
        "package.json": '{"name": "desk", "dependencies": {"x": "1"}}',
        file: code,
    }
    found = architecture(files)
    return {(found.node(e.source).name, e.target) for e in found.edges()}


@pytest.mark.parametrize("code", [PASSPORT, *OTHERS])
def test_clients_of_node(code: str) -> None:
    named = code.replace("ADDRESS", "'ldap://people:389'")
    assert connected(named, "people.js") == {("desk", "service:people")}


@pytest.mark.parametrize("code", PYTHON)
def test_clients_of_python(code: str) -> None:
    named = code.replace("ADDRESS", "'ldap://people:389'")
    assert connected(named, "people.py") == {("desk", "service:people")}


def test_a_server_whose_address_nothing_tells() -> None:
    unknown = PASSPORT.replace("ADDRESS", "config.url")
    assert connected(unknown, "people.js") == {("desk", "service:people")}
    alone = "services: {desk: {build: .}}\n"
    assert connected(unknown, "people.js", alone) == {("desk", "external:ldap")}
    number = PASSPORT.replace("ADDRESS", "'ldap://192.168.7.7:389'")
    assert connected(number, "people.js", alone) == {("desk", "external:ldap")}
    public = PASSPORT.replace("ADDRESS", "'ldaps://people.acme.io'")
    assert connected(public, "people.js", alone) == {("desk", "external:people.acme.io")}
