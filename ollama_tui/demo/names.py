"""Model names: `[host/][namespace/]model[:tag]`."""

import re
from dataclasses import dataclass

HOST = "registry.ollama.ai"
NAMESPACE = "library"
TAG = "latest"

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_NAMESPACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}")
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}")


@dataclass(frozen=True, slots=True)
class Name:
    """A whole name: every part present."""

    host: str
    namespace: str
    model: str
    tag: str

    @property
    def full(self) -> str:
        return f"{self.host}/{self.namespace}/{self.model}:{self.tag}"

    @property
    def shown(self) -> str:
        """As lists show it: default host and namespace left out, the tag always there."""
        if self.host != HOST:
            return self.full
        if self.namespace != NAMESPACE:
            return f"{self.namespace}/{self.model}:{self.tag}"
        return f"{self.model}:{self.tag}"

    @property
    def key(self) -> str:
        """Equal for names that mean the same model."""
        return self.full.casefold()

    @property
    def manifest(self) -> str:
        """Its path among the manifests of a store."""
        return f"{self.host}/{self.namespace}/{self.model}/{self.tag}"


def parse(text: str) -> Name | None:
    """The name that `text` spells; None if it is not one. A scheme before it is dropped."""
    rest = text.split("://", 1)[-1]
    head, slash, last = rest.rpartition("/")
    model, colon, tag = last.partition(":")
    host, namespace = HOST, NAMESPACE
    if slash:
        before, inner, namespace = head.rpartition("/")
        host = before if inner else HOST
    name = Name(host, namespace, model, tag if colon else TAG)
    good = (
        _HOST.fullmatch(name.host)
        and _NAMESPACE.fullmatch(name.namespace)
        and _PART.fullmatch(name.model)
        and _PART.fullmatch(name.tag)
    )
    return name if good else None
