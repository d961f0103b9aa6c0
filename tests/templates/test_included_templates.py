from __future__ import annotations

import pytest
from templates.making import ready, rendered

from promptcost.errors import Level
from promptcost.templates import Limits


@pytest.fixture
def root(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "top.j2").write_text("top {{ x }}")
    (tmp_path / "sub" / "near.j2").write_text("near {{ user.name }}")
    (tmp_path / "sub" / "mid.j2").write_text("{% include 'near.j2' %}{% include 'top.j2' %}")
    (tmp_path / "base.j2").write_text("<{% block b %}{{ a }}{% endblock %}>")
    (tmp_path / "bad.j2").write_text("{% if %}")
    (tmp_path / "binary.j2").write_bytes(b"\0")
    (tmp_path / "loop.j2").write_text("{% include 'loop.j2' %}{{ l }}")
    return tmp_path


def test_names_are_looked_up_from_the_root_and_beside_the_file(root):
    assert rendered("{% include 'sub/mid.j2' %}", {"x": "1"}, root).text == "near top 1"


def test_variables_of_included_files_belong_to_the_template(root):
    template = ready("{% include 'sub/mid.j2' %}{% extends 'base.j2' %}", root)
    assert [(v.name, v.span.source) for v in template.variables] == [
        ("user.name", str(root / "sub" / "near.j2")),
        ("x", str(root / "top.j2")),
        ("a", str(root / "base.j2")),
    ]
    assert template.expressions == ()


def test_an_include_inside_itself_is_walked_once(root):
    assert [v.name for v in ready("{% include 'loop.j2' %}", root).variables] == ["l"]


def test_a_child_fills_the_blocks_of_its_base(root):
    text = "{% extends 'base.j2' %} ignored {% block b %}[{{ super() }}]{% endblock %}"
    made = rendered(text, {"a": "1"}, root)
    assert made.text == "<[1]>"
    assert made.exact


def test_a_conditional_base_is_followed(root):
    text = "{% if flag %}{% extends 'base.j2' %}{% endif %}before {% block b %}x{% endblock %}"
    assert rendered(text, {"flag": True}, root).text == "<x>"
    assert rendered(text, {"flag": False}, root).text == "before x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% include 'no.j2' %}", "includes 'no.j2', which is not a file below the template root"),
        ("{% extends 'no.j2' %}", "includes 'no.j2', which is not a file below the template root"),
        ("{% import 'no.j2' as m %}{{ m.f(1) }}", "includes 'no.j2', which is not a file below"),
        ("{% from 'no.j2' import f %}{{ f(1) }}", "includes 'no.j2', which is not a file below"),
        ("{% include 'binary.j2' %}", "includes 'binary.j2', which is a binary file, not text"),
    ],
)
def test_what_cannot_be_included_is_said_and_empty(root, text, message):
    template = ready("a\n" + text, root)
    made = template.render({}, Limits())
    assert made.text in {"a\n", ""}
    (static,), (dynamic,) = template.problems, made.problems
    assert static.message.startswith(message)
    assert (static.line, static.level) == (2, Level.WARNING)
    assert dynamic.message.startswith(message)


def test_a_computed_name_makes_the_analysis_partial(root):
    text = "{% include name %}{% include ['no.j2', 'top.j2'] %}{% import name as m %}"
    template = ready(text, root)
    assert [p.message for p in template.problems] == [
        "includes a template by a computed name; the analysis is partial"
    ] * 2
    assert template.render({"name": "top.j2"}, Limits()).text == "top top "


@pytest.mark.parametrize("name", [None, 5, "", []])
def test_a_computed_name_that_is_none_is_said_and_empty(root, name):
    made = rendered("a{% include name %}", {"name": name}, root)
    assert made.text == "a"
    assert made.problems[0].message.startswith("includes ")


def test_a_tuple_of_names_is_tried_in_order(root):
    assert rendered("{% include ('no.j2', 'top.j2') %}", {}, root).text == "top "
    assert rendered("{% include names %}", {"names": ("no.j2", "top.j2")}, root).text == "top "


@pytest.mark.parametrize("names", ["['no' ~ 1, 'top' ~ '.j2']", "('no' ~ 1, 'top' ~ '.j2')"])
def test_names_that_are_put_together_are_tried_in_order(names, root):
    made = rendered(f"{{% include {names} %}}", {}, root)
    assert (made.text, made.problems) == ("top ", ())


def test_names_that_are_all_missing_are_told_and_print_nothing(root):
    made = rendered("a{% include ['no' ~ 1, 'no.j2'] %}", {}, root)
    assert made.text == "a"
    assert [problem.message for problem in made.problems] == [
        "includes 'no1', which is not a file below the template root",
        "includes 'no.j2', which is not a file below the template root",
    ]


def test_optional_names_may_all_be_missing(root):
    made = rendered("a{% include ['no.j2', 'none.j2'] ignore missing %}", {}, root)
    assert (made.text, made.problems) == ("a", ())


def test_an_optional_include_may_be_missing(root):
    template = ready("a{% include 'no.j2' ignore missing %}", root)
    made = template.render({}, Limits())
    assert (made.text, made.problems, template.problems) == ("a", (), ())


def test_a_faulty_include_is_a_problem_before_rendering(root):
    (problem,) = ready("{% include 'bad.j2' %}", root).problems
    assert problem.message.startswith("includes 'bad.j2', which has a fault")


def test_too_many_files_are_not_read(tmp_path):
    for number in range(300):
        (tmp_path / f"{number}.j2").write_text("x")
    text = "{% for n in range(300) %}{% include n ~ '.j2' %}{% endfor %}"
    made = rendered(text, {}, tmp_path)
    assert len(made.text) == 256
    assert "more than 256 files are included" in made.problems[0].message


def test_an_included_name_is_looked_for_in_every_folder_above_the_file(root):
    (root / "deep" / "er").mkdir(parents=True)
    (root / "deep" / "parts").mkdir()
    (root / "deep" / "parts" / "p.j2").write_text("part {{ p }}", encoding="utf-8")
    (root / "deep" / "er" / "m.j2").write_text("{% include 'parts/p.j2' %}", encoding="utf-8")
    assert rendered("{% include 'deep/er/m.j2' %}", {"p": "1"}, root).text == "part 1"


def test_hidden_files_are_not_included(root):
    (root / ".env").write_text("SECRET", encoding="utf-8")
    made = rendered("a{% include '.env' %}{% include './top.j2' %}", {"x": "1"}, root)
    assert "SECRET" not in made.text
    assert "top 1" in made.text
    assert any("names a hidden file" in str(problem) for problem in made.problems)


def test_blocks_are_printed_in_order_where_their_base_cannot_be_found(root):
    text = (
        "{% extends 'lost.j2' %}never{% block a %}A {{ x }}{% block inner %}!{% endblock %}"
        "{% endblock %}{% block b %} B{% endblock %}"
    )
    made = rendered(text, {"x": "1"}, root)
    assert made.text == "A 1! B"
    assert [str(text[p.span.start : p.span.end]) for p in made.pieces][:2] == ["A ", "{{ x }}"]
    assert made.problems


def test_a_lost_include_of_a_child_prints_no_blocks(root):
    text = "{% extends 'base.j2' %}{% block b %}[{% include 'lost.j2' %}]{% endblock %}"
    assert "[]" in rendered(text, {"a": "1"}, root).text
