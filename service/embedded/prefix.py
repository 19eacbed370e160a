"""Prefixes: folders in the cache that hold the unpacked packages of one server and all its libraries."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded import apt
from service.embedded.errors import EmbeddedError, Unavailable, disk_full_explained
from service.embedded.folders import cache_folder, only_one, private_folder
from service.embedded.progress import Progress


@dataclass(frozen=True)
class Recipe:
    """What to download for one installation, and what its programs are called in there."""

    name: str
    title: str
    suites: Sequence[str]
    packages: Sequence[str] = ()
    alone: Sequence[str] = ()
    pool: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def location(recipe: Recipe) -> Path:
    return cache_folder() / "servers" / f"{recipe.name}-{apt.architecture()}"


def ensure_prefix(recipe: Recipe, progress: Progress) -> Path:
    """The folder that holds the unpacked packages of `recipe`; it appears complete or not at all."""
    target = location(recipe)
    if target.exists():
        return target
    with (
        disk_full_explained(target.parent),
        only_one(
            target.with_name(f"{target.name}.lock"),
            waiting=lambda: progress.note(f"Another process is downloading {recipe.title}: waiting for it."),
        ),
    ):
        if not target.exists():
            _build(recipe, target, progress)
    return target


def _build(recipe: Recipe, target: Path, progress: Progress) -> None:
    download = private_folder(cache_folder() / "download" / target.name)
    unfinished = target.with_name(f"{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _unpack(_download(recipe, download, progress), unfinished, f"Unpacking {recipe.title}", progress)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(download)  # kept until here, so that an interrupted download goes on where it was


def _download(recipe: Recipe, folder: Path, progress: Progress) -> list[Path]:
    what = f"Downloading {recipe.title}"
    pinned = recipe.pool.get(apt.architecture(), {})
    if recipe.pool and not pinned:
        raise Unavailable(f"Debian has no {recipe.title} for {apt.architecture()}.")
    progress.step(what, 0.0)
    private = apt.PrivateApt(folder, recipe.suites)
    private.update(lambda fraction: progress.step(what, 0.2 * fraction))
    local = [private.from_pool(path, sha256) for path, sha256 in pinned.items()]
    private.download([*recipe.packages, *local], lambda fraction: progress.step(what, 0.2 + 0.8 * fraction))
    for package in recipe.alone:
        private.download_alone(package)
    progress.step(what, 1.0)
    return sorted(private.archives.glob("*.deb"))


def _unpack(packages: Sequence[Path], prefix: Path, what: str, progress: Progress) -> None:
    private_folder(prefix)
    for done, package in enumerate(packages, start=1):
        said = subprocess.run(
            ["dpkg-deb", "-x", package, prefix], capture_output=True, text=True, check=False
        )
        if said.returncode:
            raise apt.explain(said.stderr, prefix.parent)
        progress.step(what, done / len(packages))


def loaded(prefix: Path, program: str) -> tuple[str, ...]:
    """How to run `program` with the libraries of `prefix`: all of them, libc too, are newer here."""
    triplet = apt.TRIPLETS[apt.architecture()]
    folders = [prefix / folder / triplet for folder in ("usr/lib", "lib")] + [
        prefix / "usr/lib/mysql/private"
    ]
    loaders = [found for folder in folders for found in folder.glob("ld-linux-*.so.*")]
    if not loaders:
        raise EmbeddedError(f"The folder {prefix} is incomplete: remove it and try again.")
    return str(loaders[0]), "--library-path", ":".join(map(str, folders)), str(prefix / program)
