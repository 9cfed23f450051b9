"""Presets on the disk: reading the folder, and changing its files. All of it blocks; all of it may raise OSError."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ollama_tui.domain.i18n import _
from ollama_tui.domain.preset import Preset, clean_name
from ollama_tui.domain.text import one_line
from ollama_tui.services.preset_file import PresetError, Reading, read_preset, renamed, write_preset

SUFFIX = ".toml"
_DELETED = "deleted"
_SIZE = 2_000_000
"""Bytes of a preset's file, at most."""


@dataclass(frozen=True, slots=True)
class KeptPreset:
    """A preset, its file, and what in the file has no effect."""

    preset: Preset
    path: Path
    remarks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class BrokenPreset:
    """A file that holds no preset: where, from 1 (0 for the whole), and why."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return _told(self.path, self.reason, self.line)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is in the folder."""

    presets: tuple[KeptPreset, ...]
    """By name."""
    broken: tuple[BrokenPreset, ...]

    def find(self, name: str, model: str = "") -> KeptPreset | None:
        """The preset of a name, whatever its case: one for this `model` before one for any, before one for another."""
        wanted = clean_name(name).casefold()
        named = [kept for kept in self.presets if wanted in (kept.preset.name.casefold(), kept.id.casefold())]
        return min(named, key=lambda kept: (not kept.preset.suits(model), not kept.preset.model), default=None)


def _told(path: Path, reason: str, line: int) -> str:
    name = one_line(path.name)
    if line:
        return _("{file}, line {line}: {reason}").format(file=name, line=line, reason=reason)
    return _("{file}: {reason}").format(file=name, reason=reason)


def read(path: Path) -> Reading:
    """Raises PresetError, OSError."""
    path = Path(os.path.expanduser(path))
    return read_preset(_read_text(path), path.stem)


def _read_text(path: Path) -> str:
    if path.is_dir():
        raise PresetError(_("{path} is a folder.").format(path=path))
    if path.exists() and not path.is_file():
        raise PresetError(_("{path} is no file.").format(path=path))
    with path.open("rb") as file:
        content = file.read(_SIZE + 1)
    if len(content) > _SIZE:
        raise PresetError(_("it is too large for a preset"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PresetError(_("it is not in UTF-8"), line) from None


def rename(path: Path, name: str) -> KeptPreset:
    _write(path, renamed(_read_text(path), name))
    reading = read(path)
    return KeptPreset(reading.preset, path, reading.remarks)


def read_folder(folder: Path) -> Shelf:
    presets: list[KeptPreset] = []
    broken: list[BrokenPreset] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == SUFFIX and not path.is_dir())
    except FileNotFoundError:
        return Shelf((), ())
    for path in paths:
        try:
            reading = read(path)
            presets.append(KeptPreset(reading.preset, path, reading.remarks))
        except PresetError as error:
            broken.append(BrokenPreset(path, error.line, error.reason))
        except OSError as error:
            broken.append(BrokenPreset(path, 0, error.strerror or str(error)))
    presets.sort(key=lambda kept: (kept.preset.name.casefold(), kept.preset.model))
    return Shelf(tuple(presets), tuple(broken))


def save(folder: Path, preset: Preset, over: Path | None) -> KeptPreset:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if over is not None and over.exists():  # what was in it may have been written by hand
        shutil.copyfile(over, _free(_aside(over), over.stem))
    path = over or _free(folder, preset.name)
    _write(path, write_preset(preset))
    return KeptPreset(preset, path)


def _free(folder: Path, name: str) -> Path:
    """A file that was not there, made for this name and empty. The name is somebody's text: no path of it is used."""
    stem = re.sub(r"[^\w-]+", "-", name).strip("-_") or "preset"
    number = 1
    while True:
        path = folder / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
        try:
            path.open("x").close()
        except FileExistsError:
            number += 1
        else:
            return path


def _write(path: Path, text: str) -> None:
    """All of it or nothing of it, readable by the person alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".preset-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _aside(path: Path) -> Path:
    """The folder for what is not to be used any more."""
    folder = path.parent / _DELETED
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def put_aside(path: Path) -> Path:
    aside = path.replace(_free(_aside(path), path.stem))
    os.utime(aside)  # a file keeps its time when it is moved: this is from when it counts as deleted
    return aside


def purge(folder: Path, before: float) -> None:
    """Remove for good what was put aside before this time, in seconds since 1970."""
    for path in (folder / _DELETED).glob(f"*{SUFFIX}"):
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink()


def bring_back(aside: Path, path: Path) -> KeptPreset:
    if path.exists():
        path = _free(path.parent, path.stem)
    aside.replace(path)
    reading = read(path)
    return KeptPreset(reading.preset, path, reading.remarks)


def export(kept: KeptPreset, target: Path, *, replace_it: bool) -> Path:
    target = Path(os.path.expanduser(target))
    if target.is_dir():
        target /= kept.path.name
    elif not target.suffix:
        target = target.with_name(target.name + SUFFIX)
    if not replace_it:
        target.open("x").close()
    try:
        shutil.copyfile(kept.path, target)
    except OSError:
        if not replace_it:
            target.unlink(missing_ok=True)
        raise
    return target
