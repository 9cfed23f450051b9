"""A model in Ollama's own words: what `ollama show` prints."""

from collections.abc import Iterable

from ollama_tui.domain.cells import cells, padded
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import ModelCard
from ollama_tui.domain.units import human_number

_LICENSE_LINES = 2


def card_text(card: ModelCard, *, verbose: bool = False) -> str:
    """Sections of two columns: model, capabilities, projector, parameters, system, license."""
    sections = [
        (_("Model"), list(_model_rows(card))),
        (_("Capabilities"), [(name, "") for name in sorted(card.capabilities or ())]),
        (_("Projector"), list(_projector_rows(card))),
        (_("Parameters"), [_two_columns(line) for line in sorted(card.parameters.splitlines())]),
    ]
    if verbose:
        sections.append((_("Metadata"), [(key, _short(value)) for key, value in sorted(card.model_info.items())]))
        sections.append((_("Tensors"), [(name, f"{kind} {list(shape)}") for name, kind, shape in card.tensors]))
    sections.append((_("System"), _first_lines(card.system)))
    sections.append((_("License"), _first_lines(card.license)))
    return "\n".join(_section(title, rows) for title, rows in sections if rows)


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    width = max(cells(left) for left, _right in rows)
    lines = [f"    {padded(left, width)}    {right}".rstrip() for left, right in rows]
    return "\n".join([f"  {title}", *lines, ""])


def _model_rows(card: ModelCard) -> Iterable[tuple[str, str]]:
    parameters = card.parameter_size or _count(card.model_info.get("general.parameter_count"))
    rows = (
        (_("Remote model"), card.remote_model),
        (_("Remote URL"), card.remote_host),
        (_("architecture"), card.architecture),
        (_("parameters"), parameters),
        (_("context length"), str(card.context_length or "")),
        (_("embedding length"), str(card.embedding_length or "")),
        (_("quantization"), card.quantization),
        (_("requires"), card.requires),
    )
    return ((name, value) for name, value in rows if value)


def _projector_rows(card: ModelCard) -> Iterable[tuple[str, str]]:
    info = card.projector_info
    if not info:
        return ()
    architecture = str(info.get("general.architecture", ""))
    rows = (
        (_("architecture"), architecture),
        (_("parameters"), _count(info.get("general.parameter_count"))),
        (_("embedding length"), str(info.get(f"{architecture}.vision.embedding_length") or "")),
        (_("dimensions"), str(info.get(f"{architecture}.vision.projection_dim") or "")),
    )
    return ((name, value) for name, value in rows if value)


def _count(value: object) -> str:
    return human_number(int(value)) if isinstance(value, int | float) else ""


def _two_columns(line: str) -> tuple[str, str]:
    name, _space, value = line.strip().partition(" ")
    return name, value.strip()


def _first_lines(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    shown = lines[:_LICENSE_LINES] + (["..."] if len(lines) > _LICENSE_LINES else [])
    return [(line, "") for line in shown]


def _short(value: object) -> str:
    if isinstance(value, list):
        items = [str(item) for item in value[:3]]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return f"[{', '.join(items)}{', ...' if len(value) > 3 else ''}]"  # pyright: ignore[reportUnknownArgumentType]
    return "" if value is None else str(value)
