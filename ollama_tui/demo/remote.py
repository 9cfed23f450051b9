"""What the server does through ollama.com: nothing here, for the demo asks nobody and has nobody's account."""

from ollama_tui.demo import replies
from ollama_tui.demo.protocol import Response
from ollama_tui.demo.replies import Refusal

_LOCAL, _CLOUD = ":local", ":cloud"


def here(named: str) -> str:
    """`named` without the suffix that says that it runs here. Raises Refusal if it is to run elsewhere, or both.

    A server whose key cannot be read answers such a name so, without an address to sign in at.
    """
    name = named.strip()
    lower = name.casefold()
    if _LOCAL in lower and _CLOUD in lower and lower.endswith((_LOCAL, _CLOUD)):
        raise Refusal(400, f'use either :local or :cloud, not both: "{name}"')
    if lower.endswith((_CLOUD, "-cloud")) and ":" in lower:
        raise Refusal(401, "unauthorized")
    return name[: -len(_LOCAL)] if lower.endswith(_LOCAL) else name


def me() -> Response:
    """Whose account it is, when ollama.com cannot be reached."""
    return replies.whole({"error": "account unavailable"}, 503)


def signout() -> Response:
    return replies.whole({"error": "you are not currently signed in"}, 401)
