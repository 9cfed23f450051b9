"""Presets beside a conversation, done: used, kept, named, passed on, deleted and brought back."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import canonical_name
from ollama_tui.domain.preset import PARTS, Part, preset_from, summary
from ollama_tui.domain.text import one_line
from ollama_tui.services.preset_file import PresetError
from ollama_tui.tui.pane import beside, options
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.presets_panel import PresetsPanel
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.preset_folder import KeptPreset
    from ollama_tui.tui.pane.setup_deeds import SetupDeeds


async def toggle(pane: "SetupDeeds") -> None:
    """Open the list; from there, back to the form of options, or to the conversation."""
    panel = beside.shown(pane, PresetsPanel)
    if panel is not None and panel.has_focus_within:
        await beside.leave(pane)
        return
    if panel is None:
        await options.flush(pane)
        panel = PresetsPanel()
        await beside.show(pane, panel)
        await refresh(pane)
    panel.take_focus()


async def refresh(pane: "SetupDeeds", key: str = "") -> None:
    """Show what is in the folder now."""
    panel = beside.shown(pane, PresetsPanel)
    if panel is None:
        return
    try:
        shelf = await pane.workspace.presets.shelf()
        defaults = await pane.workspace.presets.defaults()
    except Failure as failure:
        _complain(pane, failure)
        return
    panel.show(shelf, _model(pane), defaults, key)
    pane.offer_presets()


async def use(pane: "SetupDeeds", name: str) -> None:
    """Copy the preset of a name into the conversation; `save NAME` keeps one; without a name, show them."""
    if not name:
        await toggle(pane)
        return
    verb, _blank, new_name = name.partition(" ")
    try:
        if verb.casefold() == "save" and (await pane.workspace.presets.shelf()).find(name, _model(pane)) is None:
            await _save(pane, new_name)
        else:
            await options.apply(pane, await pane.workspace.presets.find(name, _model(pane)))
    except (Failure, PresetError) as failure:
        _complain(pane, failure)


async def do(pane: "SetupDeeds", verb: str, kept: "KeptPreset | None") -> None:
    """Do what was asked for in the list; only from a worker, since it may ask back."""
    try:
        if kept is not None:
            kept = await _as_it_is(pane, kept)
        match verb, kept:
            case "save", _kept:
                await _save(pane)
            case "import", _kept:
                await _import(pane)
            case "restore", _kept:
                await _restore(pane)
            case "apply", found if found is not None:
                await options.apply(pane, found)
            case "rename", found if found is not None:
                await _rename(pane, found)
            case "model", found if found is not None:
                await _bind(pane, found)
            case "default", found if found is not None:
                await _default(pane, found)
            case "delete", found if found is not None:
                await pane.workspace.presets.delete(found)
                await refresh(pane)
                pane.prompt.say(_("Deleted {name}; u brings it back.").format(name=one_line(found.preset.name)))
            case "export", found if found is not None:
                await _export(pane, found)
            case _:
                pass
    except (Failure, PresetError) as failure:
        _complain(pane, failure)
    if (panel := beside.shown(pane, PresetsPanel)) is not None:
        panel.take_focus()


async def _as_it_is(pane: "SetupDeeds", kept: "KeptPreset") -> "KeptPreset":
    """The preset as its file has it now, which may have been written by hand since the list was shown.

    Raises:
        PresetError: the file is gone, or holds no preset any more; the list shows it then.
    """
    shelf = await pane.workspace.presets.shelf()
    found = next((one for one in shelf.presets if one.path == kept.path), None)
    if found is None:
        await refresh(pane)
        broken = next((one for one in shelf.broken if one.path == kept.path), None)
        gone = _("{file} is not there any more.").format(file=one_line(kept.path.name))
        raise PresetError(str(broken) if broken is not None else gone)
    return found


def _complain(pane: "SetupDeeds", failure: Failure | PresetError) -> None:
    told = f"{failure.message} {failure.hint}".strip() if isinstance(failure, Failure) else str(failure)
    pane.prompt.complain(told)


def _model(pane: "SetupDeeds") -> str:
    model = pane.conversation.setup.model
    return canonical_name(model.name) if model else ""


async def _save(pane: "SetupDeeds", name: str | None = "") -> None:
    setup = pane.conversation.setup
    whole = preset_from(setup, "")
    if not whole.parts:
        pane.prompt.complain(_("Nothing is set in this conversation: there is nothing to keep yet."))
        return
    if not name:
        name = await pane.ask_person(_("Keep these options under which name?"), field="", placeholder=_("a name"))
    if name is None or not name.strip():
        return
    parts = await _which_parts(pane, whole.parts)
    if parts is None:
        return
    preset = preset_from(setup, name, parts=parts)
    shelf = await pane.workspace.presets.shelf()
    over = next((kept for kept in shelf.presets if kept.preset.name.casefold() == preset.name.casefold()), None)
    if over is not None:
        answer = await pane.ask_person(
            _("There is a preset {name}.").format(name=one_line(preset.name)),
            [Choice("over", _("replace what it says"), "r"), Choice("no", _("leave it"), "l")],
        )
        if answer != "over":
            return
        preset = replace(preset, model=over.preset.model)
    kept = await pane.workspace.presets.save(preset, over=over)
    await refresh(pane, kept.id)
    pane.offer_presets()
    pane.prompt.say(_("Kept as {name}: {what}.").format(name=one_line(preset.name), what=summary(preset)))


async def _which_parts(pane: "SetupDeeds", found: tuple[Part, ...]) -> tuple[Part, ...] | None:
    """All of what is set, or some of it; None if the person went away."""
    if len(found) == 1:
        return found
    names = ", ".join(found)
    choices = [Choice("all", _("all that is set here: {names}").format(names=names), "a")]
    if "system" in found:
        rest = ", ".join(part for part in found if part != "system")
        choices.append(Choice("rest", _("all but the system prompt: {names}").format(names=rest), "b"))
    choices += [Choice(part, _("only {name}").format(name=part), part[0]) for part in found]
    answer = await pane.ask_person(_("Which parts?"), choices)
    if answer is None:
        return None
    if answer == "rest":
        return tuple(part for part in found if part != "system")
    return found if answer == "all" else tuple(part for part in PARTS if part == answer)


async def _rename(pane: "SetupDeeds", kept: "KeptPreset") -> None:
    name = await pane.ask_person(_("The preset's name:"), field=kept.preset.name)
    if name is not None and name.strip():
        renamed = await pane.workspace.presets.rename(kept, name)
        await refresh(pane, renamed.id)


async def _bind(pane: "SetupDeeds", kept: "KeptPreset") -> None:
    model = _model(pane)
    bound = "" if kept.preset.model else model
    await pane.workspace.presets.save(replace(kept.preset, model=bound), over=kept)
    await refresh(pane, kept.id)
    told = _("{name} is for {model} only.") if bound else _("{name} is for any model.")
    pane.prompt.say(told.format(name=one_line(kept.preset.name), model=one_line(bound)))


async def _default(pane: "SetupDeeds", kept: "KeptPreset") -> None:
    model = _model(pane)
    if not model:
        return
    presets = pane.workspace.presets
    was = (await presets.defaults()).get(model.casefold())
    await presets.set_default(model, None if was == kept.id else kept)
    await refresh(pane, kept.id)
    told = (
        _("New conversations with {model} begin without a preset.")
        if was == kept.id
        else _("New conversations with {model} begin with {name}.")
    )
    pane.prompt.say(told.format(model=one_line(model), name=one_line(kept.preset.name)))


async def _restore(pane: "SetupDeeds") -> None:
    kept = await pane.workspace.presets.restore()
    if kept is None:
        pane.prompt.say(_("No preset was deleted."))
        return
    await refresh(pane, kept.id)
    pane.prompt.say(_("{name} is back.").format(name=one_line(kept.preset.name)))


async def _export(pane: "SetupDeeds", kept: "KeptPreset") -> None:
    target = await pane.ask_person(
        _("Write {name} to which file or folder?").format(name=one_line(kept.preset.name)),
        field=str(Path("~") / kept.path.name),
    )
    if target is None or not target.strip():
        return
    try:
        path = await pane.workspace.presets.export(kept, Path(target.strip()))
    except FileExistsError:
        answer = await pane.ask_person(
            _("{path} is there already.").format(path=one_line(target.strip())),
            [Choice("no", _("leave it"), "l"), Choice("over", _("replace it"), "r")],
        )
        if answer != "over":
            return
        path = await pane.workspace.presets.export(kept, Path(target.strip()), replace_it=True)
    pane.prompt.say(_("Written to {path}.").format(path=one_line(str(path))))


async def _import(pane: "SetupDeeds") -> None:
    source = await pane.ask_person(_("Take a preset from which file?"), field="", placeholder="~/preset.toml")
    if source is None or not source.strip():
        return
    kept = await pane.workspace.presets.take_in(Path(source.strip()))
    await refresh(pane, kept.id)
    told = [_("Taken in as {name}; Enter uses it.").format(name=one_line(kept.preset.name)), *kept.remarks]
    pane.prompt.say(sign(" · ").join(told))
