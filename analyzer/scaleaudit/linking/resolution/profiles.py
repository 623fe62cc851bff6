"""Which of several settings of one key counts: the one of the profile that is deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.linking.names import NAMED, relaxed
from scaleaudit.regex import regex
from scaleaudit.values import Setting, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import SettingDefined
    from scaleaudit.linking.components.component import Component
    from scaleaudit.values import Value

# Where nothing says which profile is deployed: the files of containers and of production override
# the plain one, and that those of a developer.
DEPLOYED = ("docker", "container", "prod", "production", "kubernetes", "k8s", "cloud")
PLAIN = ("", "default")
UNUSED = 100  # the rank of a profile that nothing switches on
LAST = UNUSED + 1
_OF_FILE = regex(r"(?:(?:application|bootstrap)[-_]|appsettings\.)([\w-]+)\.\w+$")
_ARGUMENT = regex(r"(?:-D|--)spring\.profiles\.active=([\w,.-]+)")
_KEYS = {"springprofilesactive", "quarkusprofile", "micronautenvironments", "aspnetcoreenvironment",
         "dotnetenvironment"}  # fmt: skip
OWN_KEY = "springprofilesactive"  # which a program also writes into its own files


def profile_rank(
    path: str,
    setting: SettingDefined,
    profile: str = "",
    active: tuple[tuple[str, ...], ...] = (),
    usual: tuple[str, ...] = (),
) -> int:
    """Lower is nearer to what runs in production.

    `profile`: of the file, where its name alone does not tell; `active`: what each
    deployment switches on, the strongest first; `usual`: what the program's own settings
    switch on where no deployment says it.
    """
    name = path.rpartition("/")[2].lower()
    own = (setting.group or profile or profile_in(path)).lower()
    if profile == NAMED:
        own = setting.group.lower()
    if setting.source == "rails":
        own = "" if own == "production" else own or "zz"
    if "example" in name or "sample" in name or own == "example":
        return LAST
    orders = [(*each, "") for each in active] or [(*DEPLOYED, *usual, *PLAIN)]
    words = [word for word in re.split(r"[^\w!-]+", own) if word] or [own]
    return min(order.index(word) if word in order else UNUSED for order in orders for word in words)


def profile_in(path: str) -> str:
    """The profile that a file is called by."""
    match = _OF_FILE.match(path.rpartition("/")[2].lower())
    return match[1] if match else ""


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
        listed = [profile for text in given for profile in _listed(text)]
        if listed:
            found.append(tuple(dict.fromkeys(listed)))
    return tuple(dict.fromkeys(found))


def usual_profiles(settings: Iterable[tuple[str, SettingDefined]]) -> tuple[str, ...]:
    """What a program's settings (with their files) switch on by themselves, the strongest first."""
    return tuple(
        dict.fromkeys(
            profile
            for path, setting in settings
            if not setting.group and not profile_in(path)
            for profile in _listed(_text(setting.value))
        )
    )


def _text(value: Value) -> str:
    """`${PROFILE:dev}`: what stands there where nothing is set."""
    if isinstance(value, Setting):
        return _text(value.default) if value.default is not None else ""
    return text_with_holes(value)


def _listed(text: str) -> list[str]:
    """The profiles of a list, the last and strongest first."""
    words = re.split(r"[,\s]+", text.lower())
    return [word for word in reversed(words) if re.fullmatch(r"[\w.-]+", word)]
