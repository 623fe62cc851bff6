"""Which of several settings of one key counts: the one of the profile that is deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from scaleaudit.facts import SettingDefined
    from scaleaudit.linking.components.component import Component

# Where nothing says which profile is deployed: the files of containers and of production override
# the plain one, and that those of a developer.
ORDER = ("docker", "container", "prod", "production", "kubernetes", "k8s", "cloud", "", "default")
LAST = len(ORDER) + 1
_OF_FILE = regex(r"(?:(?:application|bootstrap)[-_]|appsettings\.)([\w-]+)\.\w+$")
_ARGUMENT = regex(r"(?:-D|--)spring\.profiles\.active=([\w,.-]+)")
_KEYS = {"springprofilesactive", "quarkusprofile", "micronautenvironments", "aspnetcoreenvironment",
         "dotnetenvironment"}  # fmt: skip


def profile_rank(
    path: str, setting: SettingDefined, profile: str = "", active: tuple[tuple[str, ...], ...] = ()
) -> int:
    """Lower is nearer to what runs in production.

    `profile`: of the file, where its name alone does not tell; `active`: what each
    deployment switches on, the strongest first.
    """
    name = path.rpartition("/")[2].lower()
    match = _OF_FILE.match(name)
    own = (setting.group or profile or (match[1] if match else "")).lower()
    if setting.source == "rails":
        own = "" if own == "production" else own or "zz"
    if "example" in name or "sample" in name or own == "example":
        return LAST
    orders = [(*each, "") for each in active] or [ORDER]
    words = [word for word in re.split(r"[^\w!-]+", own) if word] or [own]
    return min(
        order.index(word) if word in order else len(ORDER) for order in orders for word in words
    )


def active_profiles(component: Component) -> tuple[tuple[str, ...], ...]:
    """For each way to deploy it the profiles switched on, the strongest first; empty: not said."""
    found: list[tuple[str, ...]] = []
    for workload in component.workloads:
        given = [
            text_with_holes(value)
            for name, (value, _) in workload.environment.items()
            if value is not None and relaxed(name) in _KEYS
        ]
        built = workload.image_fact.command if workload.image_fact is not None else ()
        given += _ARGUMENT.findall(" ".join((*workload.command, *built)))
        listed = [
            profile
            for text in given
            for profile in reversed(re.split(r"[,\s]+", text.lower()))
            if profile and "{" not in profile
        ]
        if listed:
            found.append(tuple(dict.fromkeys(listed)))
    return tuple(dict.fromkeys(found))
