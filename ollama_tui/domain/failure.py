"""What can go wrong, as a code and its parameters; the words are found when a person reads them.

Failure
├── HostFailure             a server could not do what it was asked
│   ├── NoAddress           no server can be at the address
│   ├── Unreachable         nothing answers at the address
│   │   ├── Untrusted       something does, with a certificate that is not trusted here
│   │   ├── NotEncrypted    something does, but not in TLS
│   │   └── ProxyFailed     the proxy on the way cannot be used
│   ├── Disconnected        the connection ended, or fell silent, in the middle
│   │   └── Unfinished      the server ended the answer without saying that it is complete
│   ├── NotOllama           something answers, but not with Ollama's protocol
│   ├── ModelMissing        the model is not installed there
│   ├── Unsupported         the model cannot do that: thinking, tools, images, chat, insert, embeddings
│   ├── ContextExceeded     the prompt is longer than the context that was allocated
│   ├── Refused             the request itself is wrong (400, or 500 for a wrong option)
│   │   └── Unlisted        no registry has a model of that name
│   ├── Forbidden           401 or 403: signing in, an origin, cloud disabled
│   ├── Busy                503: the server's queue is full
│   └── ServerFailed        anything else the server says of itself
│       └── PlainRegistry   a registry speaks plain HTTP where the server asked for HTTPS
└── LocalFailure            this machine could not: a disk, a file, a database, a configuration
"""

from collections.abc import Mapping
from typing import ClassVar

from ollama_tui.domain.i18n import _, mark


class Failure(Exception):
    """Something that went wrong, told by `message`, with a `hint` at what to do (which may be empty)."""

    code: ClassVar[str] = "failure"

    def __init__(self, **params: str | int) -> None:
        super().__init__(params)
        self.params: Mapping[str, str | int] = params

    @property
    def message(self) -> str:
        """One sentence in the person's language."""
        return describe(self.code, self.params)[0]

    @property
    def hint(self) -> str:
        """What to do about it, or nothing."""
        return describe(self.code, self.params)[1]

    def __str__(self) -> str:
        return self.message


class HostFailure(Failure):
    """A server could not do what it was asked."""

    code = "host"


class NoAddress(HostFailure):
    """No server can be there. Params: url."""

    code = "no-address"


class Unreachable(HostFailure):
    """Nothing answers. Params: url, detail."""

    code = "unreachable"


class Untrusted(Unreachable):
    """The server's certificate is not trusted. Params: url, detail."""

    code = "untrusted"


class NotEncrypted(Unreachable):
    """What answers speaks no TLS, or none that is spoken here. Params: url, detail."""

    code = "not-encrypted"


class ProxyFailed(Unreachable):
    """The environment names a proxy, and that does not lead there. Params: url, detail."""

    code = "proxy-failed"


class Disconnected(HostFailure):
    """The connection ended or fell silent before the answer was complete. Params: detail."""

    code = "disconnected"


class Unfinished(Disconnected):
    """The server ended the answer in good order, but without a last word. No params."""

    code = "unfinished"


class NotOllama(HostFailure):
    """The answer is not Ollama's protocol. Params: url, status, detail."""

    code = "not-ollama"


class ModelMissing(HostFailure):
    """The model is not installed. Params: model, detail."""

    code = "model-missing"


class Unsupported(HostFailure):
    """The model lacks a capability. Params: model, capability, detail."""

    code = "unsupported"


class ContextExceeded(HostFailure):
    """The prompt does not fit. Params: detail; prompt_tokens (perhaps `estimated`) and context, if known."""

    code = "context-exceeded"


class Refused(HostFailure):
    """The server refuses the request as it is. Params: status, detail."""

    code = "refused"


class Unlisted(Refused):
    """The registry has no model of that name, or not with that tag. Params: model, status, detail."""

    code = "unlisted"


class Forbidden(HostFailure):
    """The server does not let us. Params: status, detail, and signin_url where it gives one."""

    code = "forbidden"


class Busy(HostFailure):
    """The server's queue is full. Params: detail."""

    code = "busy"


class ServerFailed(HostFailure):
    """The server failed. Params: status (200 for a failure in mid-stream), detail."""

    code = "server-failed"


class PlainRegistry(ServerFailed):
    """The registry speaks plain HTTP. Params: status, detail."""

    code = "registry-plain"


class LocalFailure(Failure):
    """This machine could not. Params: what (a code of the table below), and what the words there need."""

    code = "local"


