"""Kinds of templates that real packages hold, each with a near miss that stays quiet."""

from __future__ import annotations

from audit.auditing import audit, codes

LINE = "Name the part of the text that your answer rests on, in quotes. "


def test_text_of_a_value_nobody_knows_is_no_fixed_text(tmp_path):
    text = f"{{{{ question }}}}\n{LINE * 4}\nLook at this: {{{{ thing }}}}\n{LINE * 3}"
    assert codes(audit(tmp_path, text)) == [("PC104", "note", 1)]


def test_known_text_behind_a_value_nobody_knows_counts(tmp_path):
    text = f"{{{{ question }}}}\n{LINE * 6}\nLook at this: {{{{ thing }}}}\n{LINE * 6}"
    assert codes(audit(tmp_path, text)) == [("PC104", "low", 1)]


def test_value_that_is_given_counts_as_what_it_is(tmp_path):
    text = f"{{{{ question }}}}\n{{{{ thing }}}}\n{LINE * 6}"
    given = f"{{contexts: {{a: {{question: one, thing: '{LINE * 6}'}}}}}}"
    assert codes(audit(tmp_path, text)) == [("PC104", "note", 1)]
    assert codes(audit(tmp_path, text, contexts=given)) == [("PC104", "low", 1)]
