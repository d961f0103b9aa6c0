# ruff: noqa: E501 - tables of templates, one to a line
from __future__ import annotations

import pytest

from promptcost.errors import Level
from promptcost.templates import Limits, Settings, SourceKind, load, prepare
from promptcost.templates.settings import SourceKind as Kind


@pytest.fixture
def loaded(tmp_path):
    def load_text(name, text, settings=None):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, settings=settings or Settings(), limits=Limits())

    return load_text


def places(source, root):
    """Return the source text of every printed expression, as its span in the file says it."""
    data = source.container.encode()
    template = prepare(source, root=root, limits=Limits())
    return [data[e.span.start : e.span.end].decode() for e in template.expressions]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.j2", "static", Kind.JINJA),
        ("a.jinja", "{{ x }}", Kind.JINJA),
        ("a.JINJA2", "{x}", Kind.JINJA),
        ("a.tmpl", "{{ x }}", Kind.JINJA),
        ("a.txt", "{{ x }}", Kind.JINJA),
        ("a.md", "static", Kind.PLAIN),
        ("a.md", "Hi {name}", Kind.STR_FORMAT),
        ("a.jinja", "{% for m in messages %}{% endfor %}{{ add_generation_prompt }}", Kind.CHAT_TEMPLATE),
    ],
)  # fmt: skip
def test_the_language_follows_the_name_and_the_text(loaded, name, text, kind):
    (source,), problems = loaded(name, text)
    assert (source.kind, problems) == (kind, [])


def test_the_language_can_be_set(loaded):
    (source,), _ = loaded("a.txt", "Hi {{ x }}", Settings(kind=SourceKind.STR_FORMAT))
    assert source.kind is SourceKind.STR_FORMAT


YAML = """\
name: not a prompt
system_prompt: |-
  You are {{ name }}.
  {% for t in tools %}
    - {{ t }}
  {% endfor %}
folded: >
  Long text {{ one }}
  that goes {{ two }} on.
list:
  - role: system
    content: "Quoted {{ three }}"
  - 'It''s {{ four }}'
  - plain {{ five }} text
  - &anchor !!str 'tagged {{ six }}'
  - *anchor
*anchor : x
format: "Short {x}"
long_format: "This is a long prompt that somebody fills in with format, {x}, and then sends away."
"""


def test_each_text_of_a_yaml_file_is_a_template(loaded, tmp_path):
    sources, problems = loaded("prompts.yaml", YAML)
    assert problems == []
    assert [(s.section, s.kind, s.is_exact) for s in sources] == [
        ("system_prompt", Kind.JINJA, True),
        ("folded", Kind.JINJA, True),
        ("list[0].content", Kind.JINJA, True),
        ("list[1]", Kind.JINJA, False),
        ("list[2]", Kind.JINJA, True),
        ("list[3]", Kind.JINJA, True),
        ("long_format", Kind.STR_FORMAT, True),
    ]
    assert places(sources[0], tmp_path) == ["{{ name }}", "{{ t }}"]
    assert places(sources[1], tmp_path) == ["{{ one }}", "{{ two }}"]
    assert places(sources[2], tmp_path) == ["{{ three }}"]
    assert places(sources[3], tmp_path) == ["It''s {{ four }}"]
    assert places(sources[4], tmp_path) == ["{{ five }}"]
    assert places(sources[5], tmp_path) == ["{{ six }}"]
    assert places(sources[6], tmp_path) == ["{x}"]


def test_coarse_places_are_noted(loaded):
    (source,), _ = loaded("p.yml", "a: 'It''s {{ x }}'\n")
    assert source.notes == ("escapes in the file make places coarse: they cover the whole value",)


def test_several_yaml_documents_are_read(loaded):
    sources, _ = loaded("p.yaml", "a: x {{ a }}\n---\nb: y {{ b }}\n")
    assert [source.section for source in sources] == ["a", "b"]


TOML = '''\
# "quoted {{ comment }}"
[prompt]
system = """\\
You are {{ name }}.
Say "{{ word }}"."""
user = 'plain {{ one }}'
basic = "tab\\t{{ two }}"
parts = ["first {{ three }}", 5]
literal = \'\'\'
Raw {{ four }}\'\'\'
'''


