"""A model's own parameters, from the lines that `/api/show` prints of them."""

import ast
from collections.abc import Mapping

from ollama_tui.domain.options import BY_NAME, OptionError, OptionSpec, OptionValue, check_option


def parse_parameters(text: str) -> Mapping[str, OptionValue]:
    r"""The parameters in `text`: a name, blanks and a value in Go's notation on each line, in any order.

    Numbers may have an exponent (`1.048576e+06`), texts are quoted as Go quotes them, and `stop` has a line for each of
    its texts. What is no known parameter, or no value for it, is passed over: other versions know others.
    """
    found: dict[str, OptionValue] = {}
    for line in text.split("\n"):
        name, _space, written = line.strip().partition(" ")
        spec = BY_NAME.get(name)
        if spec is None:
            continue
        try:
            value = check_option(name, _value(spec, written.strip()))
        except (OptionError, ValueError, OverflowError):
            continue
        earlier = found.get(name)
        found[name] = (*earlier, *value) if isinstance(earlier, tuple) and isinstance(value, tuple) else value
    return found


def _value(spec: OptionSpec, written: str) -> object:
    match spec.type:
        case "strings":
            return (_unquoted(written),)
        case "bool":
            return {"true": True, "false": False}.get(written)
        case "int":
            number = float(written)
            return int(number) if number.is_integer() else number
        case _:
            return float(written)


def _unquoted(written: str) -> str:
    """A text without Go's quotes; Python reads every escape that Go writes."""
    if len(written) < 2 or written[0] != '"' or written[-1] != '"':
        return written
    try:
        return str(ast.literal_eval(written))
    except (ValueError, SyntaxError):
        return written[1:-1]
