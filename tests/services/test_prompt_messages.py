"""What a model is given to read."""

from ollama_tui.domain.message import Attachment, Ending, Message, Role
from ollama_tui.services.prompt_messages import compose


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
    system, two, three = _contents(branch, system="S")
    assert system == ("system", "S")
    assert two[0] == "user"
    assert "they counted" in two[1]
    assert two[1].endswith("\n\ntwo")
    assert three == ("user", "three")


def test_a_summary_stands_for_what_it_covers_wherever_it_was_made() -> None:
    covers = (_BRANCH[0].id, _BRANCH[1].id)
    branch = [*_BRANCH[:4], _said(Role.SUMMARY, "they began", covers=covers), _BRANCH[4]]
    prompt = compose(branch)
    assert [message.role for message in prompt.messages] == ["user", "user"]
    assert prompt.messages[0].content.endswith("they began\n\n---\n\ntwo")
    assert prompt.message_ids == (branch[4].id, _BRANCH[2].id, _BRANCH[4].id)
    assert prompt.left_out_ids == (*covers, _BRANCH[3].id)
    assert compose(branch, leave_out=1).messages[0].content.endswith("they began\n\n---\n\nthree")


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
