"""Components that nothing runs yet, by the folders of their source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import (
    ConstantDefined,
    EndpointServed,
    ImageBuilt,
    PackageDeclared,
    QueryFound,
    RemoteCall,
    ServerStarted,
    SettingDefined,
)
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.components.programs import FOR_DESK, programs
from scaleaudit.linking.components.scripts import is_script
from scaleaudit.linking.components.workload_groups import PROXIES
from scaleaudit.linking.deployments.build_targets import BuildTargets
from scaleaudit.linking.deployments.go_programs import go_programs
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import folder_name, plain, relaxed, shortened, unit_name
from scaleaudit.linking.technologies import (
    FRONT_ENDS,
    image_name,
    of_dependencies,
    of_image,
)
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from scaleaudit.linking.components.source_code import SourceCode
    from scaleaudit.values import Value


MANY_PROGRAMS = 2
STARTING = {"start", "serve", "dev"}  # scripts
OF_ARGUMENT = regex(r"\$\{?\w+\}?/")  # a folder that only who builds the image names
OPEN_PORT = regex(r"^(?:https?|wss?)://(?:localhost|127\.0\.0\.1):(\d{2,5})(?:/|$)")


def add_images(found: list[Component], code: SourceCode) -> None:
    """Folders with a Dockerfile and code that no workload names."""
    known = {c.root for c in found if c.root is not None}
    named = {plain(name) for c in found for name in c.names}
    deployed = any(c.workloads for c in found)
    own_deployed = any(c.workloads and c.root is not None for c in found)
    targets = BuildTargets(code.index, code.packages)
    for path, fact in code.index.of(ImageBuilt):
        folder = folder_of(path)
        if fact.stage or code.index.role(path) is not Role.SOURCE or folder in known:
            continue
        if path.rpartition("/")[2] not in ("Dockerfile", "Containerfile"):
            continue
        if folder == "" and (known or deployed):
            continue
        if any(OF_ARGUMENT.match(copy) for copy in fact.copies):
            continue  # one file for the images of several, each named when it is built
        unit = targets.of_image(folder, fact)
        if unit and unit in code.packages and code.packages[unit].runnable:
            folder = unit
        proxy = _packs_proxy(folder, fact, code) if not deployed else ""
        if not (code.has_code(folder) or proxy) or any(is_below(r, folder) for r in known if r):
            continue
        inside = own_deployed and any(is_below(folder, r) for r in known)
        known.add(folder)
        if inside:
            continue  # an image for a tool of what is deployed, or for what the whole one holds too
        name = folder_name(folder) or code.name
        if plain(name) in named:
            continue
        found.append(
            Component(name, NodeKind.SERVICE, proxy or code.technology(folder, fact.base), folder,
                      at=fact.at.in_file(path))
        )  # fmt: skip


def _packs_proxy(folder: str, image: ImageBuilt, code: SourceCode) -> str:
    """The proxy that a Dockerfile beside settings of its own makes an image of; else empty."""
    known = of_image(image.base)
    if not folder or known is None or known[1] not in PROXIES or code.has_code(folder):
        return ""
    passed_on = any(
        each.source == "proxy" and is_below(path, folder)
        for path, each in code.index.of(SettingDefined)
    )
    return known[1] if passed_on else ""


def add_packages(found: list[Component], code: SourceCode) -> None:
    """Runnable build modules that nothing deploys yet: Spring Boot modules, services with a
    start script or a server of their own."""
    known = {c.root for c in found if c.root is not None}
    named = {relaxed(name) for c in found for name in c.names}
    images = {folder_of(path) for path, _ in code.index.of(ImageBuilt)}
    whole = any(w.root == "" and w.image_fact for c in found for w in c.workloads)
    units = list(programs(code.index))
    declared = Counter(relaxed(unit_name(each.name, folder_of(path))) for path, each in units)
    shared = Counter(folder_name(folder_of(path)) for path, _ in units)
    mains = go_programs(code.index)
    deployed = {c.root for c in found if c.root and c.workloads}
    for path, package in units:
        folder = folder_of(path)
        if folder in known:
            continue
        if any(root and is_below(folder, root) for root in known):
            continue
        if package.ecosystem == "go" and folder not in mains and deployed & _below(mains, folder):
            continue  # its programs are units of their own, which it is a library of
        if any(is_script(root) and is_below(root, folder) for root in known):
            continue  # its programs are its files
        if whole and folder not in images and package.ecosystem in ("npm", "pypi"):
            continue  # it starts in the image of the whole repository
        if package.ecosystem == "npm" and any(
            c.workloads
            and c.root
            and is_below(c.root, folder)
            and f"{c.root}/package.json" not in code.index.files
            for c in found
        ):
            continue  # what they are built with: their folders have no package of their own
        name = unit_name(package.name, folder)
        if declared[relaxed(name)] > 1:  # copied from one to the next with the file
            name = folder_name(folder)
            if shared[name] > 1 and "/" in folder:
                if _around_one_deployed(found, package, folder):
                    continue
                name = f"{folder_name(folder_of(folder))}-{name}"
        if relaxed(name) in named or relaxed(folder.rpartition("/")[2]) in named:
            _adopt(found, code, relaxed(folder.rpartition("/")[2]), relaxed(name), folder)
            continue
        known.add(folder)
        longer = _called_shortly(found, [unit_name(u.name, folder_of(at)) for at, u in units], name)
        if longer is not None:
            longer.root, longer.technology = folder, code.technology(folder, "")
            longer.aliases |= {name, folder.rpartition("/")[2]}
            continue
        technology = of_dependencies(package.dependencies, package.ecosystem)
        found.append(
            Component(name, NodeKind.SERVICE, technology, folder, "",
                      {folder.rpartition("/")[2]}, [], package.at.in_file(path))
        )  # fmt: skip


def _called_shortly(found: list[Component], units: list[str], name: str) -> Component | None:
    """The one workload of an unknown source whose name is the unit's with a word written out or cut
    short, where no other unit could be meant."""
    fitting = [
        c
        for c in found
        if c.root is None and c.kind is NodeKind.SERVICE and shortened(c.name, name)
        and c.workloads and not any(of_image(w.image) for w in c.workloads)
    ]  # fmt: skip
    if len(fitting) != 1 or sum(shortened(fitting[0].name, unit) for unit in units) != 1:
        return None
    return fitting[0]


def _below(folders: set[str], folder: str) -> set[str]:
    return {each for each in folders if is_below(each, folder)}


def _around_one_deployed(found: list[Component], package: PackageDeclared, folder: str) -> bool:
    """Whether it is what is deployed under a better name, built for another place or for its tests:
    a module of Gradle around that one (`implementation project(":app")`)."""
    build = folder_of(folder)
    beside = {f"{build}/{name[1:]}" for name, _ in package.dependencies if name.startswith(":")}
    return any(c.workloads and c.root in beside for c in found)


def add_front_ends(found: list[Component], code: SourceCode) -> None:
    """Front ends beside programs that nothing deploys.

    Where something is deployed, what is not named there is part of what is: its pages, where there
    are not several programs. Not those that call a port which a deployment opens: they come from
    elsewhere.
    """
    own = [c for c in found if c.root]
    if len(own) < (MANY_PROGRAMS if any(c.workloads for c in own) else 1):
        return
    deployed = any(  # stores and consoles alone are started for developers
        w.root is not None or of_image(w.image) is None
        for c in found
        if c.kind is NodeKind.SERVICE
        for w in c.workloads
    )
    calling = _callers_of_open_ports(found, code) if deployed else []
    packed = {
        part for _, image in code.index.of(ImageBuilt) for copy in image.copies
        for part in copy.split("/")
    }  # fmt: skip
    roots = [c.root for c in found if c.root]
    named = {relaxed(name) for c in found for name in c.names}
    for path, package in code.index.of(PackageDeclared):
        folder = folder_of(path)
        scripts = {name for name, _ in package.scripts}
        if package.ecosystem != "npm" or not folder or scripts.isdisjoint(STARTING):
            continue
        technology = of_dependencies(package.dependencies, package.ecosystem)
        if technology not in FRONT_ENDS:
            continue
        if any(is_below(folder, root) or is_below(root, folder) for root in roots):
            continue
        if deployed and (
            not any(is_below(path, folder) for path in calling)
            or folder.rpartition("/")[2] in packed
            or any(c.root == "" for c in found)
        ):
            continue
        name = unit_name(package.name, folder)
        last = folder.rpartition("/")[2]
        if (
            code.index.role(path) is not Role.SOURCE
            or FOR_DESK.fullmatch(last)
            or {relaxed(name), relaxed(last)} & named
        ):
            continue
        roots.append(folder)
        at = package.at.in_file(path)
        found.append(Component(name, NodeKind.SERVICE, technology, folder, "", {last}, [], at))


def _callers_of_open_ports(found: list[Component], code: SourceCode) -> list[str]:
    """The files that know an address of the own machine whose port some workload is given there."""
    ports = {port for c in found for w in c.workloads for port in w.fact.host_ports}
    told: list[tuple[str, Value | None]] = [
        (path, each.value) for path, each in code.index.of(ConstantDefined)
    ]
    told += [(path, each.target) for path, each in code.index.of(RemoteCall)]
    told += [
        (path, each.value)
        for path, each in code.index.of(SettingDefined)
        if each.source == "dotenv"
    ]
    return [
        path
        for path, value in told
        for written in OPEN_PORT.findall(text_with_holes(value) if value is not None else "")
        if written in ports
    ]


def _adopt(
    found: list[Component], code: SourceCode, folder_name: str, package_name: str, folder: str
) -> None:
    """A workload of the same name, but of an unknown source, gets this folder."""
    for component in found:
        unplaced = component.root is None and component.kind is NodeKind.SERVICE
        if unplaced and {relaxed(n) for n in component.names} & {folder_name, package_name}:
            component.root = folder
            component.technology = code.technology(folder, "")
            return


def add_repository(found: list[Component], code: SourceCode) -> None:
    """No deployable is declared anywhere: the code is one application."""
    package = code.packages.get("")
    technology = code.technology("", "") if package else ""
    of_code = (EndpointServed, RemoteCall, ConstantDefined, QueryFound)
    written = {path for kind in of_code for path, _ in code.index.of(kind)}
    written |= {path for path, _ in code.index.imports_by_question}
    if not (code.packages or any(code.index.role(p) is Role.SOURCE for p in written)):
        return
    # A published image of the repository's name is what is built here.
    running = [
        each
        for each in found
        if each.kind is NodeKind.SERVICE
        and any(plain(image_name(w.image)) == plain(code.name) for w in each.workloads)
    ]
    for each in running:
        each.root, each.technology = "", technology
    serving = bool(code.index.of(EndpointServed)) or bool(code.index.of(ServerStarted))
    others = [c for c in found if c.workloads and not of_image(c.workloads[0].image)]
    if running or (len(others) > 1 and not serving):
        return  # it runs already, or the repository deploys what others hold
    found.append(Component(code.name, NodeKind.SERVICE, technology, ""))