_WORDS: Mapping[str, tuple[str, str]] = {
    "no-address": (
        mark("{url} can be no server's address."),
        mark("An address is like 192.168.1.5, gpu.lan:11434 or https://gpu.lan/ollama."),
    ),
    "unreachable": (
        mark("No Ollama server answers at {url}."),
        mark("Start it with `ollama serve`, or choose another host."),
    ),
    "untrusted": (
        mark("The certificate of {url} is not trusted here: {detail}"),
        mark("If the server is yours, name its certificate, or that of the authority behind it, in SSL_CERT_FILE."),
    ),
    "not-encrypted": (
        mark("What answers at {url} does not speak TLS: {detail}"),
        mark("It may be meant to be reached as http://."),
    ),
    "proxy-failed": (
        mark("The proxy that the environment names does not lead to {url}: {detail}"),
        mark("HTTP_PROXY and HTTPS_PROXY name it; what NO_PROXY lists is reached without it."),
    ),
    "disconnected": (
        mark("The connection to the server ended before the answer was complete."),
        mark("What arrived is kept. Try again, or continue the answer."),
    ),
    "unfinished": (
        mark("The server ended the answer without saying that it is complete."),
        mark("Its model may have written what it could not read. Try again, or continue the answer."),
    ),
    "not-ollama": (
        mark("What answers at {url} does not speak Ollama's protocol."),
        mark("Check the host's address and port, and that no proxy stands between: {detail}"),
    ),
    "model-missing": (mark("The model {model} is not installed on this server."), mark("Pull it, or choose another.")),
    "unsupported": (mark("{model} does not support {capability}."), mark("Choose a model that does: {detail}")),
    "unsupported-vision": (
        mark("A picture or sound of this conversation goes along with every question, and {model} takes text only."),
        mark("Choose a model that can see, fork the conversation before it, or delete the message that has it."),
    ),
    "context-exceeded": (
        mark("The conversation is longer than the context that the model was given."),
        mark("Give it a larger context (num_ctx), leave out the oldest turns, or shorten the prompt."),
    ),
    "refused": (mark("The server refused the request: {detail}"), ""),
    "unlisted": (
        mark("The library has no model of that name ({detail})."),
        mark("ollama.com/library has all names and tags: the part after the colon may be wrong, too."),
    ),
    "forbidden": (
        mark("The server does not allow this ({status})."),
        mark("It may ask for a sign-in, or for this program's address in OLLAMA_ORIGINS. {detail}"),
    ),
    "busy": (mark("The server has too many requests waiting."), mark("Try again in a moment.")),
    "server-failed": (mark("The server failed: {detail}"), mark("Its log may say more. What arrived is kept.")),
    "registry-plain": (
        mark("The registry speaks plain HTTP, which the server does not pull over unless it is told to."),
        mark("If you trust the network to it, pull again as insecure. {detail}"),
    ),
    "server-missing": (
        mark("Ollama is not installed here, or not on the PATH."),
        mark("Install it from https://ollama.com/download, or choose another host."),
    ),
    "server-not-started": (
        mark("`ollama serve` did not start: {detail}"),
        mark("Its log is in {path}."),
    ),
    "interrupted": (mark("The program ended before the answer was complete."), ""),
    "message-gone": (
        mark("That message is not on the disk."),
        mark("Its conversation was deleted elsewhere, or could not be saved."),
    ),
    "data-dir": (
        mark("The data cannot be kept at {path}: {detail}"),
        mark("Choose another folder with --data-dir or OLLAMA_TUI_DATA_DIR, or make this one usable."),
    ),
    "file-unreadable": (mark("{path} cannot be read: {detail}"), mark("Check its name, and that you may read it.")),
    "vocabulary-missing": (
        mark("There is no vocabulary: no `tokenizer.ggml.tokens`."),
        mark("`/api/show` with `verbose` tells a model's; a remote model's is not known."),
    ),
    "vocabulary-wrong": (
        mark("The vocabulary makes no sense: {key} is not what it should be."),
        mark("Tokens and merges are lists of texts, scores and token_type lists of numbers, one for each token."),
    ),
    "vocabulary-no-json": (
        mark("{path} holds no vocabulary: {detail}"),
        mark(
            "It has to be a JSON object with a model's `tokenizer.ggml.` keys, as `/api/show` with `verbose` has them."
        ),
    ),
    "file-unwritable": (
        mark("{path} cannot be written: {detail}"),
        mark("Check its name, and that you may write there."),
    ),
    "disk-full": (
        mark("The disk is full: nothing can be saved."),
        mark("Make room where {path} is. An open window saves what it shows as soon as there is some."),
    ),
    "disk-failed": (mark("The disk failed while {path} was read or written: {detail}"), mark("Check the disk.")),
    "database-locked": (
        mark("Another program has kept {path} locked for too long."),
        mark("Close it, or whatever copies or backs up that file, and try again."),
    ),
    "database-readonly": (
        mark("{path} cannot be written."),
        mark("Allow writing to the file and its folder, or choose another folder with --data-dir."),
    ),
    "database-newer": (
        mark("{path} was written by a newer version of this program ({found}, this one knows {known})."),
        mark("It was left as it is. Use the newer version, or choose another folder with --data-dir."),
    ),
    "database-foreign": (
        mark("{path} is another program's database."),
        mark("It was left as it is. Choose another folder with --data-dir."),
    ),
    "database-damaged": (
        mark("The database was damaged. It was set aside as {path}."),
        mark("What could be read is here: {conversations} conversations with {messages} messages."),
    ),
    "database-closed": (mark("The program is being left: nothing more is read or written."), ""),
    "database-not-mended": (
        mark("{path} is damaged, and could not be set aside: {detail}"),
        mark("Move the file away, or choose another folder with --data-dir."),
    ),
}


class _Forgiving(dict[str, str | int]):
    """Parameters by name; a name that an older version did not store gives nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def describe(code: str, params: Mapping[str, str | int]) -> tuple[str, str]:
    """The message and the hint for a failure's `code`, which may have been stored by another version."""
    what = str(params.get("what", code)) if code == "local" else code
    lacking = f"{code}-{params.get('capability', '')}"
    what = lacking if lacking in _WORDS else what
    message, hint = _WORDS.get(what, (mark("Something failed ({code}): {detail}"), ""))
    values = _Forgiving(params, code=what)
    return _(message).format_map(values), _(hint).format_map(values).strip() if hint else ""
