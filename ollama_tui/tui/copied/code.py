"""The blocks of code in a message, as they were written, and the names that files of them may have."""

from dataclasses import dataclass

from markdown_it import MarkdownIt

from ollama_tui.domain.text import one_line

_ENDINGS = {
    "bash": "sh", "c": "c", "c#": "cs", "c++": "cpp", "console": "txt", "cpp": "cpp", "cs": "cs", "csharp": "cs",
    "css": "css", "csv": "csv", "diff": "diff", "fish": "fish", "go": "go", "golang": "go", "haskell": "hs",
    "html": "html", "ini": "ini", "java": "java", "javascript": "js", "js": "js", "json": "json", "jsx": "jsx",
    "kotlin": "kt", "latex": "tex", "lua": "lua", "markdown": "md", "md": "md", "objc": "m", "patch": "patch",
    "perl": "pl", "php": "php", "powershell": "ps1", "ps1": "ps1", "py": "py", "python": "py", "python3": "py",
    "r": "r", "rb": "rb", "rs": "rs", "ruby": "rb", "rust": "rs", "scala": "scala", "sh": "sh", "shell": "sh",
    "sql": "sql", "svg": "svg", "swift": "swift", "tex": "tex", "toml": "toml", "ts": "ts", "tsx": "tsx", "txt": "txt",
    "typescript": "ts", "vim": "vim", "xml": "xml", "yaml": "yaml", "yml": "yml", "zig": "zig", "zsh": "zsh",
}  # fmt: skip
_WHOLE = {"dockerfile": "Dockerfile", "docker": "Dockerfile", "make": "Makefile", "makefile": "Makefile",
          "modelfile": "Modelfile"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One block."""

    language: str
    """As the answer names it, or empty."""
    code: str
    """Between its fences, with the last line's end."""

    @property
    def first_line(self) -> str:
        """The first line that says something."""
        return next((line.strip() for line in self.code.splitlines() if line.strip()), "")

    @property
    def file_name(self) -> str:
        """What its file may be called."""
        language = self.language.lower()
        return _WHOLE.get(language) or f"snippet.{_ENDINGS.get(language, 'txt')}"


def code_blocks(markdown: str) -> list[CodeBlock]:
    """The blocks of code in `markdown`, in order, those in lists and quotes too."""
    if not any(mark in markdown for mark in ("```", "~~~", "    ", "\t")):
        return []
    lines = markdown.split("\n")
    found: list[CodeBlock] = []
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type not in ("fence", "code_block"):
            continue
        code = token.content
        if token.type == "fence" and token.level == 0 and token.map and "\r" in markdown and not _has_lone(markdown):
            # The parser makes every line end an LF; what stands on no list or quote is taken as it was written.
            body = lines[token.map[0] + 1 : token.map[0] + 1 + code.count("\n")]
            code = "".join(f"{line}\n" for line in body)
        language = one_line(token.info.split(maxsplit=1)[0]) if token.info.split() else ""
        found.append(CodeBlock(language.strip("{}.").partition(":")[0], code))
    return found


def _has_lone(text: str) -> bool:
    """Whether a carriage return stands alone: the parser counts it as a line's end."""
    return text.count("\r") != text.count("\r\n")
