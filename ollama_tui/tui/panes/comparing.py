"""Comparing in panes: one prompt for all, one question to several models or settings, and keeping one answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.options import OptionError
from ollama_tui.tui.pane import answering, branching, drafting, serving
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.panes.plan import MOST
from ollama_tui.tui.panes.variants import NoVariants, Variant, known_elsewhere, name_of, named, variants_of
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.comparison import Comparison
    from ollama_tui.tui.pane.pane import Files
    from ollama_tui.tui.panes.together import Together
    from ollama_tui.tui.screens.chat import ChatScreen
    from ollama_tui.tui.transcript.view import RollView

_TEMPERATURES = ("0", "0.7", "1.2")


class Comparing:
    """The actions of the area `compare`, and what is compared now."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self.comparison: Comparison | None = None
        self.together: Together | None = None
        self.tied = False
        """Whether the panes scroll together."""

    @property
    def names(self) -> Mapping[str, str]:
        """What each compared conversation is, by its id."""
        return self.comparison.names if self.comparison is not None else {}

    # One prompt for all

    async def action_compare_all(self) -> None:
        """Ask all panes with one prompt; again, and each has its own."""
        screen = self._screen
        if self.together is not None:
            await self._part()
        elif len(screen.panes) < 2:
            key = screen.pane.key_sign_of("pane.split")
            screen.pane.prompt.say(_("There is one pane only. {key} opens another.").format(key=key))
        else:
            await self.join()
        screen.keeping.keep_soon()

    async def join(self) -> None:
        """Put one prompt under all panes."""
        from ollama_tui.tui.panes.together import Together

        self.together = Together(self._screen, self._screen.pane)
        await self._screen.column.mount(self.together)
        self.together.prompt.take_focus()

    async def _part(self) -> None:
        together, self.together = self.together, None
        if together is not None:
            together.uncover(self._screen.panes)
            self._screen.take_focus()  # before it goes: Textual would give the focus to the last pane
            await together.remove()

    async def follow_row(self) -> None:
        """There are other panes than before: one prompt stands for these, and for one pane none is needed."""
        panes = self._screen.panes
        if self.together is not None and self.together.is_mounted:
            if len(panes) < 2:
                await self._part()
            else:
                self.together.cover(panes)
        if self.comparison is not None and len(panes) < 2:
            self.comparison = None

    # Scrolling

    def action_compare_tie(self) -> None:
        """Scroll the panes together, or each on its own."""
        self.tied = not self.tied
        words = _("The panes scroll together.") if self.tied else _("Each pane scrolls on its own.")
        self._screen.pane.prompt.say(words)
        self._screen.keeping.keep_soon()

    def lead(self, view: "RollView", lines: int) -> None:
        """One pane was scrolled: the others follow, if they are tied."""
        if self.tied:
            for pane in self._screen.panes:
                if pane.is_open and pane.transcript is not view:
                    pane.transcript.lead(lines)

    # One question to several

    def action_compare_open(self) -> None:
        """Ask what is to be compared, and begin."""
        self._screen.run_worker(self._open, group="compare", exclusive=True)

    async def open_with(self, pane: ConversationPane, words: Sequence[str]) -> None:
        """Ask the last question of what the words name: models, or values of an option.

        Raises:
            NoVariants, OptionError, HostFailure: see `variants.named`.
        """
        if _last_question(pane) is None:
            key = pane.key_sign_of("compare.open")
            told = _("The last question is asked of each, and there is none yet. {key} asks what is written.")
            raise NoVariants(told.format(key=key))
        if branching.is_busy(pane):
            return
        try:
            variants = await named(pane, words)
        finally:
            serving.offer_names(pane)  # another server may have told what it has
        await self.begin(pane, variants)

    async def _open(self) -> None:
        pane = self._screen.pane
        if branching.is_busy(pane):
            return
        if not pane.prompt.text.strip() and _last_question(pane) is None:
            pane.prompt.complain(_("Write the question first: it is asked as often as there is something to compare."))
            return
        if (variants := await self._choose(pane)) is not None:
            await self.begin(pane, variants)

    async def _choose(self, pane: ConversationPane) -> list[Variant] | None:
        typed = bool(pane.prompt.text.strip())
        question = _("What is written is asked of each.") if typed else _("The last question is asked of each again.")
        choice = await pane.ask_person(
            _("Compare what?") + " " + question,
            [
                Choice("models", _("several models"), "m"),
                Choice("temperature", _("temperature 0, 0.7 and 1.2, with the same seed"), "t"),
                Choice("option", _("other values of an option …"), "o"),
            ],
        )
        match choice:
            case "models":
                return await self._choose_models(pane)
            case "temperature":
                return variants_of(pane.conversation.setup, ["temperature", *_TEMPERATURES])
            case "option":
                return await self._choose_values(pane)
            case _:
                return None

    async def _choose_models(self, pane: ConversationPane) -> list[Variant] | None:
        from ollama_tui.tui.widgets.choose_several import ChooseSeveral

        try:
            models = [model for model in await pane.here.models(refresh=True) if model.can_chat]
        except Failure as failure:
            pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
            return None
        refs = {name_of(pane, ref): ref for ref in [*map(pane.here.ref_of, models), *known_elsewhere(pane)]}
        if len(refs) < 2:
            pane.prompt.complain(_("There is one model only that can chat here."))
            return None
        setup = pane.conversation.setup
        current = name_of(pane, setup.model) if setup.model else ""
        sizes = {name_of(pane, pane.here.ref_of(model)): model.parameter_size for model in models}
        asked = ChooseSeveral(
            _("Which models?"),
            [(name, f"{name}  {sizes.get(name, '')}".rstrip()) for name in refs],
            ticked=current,
            most=MOST,
        )
        names = await asked.put(pane, pane.prompt, after=pane.prompt.take_focus)
        if names is None:
            return None
        chosen = sorted((name for name in refs if name in names), key=lambda name: name != current)
        return [(name, replace(setup, model=refs[name])) for name in chosen]

    async def _choose_values(self, pane: ConversationPane) -> list[Variant] | None:
        wrong, typed = "", ""
        while True:
            answer = await pane.ask_person(
                (wrong + "\n" + _("The option and its values, two to four:")).strip(),
                field=typed,
                placeholder="top_k 10 40 100",
            )
            if answer is None:
                return None
            typed = answer
            try:
                return variants_of(pane.conversation.setup, answer.replace(",", " ").split())
            except OptionError as error:
                wrong = str(error)

    async def begin(self, pane: ConversationPane, variants: Sequence[Variant]) -> None:
        """Ask the question in the conversation as the first variant, and in a fork of it beside for each other one."""
        from ollama_tui.services import comparison

        screen, row = self._screen, self._screen.row
        if self.together is not None:
            await self._part()
        for other in [*row.conversations, *([row.manager] if len(variants) == MOST and row.manager else [])]:
            if other is not pane:
                if isinstance(other, ConversationPane):
                    await other.save_draft()
                await row.take_away(other)
        (first_name, first_setup), *rest = variants
        question_id = await self._ask_first(pane, first_setup)
        if question_id is None:
            return
        names = {pane.conversation.id: first_name}
        last = pane
        for name, setup in rest:
            try:
                made = await comparison.fork(screen.workspace, pane.conversation, question_id, setup, name)
            except Failure as failure:
                pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
                break
            beside = ConversationPane(address=pane.address)
            await row.add(beside, after=last)
            await beside.attach(screen.workspace, made)
            await self._answer(beside, made.leaf_id or "", setup)
            names[made.id] = name
            last = beside
        self.comparison = comparison.Comparison(origin_id=pane.conversation.id, names=names)
        row.focus_on(pane)
        screen.keeping.keep_soon()

    async def _ask_first(self, pane: ConversationPane, setup: Setup) -> str | None:
        """Ask in the pane itself; the question's id, None if it could not be asked."""
        before = pane.followed
        text = pane.prompt.text.strip()
        if text:
            done = asyncio.Event()

            async def take(text: str, files: "Files", draft: str) -> None:
                try:
                    await pane.change_setup(setup)
                    await pane.ask(text, files, draft)
                finally:
                    done.set()

            pane.takes = take
            await pane.prompt.action_prompt_send()
            try:
                await asyncio.wait_for(done.wait(), 5)
            except TimeoutError:  # a command, or a file that cannot be attached: it is said in the prompt
                pane.takes = None
                return None
        elif (question := _last_question(pane)) is not None:
            await pane.change_setup(setup)
            await self._answer(pane, question.id, setup)
        live = pane.followed
        return live.answer.parent_id if live is not None and live is not before else None

    async def _answer(self, pane: ConversationPane, question_id: str, setup: Setup) -> None:
        asked = Message(id="", conversation_id=pane.conversation.id, role=Role.ASSISTANT, parent_id=question_id)
        await answering.start(pane, lambda: pane.workspace.turns.regenerate(asked, setup))

    # Keeping one

    async def action_compare_keep(self) -> None:
        """Make the answer of this pane the conversation's; the others stand beside it as variants."""
        from ollama_tui.services import comparison
        from ollama_tui.services.asking import StillAnswering

        screen, pane = self._screen, self._screen.pane
        compared = self.comparison
        if compared is None or pane.conversation.id not in compared.names:
            key = pane.key_sign_of("compare.open")
            pane.prompt.say(_("Nothing is compared here. {key} begins.").format(key=key))
            return
        try:
            conversation = await comparison.keep(screen.workspace, compared, pane.conversation.id)
        except StillAnswering:
            words = _("This answer is still being written. {key} stops it; then it can be kept.")
            told = words.format(key=pane.key_sign_of("chat.stop"))
            pane.prompt.complain(told, as_long_as=lambda: pane.live is not None)
            return
        except Failure as failure:
            pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
            return
        self.comparison = None
        closed = [one for one in screen.panes if one is not pane and one.conversation.id in compared.names]
        typed = [text for one in screen.panes if one in (pane, *closed) and (text := drafting.unsent(one))]
        shut = compared.names.keys() - {conversation.id, *(one.conversation.id for one in screen.panes)}
        typed += [text for key in sorted(shut) if (text := await screen.workspace.drafts.of(key))]
        await screen.save_drafts()
        for one in closed:
            await screen.row.take_away(one)
        pane.prompt.load_draft("")
        await pane.open(conversation)
        if typed:
            texts = [*typed, *([pane.prompt.text] if pane.prompt.text else [])]
            pane.prompt.load_draft("\n".join(dict.fromkeys(texts)))
        screen.row.focus_on(pane)
        words = _("Kept. All {count} answers stand here as variants; {before} and {after} go between them.")
        before, after = pane.key_sign_of("chat.before"), pane.key_sign_of("chat.after")
        waits = _("What waits in one of them waits here; {key} takes the last question back.")
        waits = waits.format(key=pane.key_sign_of("prompt.unqueue"))
        told = [words.format(count=len(compared.names), before=before, after=after)]
        told += [waits] if await screen.workspace.turns.queued(conversation.id) else []
        pane.prompt.say(" ".join(told))
        screen.keeping.keep_soon()


def _last_question(pane: ConversationPane) -> Message | None:
    return next((message for message in reversed(pane.messages) if message.role is Role.USER), None)
