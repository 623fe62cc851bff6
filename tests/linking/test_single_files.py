"""Components of pages in one file, and the settings that Nuxt gives to them."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind
from scaleaudit.facts import RemoteCall
from scaleaudit.languages.javascript.single_files import extract, scripts_of

COMPOSE = """
    services:
      boats: {build: ./boats, ports: ["3001:3001"]}
      web: {build: ./web, ports: ["80:3000"]}
    """
FILES = {
    "compose.yaml": COMPOSE,
    "boats/package.json": '{"name": "boats", "dependencies": {"express": "4"}}',
    "boats/index.js": "const app = require('express')();\napp.get('/boats', show);\napp.listen(3001);\n",
    "boats/Dockerfile": "FROM node\nCOPY . .\n",
    "web/package.json": '{"name": "web", "dependencies": {"nuxt": "3", "axios": "1"}}',
    "web/Dockerfile": "FROM node\nCOPY . .\n",
}
CONFIG = "export default defineNuxtConfig({ runtimeConfig: { public: { apiBase: 'BASE' } } })\n"
PAGE = """
    <template><ul/></template>
    <script setup lang="ts">
    SCRIPT
    </script>
    <style>.a { color: red }</style>
    """


def called(script: str, base: str = "", path: str = "web/pages/index.vue", env: str = "") -> bool:
    files = FILES | {
        path: PAGE.replace("SCRIPT", script),
        "web/nuxt.config.ts": CONFIG.replace("BASE", base),
    }
    if env:
        files["compose.yaml"] = COMPOSE.replace("./web,", f"./web, environment: {{{env}}},")
    edges = architecture(files).edges(EdgeKind.CALLS)
    return any((e.source, e.target) == ("service:web", "service:boats") for e in edges)


HERE = "http://localhost:3001"


@pytest.mark.parametrize(
    "script",
    [
        "const config = useRuntimeConfig(); await useFetch(`${config.public.apiBase}/boats`)",
        "await $fetch('/boats', { baseURL: useRuntimeConfig().public.apiBase })",
    ],
)
def test_what_the_settings_of_nuxt_hold(script: str) -> None:
    assert called(script, HERE)
    assert not called(script, "https://api.example.net")
    assert called(script, "", env="NUXT_PUBLIC_API_BASE: http://boats:3001")


@pytest.mark.parametrize("path", ["web/src/App.vue", "web/src/App.svelte"])
def test_requests_of_a_component(path: str) -> None:
    script = f"import axios from 'axios'; const all = await axios.get('{HERE}/boats')"
    assert called(script, path=path)
    assert not called(script.replace("3001", "9"), path=path)


def test_a_script_with_types_in_its_tag() -> None:
    tag = b'<script setup lang="ts" generic="Row extends Record<string, Array<Cell>>">'
    source = tag + b"\nfetch('http://boats/1')\n</script>"
    (call,) = [each for each in extract(source).facts if isinstance(each, RemoteCall)]
    assert (call.at.line, call.at.column) == (2, 1)


def test_lines_stay_and_all_but_scripts_is_blank() -> None:
    source = b"<template>\n fetch('http://a.example') </template>\n<script>\nfetch('http://boats/1')\n</script>\n<p>\xff</p>\n"
    (call,) = [each for each in extract(source).facts if isinstance(each, RemoteCall)]
    assert (call.at.line, call.at.column) == (4, 1)
    assert scripts_of(source) == (
        b"          \n"
        + b" " * 38
        + b"\n/*page*/\nfetch('http://boats/1')\n"
        + b" " * 9
        + b"\n"
        + b" " * 8
        + b"\n"
    )
    own = b"<script>write('<script>')</script>"
    assert scripts_of(own) == b"/*page*/write('<script>')" + b" " * 9
    for broken in (
        b"",
        b"<script>",
        b"</script><script",
        b"<script>" * 9,
        b"\x00<script></script>",
    ):
        extract(broken)
