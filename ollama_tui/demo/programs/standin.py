"""Stands in for models that only real weights could answer for."""

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.models import Script


def standin(ask: Ask) -> Script:
    name = ask.model or "this model"
    asked = " ".join(ask.question.content.split())
    shown = f"{asked[:80]}…" if len(asked) > 80 else asked
    thinking = "I only stand in for a model that thinks. There is nothing to think about." if ask.think else ""
    return Script(
        f"I only stand in for **{name}**. This is the demo that is built into ollama-tui: nothing was downloaded, and "
        "behind the name is a rule, not a language model.\n\n"
        f"You wrote: “{shown}”. To have a real answer, start Ollama (`ollama serve`), then pull `{name}` there.\n",
        thinking,
    )
