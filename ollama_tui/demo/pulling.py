"""`POST /api/pull` and `/api/push`: layers over a wire that is only pretended, at an honest rate."""

from collections.abc import AsyncGenerator
from dataclasses import replace

from ollama_tui.demo import names, replies
from ollama_tui.demo.download import Download
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.machine import Knobs, Machine, Registry
from ollama_tui.demo.models import Layer, Model
from ollama_tui.demo.names import Name
from ollama_tui.demo.protocol import JsonView, Response
from ollama_tui.demo.replies import Refusal

_TICK = 0.06  # seconds between two lines of progress


def _status(text: str) -> bytes:
    return replies.line({"status": text})


def _layer(word: str, layer: Layer, completed: int) -> bytes:
    record: dict[str, JsonView] = {
        "status": f"{word} {layer.digest[7:19]}",
        "digest": layer.digest,
        "total": layer.size,
    }
    return replies.line({**record, **({"completed": completed} if completed else {})})


def _remote(machine: Machine, name: Name, *, insecure: bool) -> Model:
    """The model at its registry, or the words of the failure to ask there."""
    registry = machine.registries.get(name.host)
    scheme = "http" if insecure and (registry is None or registry.plain) else "https"
    url = f"{scheme}://{name.host}/v2/{name.namespace}/{name.model}/manifests/{name.tag}"
    if registry is None:
        host = name.host.partition(":")[0]
        why = f"dial tcp: lookup {host} on 127.0.0.53:53: no such host"
        raise Refusal(500, f'pull model manifest: Get "{url}": {why}')
    if registry.plain and not insecure:
        why = "tls: first record does not look like a TLS handshake"
        raise Refusal(500, f'pull model manifest: Get "{url}": {why}')
    found = _listed(registry, name)
    if found is None:
        raise Refusal(500, "pull model manifest: file does not exist")
    return found


def _listed(registry: Registry, name: Name) -> Model | None:
    return registry.models.get(f"{name.namespace}/{name.model}:{name.tag}")


async def pulled(machine: Machine, name: Name, *, insecure: bool) -> AsyncGenerator[bytes, None]:
    """The lines of a pull, `success` included."""
    yield _status("pulling manifest")
    model = _remote(machine, name, insecure=insecure)
    before = machine.store.find(name)
    for layer in model.layers:
        if machine.store.has(layer.digest):
            yield _layer("pulling", layer, layer.size)
            continue
        arriving = _arriving(machine, layer)
        try:
            async for line in arriving:
                yield line
        finally:
            await arriving.aclose()
    yield _status("verifying sha256 digest")
    yield _status("writing manifest")
    unused = before is not None and before.digest != model.digest
    machine.store.put(replace(model, name=name.shown, modified_ns=machine.clock.now_ns()))
    if unused:
        yield _status("removing unused layers")
    yield _status("success")


async def _arriving(machine: Machine, layer: Layer) -> AsyncGenerator[bytes, None]:
    clock = machine.clock
    download = machine.downloads.get(layer.digest)
    if download is None:
        download = machine.downloads[layer.digest] = Download(layer, machine.speed.download)
    download.join(clock.elapsed_ns())
    try:
        while (done := download.progress(clock.elapsed_ns())) < layer.size:
            await clock.sleep(min(_TICK, (layer.size - done) / download.rate + 0.001))
            done = download.progress(clock.elapsed_ns())
            if done < layer.size:
                yield _layer("pulling", layer, done)
        machine.store.add(layer)
        machine.downloads.pop(layer.digest, None)
    finally:
        download.leave(clock.elapsed_ns())


async def answered(stream: AsyncGenerator[bytes, None], *, streamed: bool) -> Response:
    """The lines as a stream, or their last one alone, once all is done."""
    if streamed:
        return await replies.lines(stream)
    last = b""
    try:
        async for line in stream:
            last = line
    except Refusal as refusal:
        return replies.refused(refusal, replies.LATE)
    finally:
        await stream.aclose()
    return replies.raw(last.rstrip(b"\n"), replies.LATE)


async def pull(machine: Machine, record: Fields, _: Knobs) -> Response:
    name = names.parse(record.model().strip())
    insecure, stream = record.flag("insecure") is True, record.flag("stream") is not False
    if name is None:
        raise Refusal(400, "invalid model name")
    return await answered(pulled(machine, name, insecure=insecure), streamed=stream)


async def push(machine: Machine, record: Fields, _: Knobs) -> Response:
    named, stream = record.model(), record.flag("stream") is not False
    record.flag("insecure")
    if not named.strip():
        raise Refusal(400, "model is required")
    return await answered(_pushed(machine, named), streamed=stream)


async def _pushed(machine: Machine, named: str) -> AsyncGenerator[bytes, None]:
    yield _status("retrieving manifest")
    name = names.parse(named)
    model = machine.store.find(name) if name else None
    if model is None or name is None:
        yield _status("couldn't retrieve manifest")
        path = f"{machine.store.root}/manifests/{name.manifest if name else named}"
        raise Refusal(500, f"open {path}: no such file or directory")
    if name.host not in machine.registries:
        url = f"https://{name.host}/v2/{name.namespace}/{name.model}/blobs/{model.weights.digest}"
        host = name.host.partition(":")[0]
        raise Refusal(500, f'Head "{url}": dial tcp: lookup {host} on 127.0.0.53:53: no such host')
    if name.namespace == names.NAMESPACE:
        raise Refusal(500, "unauthorized: access denied")
    for layer in model.layers:
        sent, started = 0, machine.clock.elapsed_ns()
        while sent < layer.size:
            wait = min(_TICK, (layer.size - sent) / machine.speed.download)
            await machine.clock.sleep(wait)
            passed = (machine.clock.elapsed_ns() - started) / 1e9
            sent = min(layer.size, int(passed * machine.speed.download) + 1)
            yield _layer("pushing", layer, sent)
    yield _status("pushing manifest")
    yield _status("success")
