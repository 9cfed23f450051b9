"""What there is: `/api/tags`, `/api/ps`, `/api/version`, `/api/status`."""

from ollama_tui.demo import replies
from ollama_tui.demo.clock import stamp
from ollama_tui.demo.machine import Machine
from ollama_tui.demo.models import Model
from ollama_tui.demo.protocol import JsonView, Response


def _remote(model: Model) -> dict[str, JsonView]:
    return {"remote_model": model.remote_model, "remote_host": model.remote_host} if model.remote_host else {}


def tags(machine: Machine) -> Response:
    found: list[JsonView] = [
        {
            "name": model.parsed.shown,
            "model": model.parsed.shown,
            **_remote(model),
            "modified_at": stamp(model.modified_ns),
            "size": model.size,
            "digest": model.digest,
            "details": model.details(sizes=True),
            **({"capabilities": list(model.capabilities)} if model.capabilities else {}),
        }
        for model in machine.store.models()
    ]
    return replies.whole({"models": found})


def ps(machine: Machine) -> Response:
    found: list[JsonView] = [
        {
            "name": one.model.parsed.shown,
            "model": one.model.parsed.shown,
            "size": one.model.bytes_loaded or one.model.size,
            "digest": one.model.digest,
            "details": one.model.details(),
            "expires_at": stamp(one.expires_ns),
            "size_vram": one.model.bytes_video,
            "context_length": one.context,
        }
        for one in machine.scheduler.loaded()
    ]
    return replies.whole({"models": found})


def version(machine: Machine) -> Response:
    return replies.whole({"version": machine.version})


def status() -> Response:
    return replies.whole({"cloud": {"disabled": False, "source": "none"}})
