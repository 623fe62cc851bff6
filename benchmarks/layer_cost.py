"""What tables and queries, and who calls whom, add to a cold scan: each as a ratio to all the rest.

    python benchmarks/layer_cost.py CHECKOUT [CHECKOUT ...] [--interval 2]

A scan without a cache runs in one process; after every few milliseconds of its CPU time the stack
is looked at. A sample counts for the data layer when any function on the stack, or a module that is
being imported, belongs to it: SQL, schemas and migrations, object mappers and query builders, the
linking of models, the judgement of indexes and the rules on data. Else it counts for the topology when
one belongs to that: deployment and proxy files, addresses followed through settings, constants and
functions, routers and their prefixes, and the linking of components, connections and endpoints.

`added` is a layer's share divided by all else: 0.60 means that the layer makes a scan cost 1.6 of what it
would without it. What several use (reading bytes, parsing a file, walking its calls, asking the tables of
known callees) counts for neither.
"""

from __future__ import annotations

import argparse
import gc
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

# Parts of the data layer, by what their paths under `analyzer/` or `rules/` say.
DATA = re.compile(
    r"/sqlglot/"
    r"|/scaleaudit_rules/data/"
    r"|/scaleaudit/(?:index_use|jpql|mybatis|schemas|sql|linking/models)/"
    r"|/scaleaudit/schema\.py"
    r"|/scaleaudit/linking/(?:data_access|migrations|named_tables)\.py"
    r"|/languages/[a-z]+/(?:active_record|bookshelf|builders|django|doctrine|drizzle|ecto|ef|eloquent|exposed|jpa"
    r"|knex|kysely|mappers|migrations|mikroorm|mongoose|objection|prisma|sequelize|small_mappers|sqlalchemy"
    r"|typeorm)/"
    r"|/languages/(?:sql_on_names|sql_strings|sorted_by_chance|table_strings|text_choices)\.py"
    r"|/languages/[a-z]+/(?:migration_\w+|rails_migrations|rails_schema|sequel_\w+|schema_strings|sql_pieces|statement_pieces|text_parts|text_pieces|text_steps|growing_text"
    r"|sql_statements|tables|table_names|phinx|object_mappers|new_rows|mapped_data|conditions)\.py"
)
# Parts of the topology in the same way.
TOPOLOGY = re.compile(
    r"/scaleaudit/(?:config_files|external_systems)/"
    r"|/scaleaudit/(?:values|config_repositories|graphql_types)\.py"
    r"|/scaleaudit/linking/(?:components|connections|deployments|endpoints|entry_points|resolution)/"
    r"|/scaleaudit/linking/(?:addresses|hosts|names|one_of_several|project_containers|settings_files|targets|technologies|trails)\.py"
    r"|/languages/(?:handed_on|telling|remote_names|remote_services|graphql|graphql_fields)\.py"
    r"|/languages/[a-z]+/(?:functions|constants|settings|settings_\w+|addresses|asked_settings|bindings|choices|data_sources|getters|later"
    r"|later_text|literal_\w+|literals|named_values|following|services|requests|returned|stubs|sums|strings|remote_stubs|text_calls|rpc"
    r"|call_arguments|clients_elsewhere|client_heirs|declared_calls|store_options|own_texts|own_methods|optional_text|configuration|mail)\.py"
    r"|/languages/[a-z]+/(?:routes|routing|route_\w+|router_\w+|\w+_routers|\w*mounts?|mount_paths|\w+_routes|nest|nest_modules|adonis|served_types"
    r"|resources|front_controllers|api_platform|grape|roda|sinatra|graphql|graphql_fields|aspire|aspire_resources|dapr|puma|conventions)\.py"
)
MAX_DEPTH = 400  # frames looked at from the innermost outwards

samples: Counter[str] = Counter()
_layers: dict[str, str] = {}


def layer_of(path: str) -> str:
    found = _layers.get(path)
    if found is None:
        data = DATA.search(path) is not None
        found = "data" if data else "topology" if TOPOLOGY.search(path) is not None else "rest"
        _layers[path] = found
    return found


def look(_signal: int, frame: FrameType | None) -> None:
    told = "rest"
    for _ in range(MAX_DEPTH):
        if frame is None:
            break
        layer = layer_of(frame.f_code.co_filename)
        if layer == "data":
            told = layer
            break
        told = layer if layer == "topology" else told
        frame = frame.f_back
    samples[told] += 1


def sampled(root: Path, interval: float) -> None:
    """Scans in this process, with rules and without a cache; prints the three counts."""
    gc.disable()  # as every command does
    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, interval, interval)
    from scaleaudit.config import Config
    from scaleaudit.discovery import discover
    from scaleaudit.extraction import extract_all
    from scaleaudit.file_kinds import file_kinds
    from scaleaudit.linking import link
    from scaleaudit.roadmap import plan
    from scaleaudit.rules import load_rules, run_rules

    found = discover(root, Config(), file_kinds())
    extracted = extract_all(found.files, root, jobs=1)
    plan(run_rules(link(extracted.facts, extracted.roles), load_rules()))
    signal.setitimer(signal.ITIMER_PROF, 0)
    sys.stdout.write(f"{samples['data']} {samples['topology']} {samples['rest']}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--interval", type=float, default=2.0, help="milliseconds of CPU")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        sampled(given.checkouts[0], given.interval / 1000)
        return
    sys.stdout.write(f"{'checkout':32} {'samples':>8} {'data adds':>10} {'topology adds':>14}\n")
    for root in given.checkouts:
        command = [
            sys.executable,
            __file__,
            "--child",
            "--interval",
            str(given.interval),
            str(root),
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        data, topology, rest = (int(each) for each in said.split())
        of_data, of_topology = data / (topology + rest), topology / (data + rest)
        whole = data + topology + rest
        sys.stdout.write(f"{root.name:32} {whole:8} {of_data:10.2f} {of_topology:14.2f}\n")


if __name__ == "__main__":
    main()
