"""Requests to the demo server without a socket, in as few words as may be."""

import json
from dataclasses import dataclass
from typing import Any

from ollama_tui.demo.protocol import Request, Response
from ollama_tui.demo.server import DemoServer


@dataclass(frozen=True)
class Reply:
    status: int
    content_type: str
    body: bytes

    @property
    def objects(self) -> list[dict[str, Any]]:
        """One for each line."""
        return [json.loads(line) for line in self.body.split(b"\n") if line]

    @property
    def object(self) -> dict[str, Any]:
        return self.objects[0]

    @property
    def error(self) -> str:
        return str(self.objects[-1]["error"])

    @property
    def said(self) -> str:
        return "".join(
            record["message"]["content"] if "message" in record else record["response"] for record in self.objects
        )

    @property
    def thought(self) -> str:
        return "".join(record.get("message", record).get("thinking", "") for record in self.objects)

    @property
    def statuses(self) -> list[str]:
        return [str(record.get("status", record.get("error"))) for record in self.objects]


async def opened(server: DemoServer, path: str, value: Any = None, method: str = "") -> Response:
    body = value if isinstance(value, bytes) else b"" if value is None else json.dumps(value).encode()
    return await server.handle(Request(method or ("POST" if body else "GET"), path, {}, body))


async def taken(response: Response) -> Reply:
    body = b"".join([piece async for piece in response.body])
    return Reply(response.status, response.headers.get("Content-Type", ""), body)


async def ask(server: DemoServer, path: str, value: Any = None, method: str = "") -> Reply:
    return await taken(await opened(server, path, value, method))


def chat(content: str, model: str = "echo", **fields: Any) -> dict[str, Any]:
    """The body of a chat request."""
    return {"model": model, "messages": [{"role": "user", "content": content}], **fields}
