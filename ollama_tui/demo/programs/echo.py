"""Gives back what it got."""

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.models import Script


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def echo(ask: Ask) -> Script:
    question = ask.question
    images = sum(len(message.images) for message in ask.messages)
    system = next((message.content for message in ask.messages if message.role == "system"), "")
    seen = [_plural(len(ask.messages), "message"), _plural(images, "image"), _plural(len(ask.options), "option")]
    told = f" The system message was {len(system)} characters long." if system else ""
    return Script(
        f"{question.content}\n\n---\n\n*I am `echo`, a rule and not a language model. "
        f"I saw {seen[0]}, {seen[1]} and {seen[2]}.{told}*\n"
    )
