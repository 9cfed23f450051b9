"""Go templates, as chat templates use them."""

import pytest

from ollama_tui.demo import rendering
from ollama_tui.demo.conversation import Call, Message
from ollama_tui.demo.template import TemplateFault, parse

VALUES = {"Name": "Ada", "Items": ["a", "b"], "Empty": [], "Inner": {"Deep": {"er": 3}}, "Yes": True, "Zero": 0}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("{{ .Name }}", "Ada"),
        ("a {{- .Name -}} b", "aAdab"),
        ("{{ range .Items }}<{{ . }}>{{ end }}", "<a><b>"),
        ("{{ range $i, $x := .Items }}{{ $i }}{{ $x }}{{ end }}", "0a1b"),
        ("{{ range $x := .Items }}{{ $x }}{{ $.Name }}{{ end }}", "aAdabAda"),
        ("{{ range .Empty }}x{{ else }}none{{ end }}", "none"),
        ("{{ if .Empty }}x{{ else if .Zero }}y{{ else if .Yes }}z{{ end }}", "z"),
        ('{{ if and .Yes (eq .Name "Ada") }}1{{ end }}', "1"),
        ("{{ if or .Zero (not .Yes) }}1{{ else }}0{{ end }}", "0"),
        ("{{ .Inner.Deep.er }}", "3"),
        ("{{ with .Inner.Deep }}{{ .er }}{{ end }}", "3"),
        ("{{ $last := false }}{{ range .Items }}{{ $last = true }}{{ end }}{{ $last }}", "true"),
        ("{{ len .Items }}{{ index .Items 1 }}", "2b"),
        ('{{ (index .Items 0) | printf "%s-%s" .Name }}', "Ada-a"),
        ('{{ range .Items }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ end }}', "a"),
        ("{{ range $i, $x := .Items }}{{ if eq $i 0 }}{{ continue }}{{ end }}{{ . }}{{ end }}", "b"),
        ("{{/* a word */}}x", "x"),
        ("{{ .Inner }}", '{"Deep":{"er":3}}'),
        ("{{ slice .Items 1 }}", '["b"]'),
        ("{{ if gt (len .Items) 1 }}many{{ end }}", "many"),
    ],
)
def test_what_a_template_gives(source: str, text: str) -> None:
    assert rendering.run(source, VALUES) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ .Broken", "template: :1: unclosed action"),
        ("one\ntwo {{ .Broken", "template: :2: unclosed action"),
        ("{{ if .X }}", "template: :1: unexpected EOF"),
        ("{{ end }}", "template: :1: unexpected {{end}}"),
        ("{{ frob .X }}", 'template: :1: function "frob" not defined'),
        ("{{ if }}{{ end }}", "template: :1: missing value for command"),
        ("{{ (.X }}", "template: :1: unclosed left paren"),
    ],
)
def test_what_is_no_template(source: str, text: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        parse(source)
    assert str(caught.value) == text


def test_a_template_of_before_there_were_messages() -> None:
    source = "{{ if .System }}[{{ .System }}]{{ end }}{{ if .Prompt }}Q:{{ .Prompt }}\n{{ end }}A:{{ .Response }}\n"
    messages = [Message("system", "s"), Message("user", "one"), Message("assistant", "1"), Message("user", "two")]
    assert rendering.prompt(source, messages) == "[s]Q:one\nA:1\nQ:two\nA:\n"


def test_neighbours_of_one_role_are_joined_and_calls_are_kept() -> None:
    calls = "{{ range .ToolCalls }}{{ .Function.Arguments }}{{ end }}"
    source = "{{ range .Messages }}{{ .Role }}:{{ .Content }}" + calls + ";{{ end }}"
    messages = [
        Message("user", "a"),
        Message("user", "b"),
        Message("assistant", calls=(Call("f", {"x": "<"}),)),
        Message("tool", "1"),
        Message("tool", "2"),
    ]
    assert rendering.prompt(source, messages) == 'user:a\n\nb;assistant:{"x":"\\u003c"};tool:1;tool:2;'
