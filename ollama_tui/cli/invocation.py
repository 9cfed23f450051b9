"""What was said before the command's name, and what follows from it: settings, folders, the server."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ollama_tui.cli.output import tell
from ollama_tui.domain.failure import NoAddress
from ollama_tui.domain.i18n import _, set_language
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.config.paths import Paths
    from ollama_tui.config.settings import Settings
    from ollama_tui.domain.host import Host, HostAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """The options of the program itself."""

    host: str | None = None
    model: str | None = None
    demo: bool = False
    data_dir: Path | None = None
    reduced: bool = False

    def paths(self) -> "Paths":
        """Where things are on the disk."""
        from ollama_tui.config.paths import find_paths

        return find_paths(os.environ, self.data_dir)

    def read_settings(self) -> "tuple[Settings, tuple[str, ...]]":
        """The settings, and what is wrong with them: in its place the default holds, and the file is left as it is."""
        from ollama_tui.config.settings import read_settings

        settings, problems = read_settings(self.paths().settings, os.environ)
        if settings.language:
            set_language(settings.language)
        return settings, problems

    def settings(self) -> "Settings":
        """The settings; what is wrong with them is told, and what in the server's address is read otherwise."""
        settings, problems = self.read_settings()
        misread = self.read_address(settings)[1]
        for problem in (*problems, misread) if misread else problems:
            tell(_("Warning: {text}").format(text=problem))
        return settings

    def read_address(self, settings: "Settings") -> "tuple[HostAddress, str]":
        """Which server is meant, the default one where nothing is said; and what in its address is read otherwise.

        Raises:
            UsageError: no server can be where --host says.
        """
        from ollama_tui.config.hosts import HOST_VARIABLE, choose_address, is_possible, misreading

        address = choose_address(
            flag=self.host, environment=os.environ, settings=settings, remembered=None, demo=self.demo
        )
        written = {"flag": self.host, "environment": os.environ.get(HOST_VARIABLE), "config": settings.host}
        text = written.get(address.source) or ""
        if address.source == "flag" and not is_possible(address.url):
            raise no_address(text)
        return address, one_line(misreading(settings.hosts.get(text, text)))

    def address(self, settings: "Settings") -> "HostAddress":
        """Which server is meant; the default one where nothing is said."""
        return self.read_address(settings)[0]

    def last_address(self, settings: "Settings") -> "HostAddress":
        """Which server is meant; the one used last where nothing is said."""
        address = self.address(settings)
        if address.source == "default":
            from ollama_tui.services.remembered import last_host

            if name := last_host(self.paths()):
                from ollama_tui.config.hosts import find_address

                return find_address(name, settings, source="remembered")
        return address

    def connect(self, *, quietly: bool = False) -> "Host":
        """The server that is meant, for a command that needs nothing else; `quietly`: what is wrong was told."""
        from ollama_tui.client.host import connect

        settings = self.read_settings()[0] if quietly else self.settings()
        return connect(self.last_address(settings), os.environ)


def no_address(flag: str) -> click.UsageError:
    """That no server can be where --host says."""
    wrong = NoAddress(url=flag)
    return click.UsageError(f"--host: {wrong.message} {wrong.hint}")
