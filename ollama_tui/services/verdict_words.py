"""What an answer is as JSON, in words."""

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.services.schema import Verdict, path_text


def verdict_line(verdict: Verdict) -> tuple[str, bool]:
    """In one line what the answer is, and whether that is well."""
    match verdict.kind:
        case "fits":
            return (_("fits the schema") if verdict.against_schema else _("whole JSON")), True
        case "misfits":
            count = len(verdict.misfits)
            words = ngettext("does not fit the schema in {n} place", "does not fit the schema in {n} places", count)
            if not verdict.against_schema:
                words = _("not what was asked for")
            return words.format(n=f"{count}+" if verdict.more else count), False
        case "incomplete":
            words = (
                _("not whole yet: {reason}; it cannot be checked")
                if verdict.against_schema
                else _("not whole yet: {reason}")
            )
            return words.format(reason=verdict.reason), False
        case "broken":
            return _("no JSON: {reason}").format(reason=verdict.reason), False


def misfit_lines(verdict: Verdict, most: int) -> list[str]:
    """The first places that do not fit, a line each, and how many more there are."""
    told = [f"{path_text(misfit.path)} {misfit.reason}" for misfit in verdict.misfits[:most]]
    more = len(verdict.misfits) - most
    if more > 0:
        told.append(ngettext("… and {n} more", "… and {n} more", more).format(n=f"{more}+" if verdict.more else more))
    return told
