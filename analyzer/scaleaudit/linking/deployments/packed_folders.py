"""Folders that only say how an image is packed: a Dockerfile, a script, and no code.

`services/orders/` has the Dockerfile, and `src/` the code of all services: what the image holds is
the context that it is built from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.technologies import of_image

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.source import SourceFile

CODE = frozenset({
    "go", "rust", "python", "ruby", "php", "javascript", "typescript", "tsx", "vue", "svelte", "java", "kotlin",
    "csharp", "elixir",
})  # fmt: skip
MANY = 2  # folders and files that an image takes


def own_folder(
    workload: Workload, root: str, files: Mapping[str, SourceFile], packages: Collection[str]
) -> str:
    """The folder of its Dockerfile; the context where no code is beside that file, and the image
    takes some from elsewhere: not of a proxy, which is packed with pages and settings."""
    own, image = folder_of(workload.dockerfile), workload.image_fact
    if own == root or not is_below(own, root) or image is None or len(image.copies) < MANY:
        return own
    if of_image(image.base) is not None or _holds_code(own, files, packages):
        return own
    taken = (resolve_path(root, copy) for copy in image.copies)
    elsewhere = [each for each in taken if each and not is_below(each, own)]
    return root if any(_holds_code(each, files, packages) for each in elsewhere) else own


def place_packed(
    workload: Workload,
    found: Iterable[Workload],
    files: Mapping[str, SourceFile],
    packages: Collection[str],
) -> None:
    """A workload that was found by such a folder: another deployment tells of what it is built."""
    folder = workload.root
    same = next((w for w in found if w.dockerfile and folder_of(w.dockerfile) == folder), None)
    if folder and same is not None and not _holds_code(folder, files, packages):
        workload.root, workload.image_fact = same.root, same.image_fact


def _holds_code(folder: str, files: Mapping[str, SourceFile], packages: Collection[str]) -> bool:
    return any(is_below(each, folder) for each in packages) or any(
        is_below(path, folder) and file.kind in CODE for path, file in files.items()
    )
