"""What a model is given to read."""

from ollama_tui.domain.message import Attachment, Ending, Message, Role
from ollama_tui.services.prompt_messages import compose, questions_to_leave_out


def _said(role: Role, text: str, **parts: object) -> Message:
    return Message(id=f"{role}:{text}", conversation_id="c", role=role, text=text, **parts)  # pyright: ignore[reportArgumentType]


def _contents(branch: list[Message], **how: object) -> list[tuple[str, str]]:
    prompt = compose(branch, **how)  # pyright: ignore[reportArgumentType]
    return [(message.role, message.content) for message in prompt.messages]


_BRANCH = [
    _said(Role.USER, "one"),
    _said(Role.ASSISTANT, "1"),
    _said(Role.USER, "two"),
    _said(Role.ASSISTANT, "", ending=Ending.FAILED),
    _said(Role.USER, "three"),
]


def test_the_branch_under_the_system_prompt_without_answers_that_say_nothing() -> None:
    assert _contents(_BRANCH, system="Be brief.") == [
        ("system", "Be brief."),
        ("user", "one"),
        ("assistant", "1"),
        ("user", "two"),
        ("user", "three"),
    ]
    assert compose(_BRANCH).left_out_ids == ("assistant:",)


def test_the_oldest_questions_are_left_out_and_the_last_stays() -> None:
    assert _contents(_BRANCH, leave_out=1) == [("user", "two"), ("user", "three")]
    prompt = compose(_BRANCH, leave_out=9)
    assert [message.content for message in prompt.messages] == ["three"]
    assert prompt.message_ids == ("user:three",)
    assert len(prompt.left_out_ids) == 4


def test_a_summary_stands_for_what_came_before_it() -> None:
    branch = [*_BRANCH[:2], _said(Role.SUMMARY, "they counted"), *_BRANCH[2:]]
    assert _contents(branch, system="S") == [
        ("system", "S"),
        ("system", "they counted"),
        ("user", "two"),
        ("user", "three"),
    ]


def test_images_go_as_files_and_texts_as_quotations() -> None:
    files = (
        Attachment(sha256="i", name="dot.png", media_type="image/png", size=1),
        Attachment(sha256="t", name="code.md", media_type="text/plain", size=1),
        Attachment(sha256="gone", name="gone.png", media_type="image/png", size=1),
    )
    (message,) = compose(
        [_said(Role.USER, "look", attachments=files)], blobs={"i": b"png", "t": b"```\na\n```"}
    ).messages
    assert message.images == (b"png",)
    assert message.content == "look\n\ncode.md:\n````\n```\na\n```\n````"


def test_how_many_to_leave_out_follows_the_sizes() -> None:
    branch = [_said(Role.USER, "x" * 4000), _said(Role.USER, "y" * 4000), _said(Role.USER, "z" * 4000)]
    assert questions_to_leave_out(branch, prompt_tokens=3000, context=4096) == 1
    assert questions_to_leave_out(branch, prompt_tokens=3000, context=2600) == 2
    assert questions_to_leave_out(branch, prompt_tokens=30_000, context=2600) == 2
