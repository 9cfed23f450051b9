"""What the person said is to be done whenever a prompt does not fit: in one conversation, or everywhere."""

from typing import TYPE_CHECKING, Literal

from ollama_tui.domain.conversation import Conversation

if TYPE_CHECKING:
    from ollama_tui.storage.state import State

Habit = Literal["larger", "leave-out", "summarise"]
"""A larger context; the oldest turns are left out; they are summed up."""
Scope = Literal["conversation", "everywhere"]
HABITS: tuple[Habit, ...] = ("larger", "leave-out", "summarise")

_KEY = "context.habit"


class Habits:
    """Remembered until they are forgotten. Of a conversation that leaves no trace only as long as the program runs."""

    def __init__(self, state: "State") -> None:
        self._state = state
        self._unwritten: dict[str, Habit] = {}

    async def of(self, conversation: Conversation) -> tuple[Habit, Scope] | None:
        """What to do in a conversation, and whether that was said for it alone."""
        own = self._unwritten.get(conversation.id) or await self._read(f"{_KEY}.{conversation.id}")
        if own is not None:
            return own, "conversation"
        everywhere = await self._read(_KEY)
        return (everywhere, "everywhere") if everywhere is not None else None

    async def remember(self, conversation: Conversation, habit: Habit, scope: Scope) -> None:
        """Do this from now on."""
        if scope == "everywhere":
            await self._state.set(_KEY, habit)
        elif conversation.temporary:
            self._unwritten[conversation.id] = habit
        else:
            await self._state.set(f"{_KEY}.{conversation.id}", habit)

    async def forget(self, conversation: Conversation) -> bool:
        """Ask again from now on: forget what holds in a conversation; whether there was anything."""
        held = await self.of(conversation)
        if held is None:
            return False
        self._unwritten.pop(conversation.id, None)
        key = _KEY if held[1] == "everywhere" else f"{_KEY}.{conversation.id}"
        if not conversation.temporary or held[1] == "everywhere":
            await self._state.set(key, None)
        return True

    async def _read(self, key: str) -> Habit | None:
        value = await self._state.get(key)
        return next((habit for habit in HABITS if habit == value), None)