def test_each_string_of_a_toml_file_is_a_template(loaded, tmp_path):
    sources, problems = loaded("prompts.toml", TOML)
    assert problems == []
    assert [(s.section, s.is_exact) for s in sources] == [
        ("prompt.system", True),
        ("prompt.user", True),
        ("prompt.basic", True),
        ("prompt.parts[0]", True),
        ("prompt.literal", True),
    ]
    assert places(sources[1], tmp_path) == ["{{ one }}"]
    assert places(sources[2], tmp_path) == ["{{ two }}"]
    assert places(sources[3], tmp_path) == ["{{ three }}"]
    assert places(sources[4], tmp_path) == ["{{ four }}"]


@pytest.mark.parametrize(
    "text",
    [
        'k = """\nü {{ one }}\na.\\\n b {{ two }}"""\n',
        'k = """\r\nü {{ one }}\r\na.\\\r\n\r\n b {{ two }}"""\r\n',
        'k = "{{ one }} a\\u0007b {{ two }}"\n',
    ],
)
def test_words_that_a_toml_file_writes_in_pieces_leave_places_exact(loaded, tmp_path, text):
    (source,), _ = loaded("p.toml", text)
    assert source.is_exact
    assert places(source, tmp_path) == ["{{ one }}", "{{ two }}"]


def test_the_head_of_a_prompty_file_is_not_prompt(loaded, tmp_path):
    text = "---\nname: x {{ no }}\n---\nsystem:\né {{ a }}\nuser:\n{{ b }}\n"
    (source,), _ = loaded("p.prompty", text)
    assert source.text == "system:\né {{ a }}\nuser:\n{{ b }}\n"
    assert places(source, tmp_path) == ["{{ a }}", "{{ b }}"]


def test_a_prompty_file_without_a_head_is_all_prompt(loaded):
    (source,), _ = loaded("p.prompty", "system:\n{{ a }}\n")
    assert source.text == "system:\n{{ a }}\n"


def test_crlf_files_map_to_their_bytes(loaded, tmp_path):
    (source,), _ = loaded("a.j2", "one\r\n{{ x }}\r\ntwo {{ y }}")
    assert places(source, tmp_path) == ["{{ x }}", "{{ y }}"]


def test_a_byte_order_mark_is_dropped_with_a_warning(loaded, tmp_path):
    (source,), problems = loaded("a.j2", b"\xef\xbb\xbfa {{ x }}")
    assert [problem.level for problem in problems] == [Level.WARNING]
    assert places(source, tmp_path) == ["{{ x }}"]


def test_stray_bytes_are_replaced_with_a_warning(loaded):
    (source,), (problem,) = loaded("a.j2", b"caf\xe9 with a long enough text {{ x }}")
    assert (problem.level, source.text[:4]) == (Level.WARNING, "caf\ufffd")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.j2", b"\0\1\2", "is a binary file, not text; name a text file"),
        ("a.j2", b"a" * 9_000 + b"\0", "is a binary file, not text; name a text file"),
        ("a.j2", b"\xff\xfe\x00", "is not text; save the file as UTF-8"),
        ("a.yaml", b"a: [", "is not YAML"),
        ("a.yaml", b"a: \x01", "holds characters that YAML forbids"),
        ("a.yaml", b"[" * 70 + b"]" * 70, "has more than 64 levels or 500000 values"),
        ("a.toml", b"a = \nb", "1:5: is not TOML; check quotes and brackets there"),
        ("a.toml", b"a = " + b"[" * 5_000, "is not TOML"),
        ("a.toml", b"a." * 5_000 + b"b = 1", "has a key of more than 64 parts"),
        ("a.yaml", b"- '{{ x }}'\n" * 5_001, "holds more than 5000 templates; split the file"),
        ("a.toml", b"a = [" + b"'{{ x }}'," * 5_001 + b"]", "holds more than 5000 templates"),
        ("a.py", (b"P = f'" + b"word " * 40 + b"{x}'\n") * 5_001, "holds more than 5000 templates"),
        ("a.yaml", b"a: b", "holds no text with template syntax; name a file with prompts"),
        ("a.toml", b"a = 1", "holds no text with template syntax; name a file with prompts"),
    ],
)  # fmt: skip
def test_unusable_files_say_why(loaded, name, data, message):
    sources, problems = loaded(name, data)
    assert sources == []
    assert message in str(problems[-1])


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    path = tmp_path / "big.j2"
    path.write_text("a" * 2_000_001)
    sources, (problem,) = load(path, settings=Settings(), limits=Limits(source_bytes=2_000_000))
    assert sources == []
    assert problem.message == "is larger than 2 MB"


def test_a_missing_file_is_a_problem(tmp_path):
    _, (problem,) = load(tmp_path / "no.j2", settings=Settings(), limits=Limits())
    assert problem.message == "no such file"
