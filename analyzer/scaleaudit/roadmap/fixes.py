"""The catalogue of fixes: what is done, how much work it is, how it extends what exists.

Effort of one engineer: S up to three days, M up to three weeks, L more. No fix replaces what
is there: `extends` says what stays.
"""

from __future__ import annotations

from scaleaudit.record import Record


class Fix(Record, frozen=True):
    title: str
    effort: str  # S, M, L
    extends: str


FIXES: dict[str, Fix] = {
    "api-version": Fix(
        "Give the public interface a version", "S", "what is served today becomes version one"
    ),
    "async-io": Fix(
        "Take blocking calls off the event loop",
        "S",
        "same calls, in a thread or an asynchronous client",
    ),
    "auto-deploy": Fix(
        "Let the pipeline deploy", "M", "the steps done by hand, written down and run"
    ),
    "autoscale": Fix(
        "Scale copies by a signal, between a floor and a ceiling",
        "S",
        "a rule beside the deployment",
    ),
    "bigint": Fix("Widen keys and what refers to them to 64 bits", "S", "same keys, wider type"),
    "bounded-query": Fix(
        "Bound the query: a limit, a batch, a stream", "S", "same rows, in pieces"
    ),
    "bounded-work": Fix("Bound queues, pools and batches", "S", "limits on what runs already"),
    "break-cycles": Fix(
        "Break the cycle: turn one dependency round or extract what both need",
        "M",
        "same code, other direction",
    ),
    "breaker": Fix(
        "Answer without the optional dependency when it is down", "M", "wraps the calls"
    ),
    "cache-aside": Fix(
        "Cache hot reads, with an expiry and one filler at a time", "M", "a miss takes today's path"
    ),
    "cdn": Fix(
        "Serve static files and cacheable answers from the edge", "S", "the origin stays as it is"
    ),
    "ci": Fix("Check every change in a pipeline", "S", "a check beside the code"),
    "client-server-db": Fix(
        "Move to a database server through the same models",
        "M",
        "same models and migrations, other address",
    ),
    "codeowners": Fix("Name an owner, and a second one, for each component", "S", "one file"),
    "composite-indexes": Fix(
        "Index the combinations that are filtered and sorted together",
        "S",
        "adds indexes, changes no query",
    ),
    "config-env": Fix("Take addresses from the environment", "S", "same values, other source"),
    "conn-pool": Fix(
        "Keep a bounded pool of connections in each process", "S", "an option of the engine"
    ),
    "contracts": Fix("Share a contract, not the model", "M", "generated from the same source"),
    "db-ha": Fix("Back up, rehearse the restore, add a standby", "S", "a setting of the database"),
    "db-per-service": Fix(
        "Own schema, later own database, for each application", "L", "schema first, then host"
    ),
    "drop-indexes": Fix("Drop indexes that nothing uses", "S", "can be made again"),
    "eager-load": Fix("Load related rows together", "S", "same objects, fewer queries"),
    "edge": Fix("One entry for all traffic from outside", "S", "routes stay as they are"),
    "error-tracking": Fix("Collect errors with their release", "S", "one library"),
    "events": Fix(
        "Tell others by events through an outbox", "M", "the call stays until its users have moved"
    ),
    "ext-scheduler": Fix(
        "Run the schedule once: own process, cron job or lock", "S", "same jobs, started elsewhere"
    ),
    "ext-session": Fix(
        "Keep sessions in a shared store or a signed cookie",
        "M",
        "same session interface, other store",
    ),
    "ext-state": Fix(
        "Move shared state out of the process, or declare it per process",
        "M",
        "same interface, other place",
    ),
    "extract-service": Fix(
        "Take out the one service that must scale or deploy alone",
        "L",
        "its route moves at the edge",
    ),
    "feature-flags": Fix(
        "Release risky paths behind a flag, to a share of users",
        "M",
        "the old path stays behind the flag",
    ),
    "graceful-stop": Fix("Finish running work when told to stop", "S", "a signal handler"),
    "hot-row-split": Fix(
        "Spread or collect what all requests update", "M", "the sum is taken on read"
    ),
    "indexes": Fix(
        "Index what is filtered, joined, sorted and referenced",
        "S",
        "adds indexes, changes no query",
    ),
    "job-queue": Fix("Do slow work in a queue", "M", "the same function, called by a worker"),
    "keyset": Fix("Page by the last key seen", "M", "a cursor beside the page number"),
    "list-search": Fix("Filter and search lists on the server", "M", "optional parameters"),
    "llm-cache": Fix(
        "Cache prompts and answers, use the small model where it does",
        "M",
        "a miss takes today's call",
    ),
    "llm-caps": Fix("Cap tokens, time and spend of model calls", "S", "arguments and a quota"),
    "load-test": Fix(
        "Test the busiest routes at three times the peak", "M", "a script and a stated aim"
    ),
    "log-budget": Fix("Set levels, sampling and retention of logs", "S", "settings"),
    "metrics": Fix("Measure rate, errors, duration and slow queries", "M", "a middleware"),
    "migration-tool": Fix(
        "Change the schema by versioned migrations only", "S", "today's schema is the first version"
    ),
    "multi-region": Fix("Run in a second region", "L", "after one region is redundant"),
    "object-store": Fix(
        "Keep files in object storage", "M", "same storage interface, other backend"
    ),
    "pagination": Fix(
        "Page every list, with a largest page", "M", "optional parameters with a default"
    ),
    "pin-artifacts": Fix(
        "Pin images, dependencies and tags", "S", "the same artifact, now known by name"
    ),
    "pool-budget": Fix(
        "Budget connections over all copies; a pooler when they do not fit",
        "M",
        "another connection string",
    ),
    "probes": Fix("Tell when a process is alive and when it is ready", "S", "two small endpoints"),
    "prod-server": Fix("Run a production server, sized to its cores", "S", "another start command"),
    "projection": Fix("Read only the columns that are needed", "S", "same rows"),
    "promote-json": Fix("Give hot keys of JSON a column or an index", "M", "both can be read"),
    "public-ids": Fix("Give public things an opaque id", "M", "both ids are accepted"),
    "rate-limit": Fix("Limit requests per user, in a shared place", "M", "a middleware"),
    "read-replica": Fix("Send reads that may lag to a replica", "M", "a second connection string"),
    "realtime-pubsub": Fix(
        "Spread live messages through a shared channel", "M", "an adapter of the same library"
    ),
    "resources": Fix("Ask for the CPU and memory that were measured", "S", "lines in the manifest"),
    "retention": Fix(
        "Keep what is needed, drop or archive the rest on schedule", "M", "the table keeps its name"
    ),
    "retries": Fix(
        "Retry what is idempotent, with a limit, back-off and jitter", "M", "wraps the calls"
    ),
    "right-size": Fix("Size by what was measured, with headroom", "S", "a setting"),
    "rollback": Fix("Make going back one command", "S", "keeps the release before"),
    "rollup": Fix("Keep totals beside the rows they count", "M", "reads fall back to counting"),
    "safe-migrations": Fix(
        "Change live tables in steps that do not lock", "S", "a check in the pipeline"
    ),
    "sargable": Fix("Write the condition so that the index is used", "S", "same result"),
    "scale-to-zero": Fix("Run batches on demand, and nothing between", "M", "same image"),
    "seams": Fix(
        "Declare the module boundaries and check them in CI", "M", "contracts written, code stays"
    ),
    "search-index": Fix(
        "Index text for searching", "M", "the same search, behind its own function"
    ),
    "second-replica": Fix("Run two copies in two zones", "S", "the same image twice"),
    "sharding": Fix("Spread the data by tenant", "L", "same key, more nodes"),
    "share-knowledge": Fix(
        "Give every component a second person who knows it", "M", "time, a rotation, a runbook"
    ),
    "shared-kv": Fix("Add a shared key-value store", "S", "one more backing service"),
    "short-tx": Fix("Keep other systems out of transactions", "M", "same effects, a little later"),
    "simplify": Fix(
        "Merge or remove what is not needed yet, keep its boundary",
        "M",
        "the boundary stays as a module",
    ),
    "slim-image": Fix("Build small images in stages", "S", "same program"),
    "smoke-tests": Fix(
        "Test the paths that earn or guard money", "M", "a net under every later step"
    ),
    "split-module": Fix("Split the module along its seams", "L", "old imports keep working"),
    "split-pipelines": Fix("Build, test and release components alone", "M", "path filters first"),
    "stable-deps": Fix("Let dependencies point to what changes less", "M", "an interface between"),
    "structured-logs": Fix("Log as JSON, with the request's id", "S", "a formatter"),
    "table-owner": Fix(
        "One writer for each table; others ask it or read a view", "M", "views first, then calls"
    ),
    "team-align": Fix(
        "One team for each component, small enough to talk", "L", "people and ownership"
    ),
    "tenant-key": Fix(
        "Put the tenant's key on every row it owns, first in the keys",
        "M",
        "a column, filled afterwards",
    ),
    "tenant-scope": Fix("Let every query name its tenant", "M", "one filter in one place"),
    "timeouts": Fix("Give every remote call a timeout", "S", "one more argument"),
    "tracing": Fix("Follow a request through all services", "M", "headers handed on"),
    "ui-kit": Fix("Share the basic pieces of the user interface", "M", "one piece after the other"),
    "unpin": Fix("Free stateless workloads from one node", "M", "another volume"),
    "zone-aware": Fix("Keep chatter inside a zone", "M", "routing"),
}
