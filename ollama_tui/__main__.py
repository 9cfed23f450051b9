"""`python -m ollama_tui` is the command `ollama-tui`."""

from ollama_tui.cli import main

if __name__ == "__main__":
    main()
