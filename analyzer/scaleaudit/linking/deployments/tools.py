"""Workloads that are no part of a system at work: one-off jobs, shells, what runs tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.linking.technologies import image_name, of_image
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.deployments.workload import Workload

TOOL_PROFILES = {"tools", "tool", "debug", "dev-tools", "test", "tests", "migrate", "seed"}
# Images that hold a shell and some commands; what runs in them is the script that they are given.
SHELLS = regex(
    r"busybox|alpine|curl|bash|mc|kubectl|k8s-kubectl|aws-cli|cloud-sdk|google-cloud-cli|azure-cli|git"
    r"|tiny-tools|netshoot|wait(-for-it|-for)?|dockerize|wait4x|jq|yq"
)
# Images of a system alone, and commands that only keep a container of one there to be entered.
SYSTEMS = regex(
    r"photon|ubuntu|debian|centos|fedora|rockylinux|almalinux|amazonlinux|archlinux|ubi\d?"
)
IDLES = regex(
    r"\b(?:while (?:true|:) ?; ?do sleep|sleep (?:infinity|inf|\d{3,})|tail -f /dev/null)\b"
)
PAGES = regex(r"nginx|httpd")  # by themselves these show only the page that says they work
TEST_RUNNERS = regex(r"(?i)^(playwright|cypress|selenium)([-_]\w+)?$")
FOR_TESTS = regex(r"(?i)(^|[-_.])(tests?|testing|ci|e2e)([-_.]?\d*)$|^tests?[-_.]")
# Own code that is packed to be tried out, by the image or by the service that runs it.
TEST_IMAGE = regex(r"(?i)(?<!load)[-_.](tests?|testing|e2e)$")
TEST_RUN = regex(
    r"(?i)^((unit|api|fuzz|component|integration|e2e|acceptance|smoke|contract|system)[-_.]?tests?|test[-_.]?runner)$"
)
ONCE = regex(r"(^|[-_.])(restore|init|setup|create|migrat\w*|seed\w*|fixtures?|hook)([-_.]|$)")
BESIDE = regex(r"(^|[-_.])(jobs?|backups?|cron|exporter)([-_.]|$)")


def beside_a_store(name: str) -> bool:
    """By its name something that an image of a store is used for, not the store itself."""
    return (BESIDE.search(name) or ONCE.search(name)) is not None


def is_tool(workload: Workload) -> bool:
    """Started by hand, or once to prepare something.

    A job of the repository's own code is none: what it does is a part of the product.
    """
    fact = workload.fact
    if fact.kind == "tool" or only_tools(workload):
        return True
    if fact.source == "procfile" and fact.kind == "job":
        return True  # the step before each new version
    if fact.kind == "step":
        return True  # the others start when it has ended
    if TEST_RUNNERS.match(workload.name):
        return True
    image = image_name(workload.image)
    if TEST_RUN.match(workload.name) or TEST_IMAGE.search(image):
        return True
    if workload.root is not None:
        return False
    if only_there(workload, image):
        return True
    known = of_image(workload.image)
    if known is not None and FOR_TESTS.search(workload.name):
        return True
    if known is not None and known[0] is not NodeKind.SERVICE and ONCE.search(workload.name):
        return True
    if fact.kind == "cron" and known is not None and known[0] is not NodeKind.SERVICE:
        return True  # a client of a store, of the store's own image
    return fact.kind == "job" or SHELLS.fullmatch(image) is not None


def only_there(workload: Workload, image: str) -> bool:
    """A system that waits to be entered, or a server of pages in a cluster that is given neither
    pages nor settings."""
    fact = workload.fact
    if SYSTEMS.fullmatch(image):
        return IDLES.search(" ".join(workload.command)) is not None
    return (
        PAGES.fullmatch(image) is not None
        and workload.image.count("/") == 0
        and fact.source in ("kubernetes", "helm")
        and not (workload.command or workload.environment or workload.open_environment)
        and not (fact.volumes or fact.mounted)
    )


def only_tools(workload: Workload) -> bool:
    """Only a profile for consoles and the like starts it."""
    profiles = {profile.lower() for profile in workload.fact.profiles}
    return bool(profiles) and profiles <= TOOL_PROFILES
