"""The extractors of settings, build, CI and infrastructure files."""

from itertools import product

from scaleaudit.extractor import Extractor

_HERE = "scaleaudit.config_files"
SERVED_YAML, SERVED_PROPERTIES = "served-yaml", "served-properties"

_EXAMPLE = ("example", "sample", "template", "dist", "tmpl")
# What a program runs with; tools for tests and documentation stand in files of other names.
_RUN_TIME = (
    "base", "common", "core", "main", "default", "prod", "production", "deploy", "docker", "server",
    "app", "api", "web", "worker", "backend", "min", "all",
)  # fmt: skip

SETTINGS: tuple[Extractor, ...] = (
    Extractor(
        "github-actions",
        (".github/workflows/*.yml", ".github/workflows/*.yaml"),
        f"{_HERE}.github_actions",
    ),
    Extractor(
        "gitlab-ci",
        (".gitlab-ci.yml", ".gitlab-ci.yaml", "*.gitlab-ci.yml", ".gitlab/ci/*.yml"),
        f"{_HERE}.gitlab_ci",
    ),
    Extractor(
        "other-ci",
        (
            ".circleci/config.yml", "azure-pipelines*.yml", ".travis.yml",
            "bitbucket-pipelines.yml", "Jenkinsfile", ".drone.yml", ".woodpecker.yml",
            ".woodpecker/*.yml", ".woodpecker/*.yaml", ".buildkite/*.yml", "cloudbuild.yaml",
            "cloudbuild.yml", "appveyor.yml", ".appveyor.yml", ".semaphore/semaphore.yml",
            ".cirrus.yml", "buildspec.yml", "buildspec.yaml",
        ),
        f"{_HERE}.other_ci",
    ),
    Extractor("codeowners", ("CODEOWNERS",), f"{_HERE}.codeowners"),
    Extractor(
        "dotenv-example",
        (
            *(f".env{mark}{word}" for mark, word in product(".-_", _EXAMPLE)),
            *(f"{stem}.{word}" for stem, word in product((".env.*", "*.env", "env"), _EXAMPLE)),
            *(f"{word}.env" for word in _EXAMPLE),
        ),
        f"{_HERE}.dotenv_example",
    ),
    Extractor("dotenv", (".env", ".env.*", "*.env", ".flaskenv"), f"{_HERE}.dotenv_file"),
    Extractor(
        "liquibase-yaml",
        (
            "*changelog*.yaml", "*changelog*.yml", "changelog*/*.yaml", "changelog*/*.yml",
            "liquibase/*.yaml", "liquibase/*.yml",
        ),
        f"{_HERE}.liquibase_yaml",
    ),
    Extractor(
        "spring",
        (
            "application.yml", "application.yaml", "application-*.yml", "application-*.yaml",
            "bootstrap.yml", "bootstrap.yaml", "bootstrap-*.yml", "bootstrap-*.yaml",
            # A config server keeps the files of the others, by their names, among its resources.
            "src/main/resources/*.yml", "src/main/resources/*.yaml",
        ),
        f"{_HERE}.spring",
        others=((b"databaseChangeLog:", f"{_HERE}.liquibase_yaml"),),
    ),
    Extractor(
        "spring-properties",
        (
            "application.properties", "application-*.properties", "bootstrap.properties",
            "bootstrap-*.properties", "microprofile-config*.properties",
        ),
        f"{_HERE}.spring_properties",
    ),
    Extractor(
        "kept-properties",  # by a config server for the others, in files of their names
        ("src/main/resources/*.properties", "*config*/*.properties"),
        f"{_HERE}.spring_properties",
        needs=(b"spring.", b"eureka.", b"server.port", b"zuul.", b"ribbon.", b"://"),
    ),
    Extractor(
        "hocon",
        ("src/main/resources/*.conf", "application*.conf", "conf/application*.conf"),
        f"{_HERE}.hocon",
        needs=(b"://", b"host", b"port", b"url"),
    ),
    # Files of configuration repositories, which are given beside: no name leads to these.
    Extractor(SERVED_YAML, (), f"{_HERE}.served_yaml"),
    Extractor(SERVED_PROPERTIES, (), f"{_HERE}.spring_properties"),
    Extractor(
        "rails-config",
        (
            "config/database.yml", "config/database.*.yml", "config/database[-_]*.yml",
            "config/database*.yml.*", "config/cable.yml", "config/storage.yml", "config/queue.yml",
            "config/cache.yml", "config/mongoid.yml", "config/sidekiq.yml",
        ),
        f"{_HERE}.rails_config",
    ),
    Extractor(
        "symfony",
        (
            "config/packages/*.yaml", "config/packages/*.yml", "config/packages/prod/*.yaml",
            "config/services.yaml", "config/services.yml", "config/routes.yaml", "config/routes.yml",
            "config/routes/*.yaml", "config/routes/*.yml", "app/config/config.yml",
            "app/config/services.yml", "app/config/parameters.yml", "app/config/routing.yml",
        ),
        f"{_HERE}.symfony",
    ),
    Extractor("npm-package", ("package.json", "lerna.json"), f"{_HERE}.package_json"),
    Extractor(
        "npm-workspace", ("pnpm-workspace.yaml", "pnpm-workspace.yml"), f"{_HERE}.npm_workspace"
    ),
    Extractor(
        "typescript-paths",
        ("tsconfig.json", "tsconfig.base.json", "jsconfig.json"),
        f"{_HERE}.typescript_paths",
        needs=(b'"paths"', b'"baseUrl"'),
    ),
    Extractor(
        "dev-proxy",
        ("proxy.conf.json", "proxy.config.json", "proxy.conf.*.json", "*.proxy.conf.json", "proxy-conf.json"),
        f"{_HERE}.dev_proxy",
        needs=(b'"target"',),
    ),
    Extractor(
        "strapi-type",
        ("content-types/*/schema.json",),
        f"{_HERE}.strapi_types",
        needs=(b"singularName",),
    ),
    Extractor("typescript-app", ("tsconfig.app.json",), f"{_HERE}.typescript_app"),
    Extractor("python-project", ("pyproject.toml",), f"{_HERE}.python_project"),
    Extractor(
        "python-requirements",
        (
            "requirements.txt", "requirements.in", "Pipfile", "setup.cfg",
            *(f"requirements{mark}{word}.txt" for mark, word in product("-_./", _RUN_TIME)),
        ),
        f"{_HERE}.python_requirements",
    ),
    Extractor(
        "doctrine-mapping",
        tuple(
            f"?*.{stem}.{suffix}"
            for stem, suffix in product(("orm", "dcm"), ("xml", "yml", "yaml"))
        ),
        f"{_HERE}.doctrine_mapping",
        needs=(b"doctrine-mapping", b"type:"),
    ),
    Extractor(
        "hibernate-mapping",
        ("?*.hbm.xml",),  # a plain ending would come after patterns of folders
        f"{_HERE}.hibernate_mapping",
        needs=(b"<hibernate-mapping",),
    ),
    Extractor("maven", ("pom.xml",), f"{_HERE}.maven"),
    Extractor(
        "liberty",
        ("server.xml", "configDropins/*/*.xml"),
        f"{_HERE}.liberty",
        needs=(b"<featureManager", b"httpEndpoint", b"<dataSource", b"Application"),
    ),
    Extractor(
        "liquibase",
        (
            "*changelog*.xml", "*liquibase*.xml", "changelog*/*.xml", "db.changelog*/*.xml",
            "liquibase/*.xml",
        ),
        f"{_HERE}.liquibase",
        needs=(b"databaseChangeLog",),
    ),
    Extractor(  # a plain ending comes after the patterns of all others: `db/2024-01-orders.xml`
        "xml",
        ("*.xml",),
        f"{_HERE}.liquibase",
        needs=(b"databaseChangeLog", b"<mapper"),
        others=((b"<mapper", "scaleaudit.schemas.mybatis"),),
    ),
    Extractor(
        "gradle",
        ("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"),
        f"{_HERE}.gradle",
    ),
    Extractor("go-module", ("go.mod", "go.work"), f"{_HERE}.go_mod"),
    Extractor("cargo", ("Cargo.toml",), f"{_HERE}.cargo"),
    Extractor("mix", ("mix.exs",), f"{_HERE}.mix"),
    Extractor("gemfile", ("Gemfile", "gems.rb", "*.gemspec"), f"{_HERE}.gemfile"),
    Extractor(
        "gemfile-lock",
        ("Gemfile.lock", "gems.locked"),
        f"{_HERE}.gemfile_lock",
        needs=(b" sequel (",),
    ),
    Extractor("composer", ("composer.json",), f"{_HERE}.composer"),
    Extractor("dotnet-project", ("*.csproj", "*.fsproj", "*.vbproj"), f"{_HERE}.dotnet"),
    Extractor(
        "dotnet-framework-settings",
        ("Web.config", "web.config", "App.config", "app.config"),
        f"{_HERE}.web_config",
        needs=(b"appSettings", b"connectionStrings"),
    ),
    Extractor(
        "dotnet-settings",
        ("appsettings.json", "appsettings.*.json", "ocelot*.json", "*.ocelot.json", "yarp*.json"),
        f"{_HERE}.appsettings",
    ),
    Extractor("dotnet-launch", ("launchSettings.json",), f"{_HERE}.launch_settings"),
    Extractor(
        "page",
        (
            # In brackets, so that templates of these names are read as such.
            "index.htm[l]", "index.htm", "base.htm[l]", "layout.htm[l]", "index.ejs", "layout.ejs",
            "index.pug", "layout.pug", "index.hbs", "layout.hbs", "index.jsp", "index.tmpl",
            "index.html.tera", "base.html.twig", "_Layout.cshtml", "App.razor", "_Host.cshtml",
            "index.cshtml", "Index.cshtml",
        ),
        f"{_HERE}.page",
        needs=(b"<",),
    ),
    Extractor(  # any other page, for what its scripts ask
        "page-script",
        ("*.html", "*.htm", "*.gohtml"),
        f"{_HERE}.page",
        needs=(b"localhost:", b"127.0.0.1:"),
    ),
    Extractor(
        "own-settings",
        (
            "config.y*ml", "config[-._]*.y*ml", "settings.y*ml", "settings/*.y*ml",
            "config/default.y*ml", "config/production.y*ml",
            "config/app.y*ml", "conf/app.y*ml",
            "config.toml", "settings.toml", "config/*.toml", "conf/*.toml",
            "config.json", "config/default.json", "config/production.json", "settings.ini",
            "config.ini", "app.ini",
        ),
        f"{_HERE}.own_settings",
        needs=(
            b"://", b"host", b"HOST", b"Host", b"addr", b"url", b"Addr", b"apiVersion", b"services",
            b"Path", b"path", b"Prefix", b"prefix",
        ),
    ),
    Extractor("terraform", ("*.tf", "*.tfvars"), f"{_HERE}.terraform"),
)  # fmt: skip
