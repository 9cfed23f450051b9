"""Where things are on the disk: one folder for what is kept, one for what the person configures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DATA_DIR_VARIABLE = "OLLAMA_TUI_DATA_DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The program's places. Nothing is made before it is written to."""

    data: Path
    config: Path

    @property
    def database(self) -> Path:
        """Conversations, and what the program remembers."""
        return self.data / "history.db"

    @property
    def tokenizers(self) -> Path:
        """Tokenizers, made once from the vocabularies of models; they can be made again."""
        return self.data / "tokenizers"

    @property
    def settings(self) -> Path:
        """What the person configured."""
        return self.config / "config.toml"

    @property
    def themes(self) -> Path:
        """Themes of one's own, a TOML file each."""
        return self.config / "themes"

    @property
    def presets(self) -> Path:
        """Named ways of asking, a file each."""
        return self.data / "presets"

    @property
    def unsent_files(self) -> Path:
        """Files of questions that were taken back and not sent yet."""
        return self.data / "unsent"

    @property
    def server_log(self) -> Path:
        """What a server that was started from here printed."""
        return self.data / "ollama-serve.log"

    @property
    def crash_log(self) -> Path:
        """What happened when the program itself failed."""
        return self.data / "crash.log"


def find_paths(environment: Mapping[str, str], data_dir: Path | None = None) -> Paths:
    """The person's places; `data_dir`, or else the environment's, moves everything into one folder."""
    chosen = data_dir or (Path(environment[DATA_DIR_VARIABLE]) if environment.get(DATA_DIR_VARIABLE) else None)
    if chosen is not None:
        chosen = chosen.expanduser().absolute()
        return Paths(data=chosen, config=chosen)
    from platformdirs import PlatformDirs

    places = PlatformDirs("ollama-tui", appauthor=False)
    return Paths(data=places.user_data_path, config=places.user_config_path)
