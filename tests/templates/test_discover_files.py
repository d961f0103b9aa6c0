from __future__ import annotations

import pytest

from promptcost.templates import discover


@pytest.fixture
def tree(tmp_path):
    def write(*names, text="{{ x }}"):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def names(root, found):
    return [path.relative_to(root).as_posix() for path in found]


def test_templates_are_found_by_name_and_by_content(tree):
    root = tree("b.j2", "sub/a.jinja", "c.txt", "d.md", "g.prompty", "h.prompt")
    tree("e.yaml", text="a: 'Hi {{ x }}'")
    tree("f.toml", text="a = 'Hi {{ x }}'")
    tree("i.j2", text="static")
    tree("j.txt", "k.md", "l.yaml", text="static")
    tree("m.py", "n.html", "o.json")
    found, problems = discover([root])
    assert names(root, found) == [
        "b.j2", "c.txt", "d.md", "e.yaml", "f.toml", "g.prompty", "h.prompt", "i.j2", "sub/a.jinja",
    ]  # fmt: skip
    assert problems == []


def test_hidden_and_installed_files_are_skipped(tree):
    root = tree(
        ".hidden.txt", ".git/a.j2", "node_modules/a.j2", "venv/a.j2", "dist/a.j2", "kept/a.j2"
    )
    tree("odd-env/pyvenv.cfg", "odd-env/lib/a.j2", "odd-env/b.j2")
    assert names(root, discover([root])[0]) == ["kept/a.j2"]


def test_documents_that_show_template_syntax_are_skipped_unless_named(tree):
    root = tree(
        "README.md", "README_fr.md", "CHANGELOG.md", "notices.md", "LICENSE.txt", "docs/a.md"
    )
    tree("docs/b.j2")
    assert names(root, discover([root])[0]) == ["docs/b.j2", "notices.md"]
    assert names(root, discover([root / "README.md"])[0]) == ["README.md"]
    assert names(root, discover([root / "docs"])[0]) == ["docs/a.md", "docs/b.j2"]


def test_examples_in_fenced_code_do_not_make_a_template(tree):
    fenced = "Text.\n```jinja\n{{ x }}\n```\nMore.\n  ~~~\n  {% if x %}\n  ~~~\n"
    root = tree("a.md", text=fenced)
    tree("b.md", text=fenced + "{{ y }}")
    tree("c.txt", text=fenced)
    assert names(root, discover([root])[0]) == ["b.md", "c.txt"]


def test_braces_alone_make_a_template_where_the_name_says_so(tree):
    text = "Hi {name}, GET /users/{id}"
    root = tree("in/api.md", "in/prompts/a.txt", "in/b_system.md", text=text) / "in"
    tree("in/prompts/json.txt", text='{name} {"a": 1}')
    assert names(root, discover([root])[0]) == ["b_system.md", "prompts/a.txt"]


def test_containers_without_prompts_are_skipped_and_broken_ones_only_by_their_name(tree):
    root = tree("in/values.yaml", "in/deploy.yml", text="url: '{host}/a'\n") / "in"
    tree("in/helm.yaml", "in/prompts.yaml", text="a: [\n{{ x }}")
    tree("in/agents.toml", text="prompt = 'Hi {{ x }}'")
    assert names(root, discover([root])[0]) == ["agents.toml", "prompts.yaml"]


def test_links_that_leave_the_directory_are_not_followed(tree, tmp_path):
    root = tree("in/a.j2", "out/secret.j2") / "in"
    (root / "leak.j2").symlink_to(tmp_path / "out" / "secret.j2")
    (root / "self.j2").symlink_to(root / "self.j2")
    (root / "twin.j2").symlink_to(root / "a.j2")
    (root / "folder").symlink_to(tmp_path / "out", target_is_directory=True)
    assert names(root, discover([root])[0]) == ["a.j2", "twin.j2"]


def test_binary_files_are_not_templates(tree):
    root = tree("a.j2")
    (root / "b.txt").write_bytes(b"\0{{ x }}")
    assert names(root, discover([root])[0]) == ["a.j2"]


def test_a_file_named_twice_is_found_once(tree):
    root = tree("a.j2")
    assert names(root, discover([root / "a.j2", root])[0]) == ["a.j2"]


def test_what_is_missing_or_empty_is_said(tree, tmp_path):
    root = tree("notes.txt", text="static")
    found, problems = discover([root, tmp_path / "no.j2"])
    assert found == []
    assert [problem.message for problem in problems] == [
        "holds no prompt templates",
        "no such file",
    ]
