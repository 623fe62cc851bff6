"""Words of options, written out so that `--help` needs no import; a test compares them."""

SEVERITIES = ("info", "low", "medium", "high", "critical")
CONFIDENCES = ("low", "medium", "high")
REPORTS = ("text", "concise", "json", "sarif", "markdown", "github")
GRAPHS = ("json", "dot", "svg", "png", "mermaid", "graphml")
LEVELS = ("service", "module")
SCHEMAS = ("text", "json", "ddl", "dot", "mermaid")
