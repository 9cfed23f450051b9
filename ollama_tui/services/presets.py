"""The person's presets: a folder with a file for each. The files are the truth, and may be written by hand."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import now
from ollama_tui.domain.model import canonical_name
from ollama_tui.domain.options import Options
from ollama_tui.domain.preset import Preset, clean_name
from ollama_tui.services import preset_folder
from ollama_tui.services.preset_file import PresetError
from ollama_tui.services.preset_folder import KeptPreset, Shelf
from ollama_tui.storage.conversations import BIN_TIME
from ollama_tui.storage.state import State

_DEFAULTS = "preset.defaults"

_T = TypeVar("_T")


class Presets:
    """Reads and changes the folder. Every method raises LocalFailure where the disk does not let it."""

    def __init__(self, folder: Path, state: State) -> None:
        self.folder = folder
        self._state = state
        self._deleted: list[tuple[Path, Path]] = []
        """Where deleted files lie, and where they were."""

    async def shelf(self) -> Shelf:
        """All presets, and the files that are broken: they do the others no harm."""
        return await _on_disk(self.folder, lambda: preset_folder.read_folder(self.folder), "file-unreadable")

    async def find(self, name: str, model: str = "") -> KeptPreset:
        """The preset of a name.

        Raises:
            PresetError: there is none, or its file is broken.
        """
        shelf = await self.shelf()
        if (kept := shelf.find(name, model)) is not None:
            return kept
        wanted = clean_name(name).casefold()
        for broken in shelf.broken:
            if broken.path.stem.casefold() == wanted:
                raise PresetError(str(broken))
        if not shelf.presets:
            raise PresetError(_("There are no presets yet: {folder} is where they go.").format(folder=self.folder))
        names = ", ".join(dict.fromkeys(kept.preset.name for kept in shelf.presets))
        raise PresetError(_("There is no preset {name}. There are: {names}.").format(name=repr(name[:60]), names=names))

    async def save(self, preset: Preset, *, over: KeptPreset | None = None) -> KeptPreset:
        """Keep a preset in a file of its own, or in that of the one that it replaces."""
        return await _on_disk(self.folder, lambda: preset_folder.save(self.folder, preset, over.path if over else None))

    async def rename(self, kept: KeptPreset, name: str) -> KeptPreset:
        """Give another name. The file keeps its own, so that what refers to it finds it, and all else that is in it."""
        return await _on_disk(kept.path, lambda: preset_folder.rename(kept.path, clean_name(name)))

    async def delete(self, kept: KeptPreset) -> None:
        """Put a preset's file aside; `restore` brings it back, and so does whoever moves the file."""
        aside = await _on_disk(kept.path, lambda: preset_folder.put_aside(kept.path))
        self._deleted.append((aside, kept.path))

    async def restore(self) -> KeptPreset | None:
        """Bring back the preset that was deleted last; None if there is none."""
        if not self._deleted:
            return None
        aside, path = self._deleted[-1]
        kept = await _on_disk(path, lambda: preset_folder.bring_back(aside, path))
        self._deleted.pop()
        return kept

    async def purge_due(self) -> None:
        """Remove for good what was deleted or replaced 30 days ago."""
        before = (now() - BIN_TIME) / 1000
        await _on_disk(self.folder, lambda: preset_folder.purge(self.folder, before))

    async def export(self, kept: KeptPreset, target: Path, *, replace_it: bool = False) -> Path:
        """Write a copy to a path, or into a folder; where it is now.

        Raises:
            FileExistsError: there is a file already, and it is not to be replaced.
        """
        return await _on_disk(target, lambda: preset_folder.export(kept, target, replace_it=replace_it))

    async def take_in(self, path: Path) -> KeptPreset:
        """Keep a copy of somebody's file. A name that is taken gets a number.

        Raises:
            PresetError: it is no preset.
        """
        reading = await _on_disk(path, lambda: preset_folder.read(path), "file-unreadable")
        taken = {kept.preset.name.casefold() for kept in (await self.shelf()).presets}
        name, number = reading.preset.name, 2
        while name.casefold() in taken:
            name, number = f"{reading.preset.name} {number}", number + 1
        kept = await self.save(replace(reading.preset, name=name))
        return replace(kept, remarks=reading.remarks)

    async def erase(self) -> None:
        """Delete all of them, for good."""
        self._deleted.clear()
        await _on_disk(self.folder, lambda: shutil.rmtree(self.folder) if self.folder.exists() else None)

    # The presets that new conversations begin with

    async def defaults(self) -> Mapping[str, str]:
        """Models to the ids of their default presets."""
        value = await self._state.get(_DEFAULTS)
        found = cast("dict[object, object]", value) if isinstance(value, dict) else {}
        return {str(model): str(kept) for model, kept in found.items()}

    async def set_default(self, model: str, kept: KeptPreset | None) -> None:
        """Begin new conversations with `model` with this preset, or with none."""
        key = canonical_name(model).casefold()
        defaults = {name: kept_id for name, kept_id in (await self.defaults()).items() if name != key}
        await self._state.set(_DEFAULTS, {**defaults, key: kept.id} if kept else defaults)

    async def default_of(self, model: str) -> KeptPreset | None:
        """The preset that new conversations with `model` begin with, if one was chosen and is there."""
        chosen = (await self.defaults()).get(canonical_name(model).casefold())
        if chosen is None:
            return None
        return next((kept for kept in (await self.shelf()).presets if kept.id == chosen), None)

    async def begin(self, setup: Setup, given: Options) -> Setup:
        """How a new conversation asks: `setup` with its model's default preset over what the configuration gives.

        A preset that cannot be read is as none: the conversation must begin.
        """
        if setup.model is None:
            return setup
        try:
            kept = await self.default_of(setup.model.name)
        except LocalFailure:
            return setup
        return kept.preset.apply(setup, given) if kept else setup


async def _on_disk(path: Path, work: Callable[[], _T], what: str = "file-unwritable") -> _T:
    try:
        return await asyncio.to_thread(work)
    except FileExistsError:
        raise
    except OSError as error:
        shown = str(error.filename or path)
        raise LocalFailure(what=what, path=shown, detail=error.strerror or str(error)) from None
