"""How the panes are arranged, as it is remembered: which conversations, in which order and sizes, and the focus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress
from ollama_tui.domain.message import THINK_LEVELS
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.options import OptionValue
from ollama_tui.tui.panes.plan import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A pane: a conversation, or the models."""

    conversation_id: str = ""
    """Empty for the models, and for a conversation that is not kept."""
    models: bool = False
    share: Share = Share()  # noqa: RUF009 - frozen
    own: HostAddress | None = None
    """The server that new conversations ask there."""
    asked: HostAddress | None = None
    """The server that this conversation asks."""
    setup: Setup | None = None
    """How a conversation asks that was never asked anything, and so is not kept elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Several panes; one alone needs none."""

    slots: tuple[Slot, ...]
    focused: int = 0
    tied: bool = False
    """Whether they scroll together."""
    asks_all: bool = False
    """Whether one prompt asks them all."""
    comparison: Mapping[str, object] = field(default_factory=dict[str, object])
    """What is compared, as its service keeps it; empty without."""
    begun_with: HostAddress | None = None
    """The server that the program was started with."""

    def as_json(self) -> dict[str, object]:
        """What JSON can hold of it: all."""
        return {
            "panes": [_slot_json(slot) for slot in self.slots],
            "focused": self.focused,
            "tied": self.tied,
            "asks_all": self.asks_all,
            "comparison": dict(self.comparison),
            "begun_with": _address_json(self.begun_with) if self.begun_with is not None else None,
        }

    def for_start_with(self, address: HostAddress) -> "Arrangement | None":
        """What may be brought back by a program that is started with a server.

        One that was named for this start, and is another than last time, is not overruled by what the panes asked then:
        None, unless that was it everywhere. The demo is for new conversations only where it was asked for again.
        """
        same = self.begun_with is not None and self.begun_with.id == address.id
        if same or address.source in ("default", "remembered"):
            slots = [replace(slot, own=None) if _is_demo(slot.own) and not same else slot for slot in self.slots]
            return replace(self, slots=tuple(slots))
        if any(slot.asked is None or slot.asked.id != address.id for slot in self.slots if not slot.models):
            return None
        return replace(self, slots=tuple(replace(slot, own=None) for slot in self.slots))


def read_arrangement(value: object, most: int) -> Arrangement | None:
    """What `as_json` gave; None if it is nothing of the kind, as another version may have written it."""
    kept = _mapping(value)
    panes = kept.get("panes")
    slots = [_read_slot(_mapping(item)) for item in cast("list[object]", panes)] if isinstance(panes, list) else []
    slots = slots[:most]
    if len(slots) < 2 or all(slot.models for slot in slots):
        return None
    focused = kept.get("focused")
    return Arrangement(
        slots=tuple(slots),
        focused=focused if isinstance(focused, int) and 0 <= focused < len(slots) else 0,
        tied=kept.get("tied") is True,
        asks_all=kept.get("asks_all") is True,
        comparison=_mapping(kept.get("comparison")),
        begun_with=_address(_mapping(kept.get("begun_with"))),
    )


def _slot_json(slot: Slot) -> dict[str, object]:
    found: dict[str, object] = {"width": slot.share.width, "height": slot.share.height}
    if slot.models:
        return found | {"models": True}
    if slot.conversation_id:
        found["conversation"] = slot.conversation_id
    for name, address in (("own", slot.own), ("asked", slot.asked)):
        if address is not None:
            found[name] = _address_json(address)
    if (setup := slot.setup) is not None:
        found["setup"] = {
            "model": setup.model.name if setup.model else None,
            "host": setup.model.host_id if setup.model else None,
            "system": setup.system,
            "options": dict(setup.options),
            "think": setup.think,
            "format": setup.format if isinstance(setup.format, str | None) else dict(setup.format),
            "keep_alive": setup.keep_alive,
        }
    return found


def _read_slot(kept: Mapping[str, object]) -> Slot:
    conversation = kept.get("conversation")
    return Slot(
        conversation_id=conversation if isinstance(conversation, str) else "",
        models=kept.get("models") is True,
        share=Share(_share(kept.get("width")), _share(kept.get("height"))),
        own=_address(_mapping(kept.get("own"))),
        asked=_address(_mapping(kept.get("asked"))),
        setup=_setup(_mapping(kept.get("setup"))) if "setup" in kept else None,
    )


def _setup(kept: Mapping[str, object]) -> Setup:
    model, host, system = kept.get("model"), kept.get("host"), kept.get("system")
    think, form, keep = kept.get("think"), kept.get("format"), kept.get("keep_alive")
    options = {
        name: cast("OptionValue", tuple(cast("Sequence[str]", option)) if isinstance(option, list) else option)
        for name, option in _mapping(kept.get("options")).items()
        if isinstance(option, bool | int | float | str | list)
    }
    return Setup(
        model=ModelRef(host_id=host, name=model) if isinstance(model, str) and isinstance(host, str) else None,
        system=system if isinstance(system, str) else "",
        options=options,
        think=think if isinstance(think, bool) else next((level for level in THINK_LEVELS if level == think), None),
        format=form if isinstance(form, str) else (_mapping(form) or None),
        keep_alive=keep if isinstance(keep, float | int | str) and not isinstance(keep, bool) else None,
    )


def _is_demo(address: HostAddress | None) -> bool:
    return address is not None and address.id == DEMO_HOST_ID


def _address_json(address: HostAddress) -> dict[str, object]:
    return {"id": address.id, "url": address.url}


def _address(kept: Mapping[str, object]) -> HostAddress | None:
    host, url = kept.get("id"), kept.get("url")
    if not isinstance(host, str) or not isinstance(url, str) or not (url or host == DEMO_HOST_ID):
        return None
    return HostAddress(id=host, url=url, source="demo" if host == DEMO_HOST_ID else "remembered")


def _share(value: object) -> float:
    return min(10.0, max(0.1, float(value))) if isinstance(value, int | float) else 1.0


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
