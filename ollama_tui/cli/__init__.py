"""The shell command. Imported at every start, so it imports nothing itself."""


def main() -> None:
    """Run the command and end the process with its exit code: 1 errors, 2 usage, 130 Ctrl-C."""
    from ollama_tui.cli.output import let_go
    from ollama_tui.cli.program import run

    try:
        code = run()
    finally:  # commands end by SystemExit, too
        let_go()
    raise SystemExit(code)
