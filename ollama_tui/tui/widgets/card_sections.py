"""What a model's details say, section by section, as `ollama show` orders and names it."""

from collections.abc import Mapping, Sequence

from ollama_tui.domain.cells import cells, padded
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.model import LoadedModel, Model, ModelCard
from ollama_tui.domain.text import drawable
from ollama_tui.domain.units import human_bytes, human_number, human_time, processor, until
from ollama_tui.tui.signs import sign

SECTIONS: tuple[tuple[str, str], ...] = (
    ("overview", mark("Overview")),
    ("parameters", mark("Parameters")),
    ("template", mark("Template")),
    ("system", mark("System")),
    ("modelfile", mark("Modelfile")),
    ("license", mark("License")),
    ("info", mark("Info")),
    ("messages", mark("Messages")),
)
_LICENSE_LINES = 2


def section_text(section: str, card: ModelCard, model: Model | None, loaded: LoadedModel | None, now: int) -> str:
    """The whole text of one section, harmless to draw; empty if the server tells nothing."""
    match section:
        case "overview":
            text = _overview(card, model, loaded, now)
        case "parameters":
            text = card.parameters
        case "template":
            text = card.template
        case "system":
            text = card.system
        case "modelfile":
            text = card.modelfile
        case "license":
            text = card.license
        case "info":
            text = _info(card, model.digest if model else "")
        case _:
            text = "\n\n".join(f"{role}: {content}" for role, content in card.messages)
    return drawable(text.expandtabs(4)).strip("\n")


def _rows(title: str, rows: Sequence[tuple[str, str]]) -> str:
    rows = [(name, value) for name, value in rows if value]
    if not rows:
        return ""
    width = max(cells(name) for name, _value in rows)
    return "\n".join([title, *(f"  {padded(name, width)}  {value}" for name, value in rows)])


def _overview(card: ModelCard, model: Model | None, loaded: LoadedModel | None, now: int) -> str:
    here = [
        (_("name"), model.name if model else card.name),
        (_("size"), human_bytes(model.size) if model and not model.is_remote else ""),
        (_("id"), model.digest[:12] if model else ""),
        (_("modified"), human_time(card.modified_at, now) if card.modified_at else ""),
        (_("from"), card.parent),
    ]
    memory: list[tuple[str, str]] = []
    if loaded:
        memory = [
            (_("size"), human_bytes(loaded.size)),
            (_("processor"), processor(loaded.size, loaded.size_vram)),
            (_("context"), str(loaded.context_length or "")),
            (_("until"), until(loaded.expires_at, now)),
        ]
    blocks = [
        _rows(_("Here"), here),
        _rows(_("In memory"), memory),
        _rows(_("Model"), _model_rows(card)),
        _lines(_("Capabilities"), sorted(card.capabilities or ())),
        _rows(_("Projector"), _projector_rows(card.projector_info)),
        _lines(_("Parameters"), card.parameters.splitlines()),
        _lines(_("System"), _first(card.system)),
        _lines(_("License"), _first(card.license)),
    ]
    return "\n\n".join(block for block in blocks if block)


def _lines(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line.strip()}" for line in lines)]) if lines else ""


def _first(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    return [*lines[:_LICENSE_LINES], "..."] if len(lines) > _LICENSE_LINES else lines


def _model_rows(card: ModelCard) -> list[tuple[str, str]]:
    count = card.model_info.get("general.parameter_count")
    counted = human_number(int(count)) if isinstance(count, int | float) else ""
    return [
        (_("Remote model"), card.remote_model),
        (_("Remote URL"), card.remote_host),
        (_("architecture"), card.architecture),
        (_("parameters"), card.parameter_size or counted),
        (_("context length"), str(card.context_length or "")),
        (_("embedding length"), str(card.embedding_length or "")),
        (_("quantization"), card.quantization),
        (_("requires"), card.requires),
    ]


def _projector_rows(info: Mapping[str, object]) -> list[tuple[str, str]]:
    architecture = str(info.get("general.architecture", ""))
    count = info.get("general.parameter_count")
    return [
        (_("architecture"), architecture),
        (_("parameters"), human_number(int(count)) if isinstance(count, int | float) else ""),
        (_("embedding length"), str(info.get(f"{architecture}.vision.embedding_length", ""))),
        (_("dimensions"), str(info.get(f"{architecture}.vision.projection_dim", ""))),
    ]


def _info(card: ModelCard, digest: str) -> str:
    rows = [(key, _value(value)) for key, value in sorted((*card.model_info.items(), *card.projector_info.items()))]
    blocks = [_rows(_("Digest"), [("sha256", digest)]), _rows(_("Metadata"), rows)]
    if card.tensors:
        tensors = [(name, f"{kind:<6} {sign('×').join(map(str, shape))}") for name, kind, shape in card.tensors]
        blocks.append(_rows(_("Tensors ({count})").format(count=len(tensors)), tensors))
    return "\n\n".join(block for block in blocks if block)


def _value(value: object) -> str:
    if value is None:
        return _("(a list, not sent)")
    return str(value) if not isinstance(value, bool) else str(value).lower()
