"""Copying, by the way that works where the program runs, and what is known of the outcome."""

from ollama_tui.tui.clipboard.copying import Terminal as Terminal
from ollama_tui.tui.clipboard.copying import copy as copy
