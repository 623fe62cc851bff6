"""Pages that nothing deploys: whom the server of their developers passes requests on to."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_front_ends import PAGES, calls

SERVER = {
    "api/package.json": '{"name": "api", "scripts": {"start": "node ."}, "dependencies": {"express": "5"}}',
    "api/index.js": "const app = require('express')();\napp.get('/orders', all);\napp.listen(4001);\n",
    "site/package.json": PAGES,
}
HEAD = "import { defineConfig } from 'vite';\n"
TO_API = {("shop", "api")}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("site/vite.config.ts", f"{HEAD}export default defineConfig({{ server: {{ proxy: {{ '/api': 'http://localhost:4001' }} }} }});\n"),
        ("site/vite.config.js",
         f"{HEAD}export default defineConfig(() => ({{ server: {{ port: 3000, proxy: {{\n"
         "  '/api': { target: 'http://127.0.0.1:4001', changeOrigin: true } } } }));\n"),
        ("site/vite.config.ts",
         f"{HEAD}const target = process.env.API ?? 'http://localhost:4001';\n"
         "export default { server: { proxy: { '/api': { target: target } } } };\n"),
        ("site/webpack.config.js",
         "module.exports = { devServer: { proxy: { ...more, '/api': { target: 'http://localhost:4001' } } } };\n"),
        ("site/tools/desk.js", "export default { server: { proxy: { '/api': 'http://localhost:4001' } } };\n"),
        ("site/vue.config.js", "module.exports = { devServer: { proxy: 'http://localhost:4001' } };\n"),
        ("site/webpack.config.js", "module.exports = { devServer: { 'proxy': { '/api': { target: 'http://localhost:4001' } } } };\n"),
        ("site/proxy.conf.json", '{"/api": {"target": "http://localhost:4001", "secure": false}}'),
        ("site/src/setupProxy.js",
         "const { createProxyMiddleware } = require('http-proxy-middleware');\nmodule.exports = (app) => {\n"
         "  app.use('/api', createProxyMiddleware({ target: 'http://localhost:4001' })); };\n"),
    ],
)  # fmt: skip
def test_proxies_of_developers_servers(place: str, text: str) -> None:
    assert calls(architecture(SERVER | {place: text})) == TO_API


def test_the_proxy_in_a_package_file() -> None:
    told = PAGES.replace("{", '{"proxy": "http://localhost:4001", ', 1)
    assert calls(architecture(SERVER | {"site/package.json": told})) == TO_API
    elsewhere = PAGES.replace("{", '{"proxy": "http://localhost:9999", ', 1)
    assert calls(architecture(SERVER | {"site/package.json": elsewhere})) == set()


def test_what_is_no_proxy_of_such_a_server() -> None:
    for text in (
        "export default { axios: { proxy: { '/api': 'http://localhost:4001' } } };\n",
        f"{HEAD}export default defineConfig({{ server: {{ proxy: {{ '/api': 'http://localhost:9999' }} }} }});\n",
    ):
        assert calls(architecture(SERVER | {"site/vite.config.ts": text})) == set(), text


def test_pages_that_are_deployed_are_served_by_another() -> None:
    proxy = (
        f"{HEAD}export default defineConfig({{ server: {{ proxy: {{ '/api': 'ADDRESS' }} }} }});\n"
    )
    deployed = SERVER | {
        "compose.yaml": """
            services:
              site: {build: ./site, ports: ["80:80"]}
              api: {build: ./api, ports: ["4001:4001"]}
            """,
        "site/Dockerfile": "FROM nginx\nCOPY dist /usr/share/nginx/html\n",
        "api/Dockerfile": "FROM node\nCOPY . .\nCMD node .\n",
    }
    for address in ("http://localhost:4001", "http://api:4001"):
        local = {"site/vite.config.ts": proxy.replace("ADDRESS", address)}
        assert calls(architecture(deployed | local)) == set(), address
