"""Runs a parsed template, and gives it the values that Ollama's templates expect."""

from collections.abc import Iterable, Mapping, Sequence

from ollama_tui.demo import template
from ollama_tui.demo.conversation import Message
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.template import Assign, If, Jump, Node, Output, Pipe, Range, Text, With


class _Jumped(Exception):
    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class _Run:
    def __init__(self, root: object) -> None:
        self.scopes: list[dict[str, object]] = [{"$": root}]
        self.out: list[str] = []

    def nodes(self, nodes: Iterable[Node], dot: object) -> None:
        for node in nodes:
            self.node(node, dot)

    def node(self, node: Node, dot: object) -> None:
        match node:
            case Text():
                self.out.append(node.text)
            case Output():
                self.out.append(template.shown(self.pipe(node.pipe, dot)))
            case Assign():
                self.assign(node, dot)
            case If():
                with_scope = node.then if template.truth(self.pipe(node.pipe, dot)) else node.otherwise
                self.scoped(with_scope, dot)
            case With():
                value = self.pipe(node.pipe, dot)
                if template.truth(value):
                    self.scoped(node.then, value)
                else:
                    self.scoped(node.otherwise, dot)
            case Range():
                self.range(node, dot)
            case Jump():
                raise _Jumped(node.word)

    def assign(self, node: Assign, dot: object) -> None:
        value = self.pipe(node.pipe, dot)
        if not node.declared:
            for scope in reversed(self.scopes):
                if node.name in scope:
                    scope[node.name] = value
                    return
        self.scopes[-1][node.name] = value

    def scoped(self, nodes: Iterable[Node], dot: object, names: Mapping[str, object] | None = None) -> None:
        self.scopes.append(dict(names or {}))
        try:
            self.nodes(nodes, dot)
        finally:
            self.scopes.pop()

    def range(self, node: Range, dot: object) -> None:
        value = self.pipe(node.pipe, dot)
        items: list[tuple[object, object]] = []
        if template.is_mapping(value):
            items = sorted(value.items())
        elif template.is_list(value):
            items = list(enumerate(value))
        if not items:
            self.scoped(node.otherwise, dot)
        for key, item in items:
            names = dict(zip(node.names, (item,) if len(node.names) == 1 else (key, item), strict=False))
            try:
                self.scoped(node.body, item, names)
            except _Jumped as jump:
                if jump.word == "break":
                    break

    def pipe(self, pipe: Pipe, dot: object) -> object:
        value: object = None
        for position, command in enumerate(pipe):
            value = self.command(command, dot, [value] if position else [])
        return value

    def command(self, command: "list[template.Term]", dot: object, last: list[object]) -> object:
        kind, term = command[0]
        if kind == "word" and term in template.FUNCTIONS:
            return template.FUNCTIONS[str(term)](*[self.term(item, dot) for item in command[1:]], *last)
        return self.term(command[0], dot)

    def term(self, term: "template.Term", dot: object) -> object:
        kind, value = term
        if isinstance(value, list):
            return self.pipe(value, dot)
        if kind == "word":
            return {"true": True, "false": False}.get(str(value))
        if kind != "path":
            return value
        head, *fields = str(value).split(".")
        found = dot
        if head:
            found = next((scope[head] for scope in reversed(self.scopes) if head in scope), None)
        for field in fields:
            if field:
                found = found.get(field) if template.is_mapping(found) else None
        return found


def run(source: str, values: Mapping[str, object]) -> str:
    """The text that template `source` gives for `values`."""
    machine = _Run(values)
    machine.nodes(template.parse(source), values)
    return "".join(machine.out)


def _message(message: Message) -> dict[str, object]:
    return {
        "Role": message.role,
        "Content": message.content,
        "Thinking": message.thinking,
        "ToolName": message.tool_name,
        "ToolCalls": [
            {"ID": call.id, "Function": {"Index": index, "Name": call.name, "Arguments": dict(call.arguments)}}
            for index, call in enumerate(message.calls)
        ],
    }


def _collated(messages: Sequence[Message]) -> list[Message]:
    """Neighbours of one role joined, as the server does before it renders."""
    found: list[Message] = []
    for message in messages:
        before = found[-1] if found else None
        plain = not (message.calls or message.thinking or message.role == "tool")
        if before and plain and before.role == message.role and not before.calls and not before.thinking:
            joined = "\n\n".join(text for text in (before.content, message.content) if text)
            found[-1] = Message(message.role, joined, images=before.images + message.images)
        else:
            found.append(message)
    return found


def prompt(
    source: str,
    messages: Sequence[Message],
    tools: Sequence[Mapping[str, Json]] = (),
    think: bool | str | None = None,
    suffix: str = "",
) -> str:
    """The prompt for a conversation. A template that knows no messages is run once for each question."""
    collated = _collated(messages)
    common: dict[str, object] = {
        "Tools": list(tools),
        "Think": bool(think),
        "ThinkLevel": think if isinstance(think, str) else "",
        "IsThinkSet": think is not None,
        "Suffix": suffix,
        "Response": "",
    }
    system = "\n\n".join(message.content for message in collated if message.role == "system")
    if ".Messages" in source:
        return run(source, {**common, "System": system, "Messages": [_message(message) for message in collated]})
    rounds: list[dict[str, object]] = []
    for message in collated:
        key = {"system": "System", "assistant": "Response"}.get(message.role, "Prompt")
        if not rounds or key in rounds[-1] or (key != "Response" and "Response" in rounds[-1]):
            rounds.append({})
        rounds[-1][key] = message.content
    rendered = [
        run(source, {**common, "System": "", "Prompt": "", **values, "Response": values.get("Response", "")})
        for values in rounds or [{}]
    ]
    return "".join(rendered)
