"""Programming languages: a folder each with `.scm` queries, a thin reader, tables of frameworks."""

from scaleaudit.extractor import Extractor

LANGUAGES: tuple[Extractor, ...] = (
    Extractor("python", ("*.py",), "scaleaudit.languages.python"),
    Extractor("javascript", ("*.js", "*.mjs", "*.cjs", "*.jsx"), "scaleaudit.languages.javascript"),
    Extractor(
        "typescript", ("*.ts", "*.mts", "*.cts"), "scaleaudit.languages.javascript.typescript"
    ),
    Extractor("tsx", ("*.tsx",), "scaleaudit.languages.javascript.tsx"),
    Extractor("vue", ("*.vue",), "scaleaudit.languages.javascript.single_files", (b"<script",)),
    Extractor(
        "svelte", ("*.svelte",), "scaleaudit.languages.javascript.single_files", (b"<script",)
    ),
    Extractor(
        "typescript-declarations",
        ("*.d.ts", "*.d.mts", "*.d.cts"),
        "scaleaudit.languages.javascript.declarations",
    ),
    Extractor("java", ("*.java",), "scaleaudit.languages.java"),
    Extractor(
        "ruby",
        (
            "*.rb",
            "*.rake",
            "*.ru",
            "*.thor",
            "*.rabl",
            "*.builder",
            "*.jb",
            "Rakefile",
            "Capfile",
            "Guardfile",
            "Vagrantfile",
        ),
        "scaleaudit.languages.ruby",
    ),
    Extractor("go", ("*.go",), "scaleaudit.languages.go"),
    Extractor("kotlin", ("*.kt",), "scaleaudit.languages.kotlin"),
    Extractor("php", ("*.php",), "scaleaudit.languages.php"),
    Extractor("csharp", ("*.cs",), "scaleaudit.languages.csharp"),
    Extractor("elixir", ("*.ex", "*.exs"), "scaleaudit.languages.elixir"),
    Extractor("rust", ("*.rs",), "scaleaudit.languages.rust"),
)

# Before all others: pages by their names may be templates, and Blade's are PHP by their endings.
TEMPLATES: tuple[Extractor, ...] = (
    Extractor(
        "erb",
        ("*.html.erb", "*.turbo_stream.erb", "*.text.erb", "*.js.erb", "*.xml.erb", "views/*.erb"),
        "scaleaudit.languages.templates.erb",
        (b"<%",),
    ),
    Extractor("haml", ("*.haml", "*.slim"), "scaleaudit.languages.templates.haml"),
    Extractor("jbuilder", ("*.jbuilder",), "scaleaudit.languages.templates.jbuilder"),
    Extractor(
        "django-template",
        ("templates/*.html", "*.jinja2", "*.jinja", "*.html.j2"),
        "scaleaudit.languages.templates.django",
        (b"{%", b"{{"),
    ),
    Extractor("blade", ("*.blade.php",), "scaleaudit.languages.templates.blade", (b"@", b"{{")),
)
