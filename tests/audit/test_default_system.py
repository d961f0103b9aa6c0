"""What a chat template says itself where a conversation brings no system message."""

from __future__ import annotations

import pytest
from audit.auditing import audit, codes

LINE = "Name the part of the text that your answer rests on, in quotes. "
CHAT = """\
{{%- if messages[0].role == 'system' %}}
{{%- set text = messages[0].content %}}{{%- set rest = messages[1:] %}}
{{%- else %}}
{{%- set text = {default} %}}{{%- set rest = messages %}}
{{%- endif %}}
{{{{- '<system>' + text + '</system>' }}}}
{{%- for m in rest %}}
<{{{{ m.role }}}}>{{{{ m.content }}}}
{{%- endfor %}}
{{%- if add_generation_prompt %}}<assistant>{{%- endif %}}
"""
NOW = "strftime_now('%Y-%m-%d')"


@pytest.mark.parametrize(
    "default",
    [
        f"'Today is ' + {NOW} + '. ' + '{LINE * 8}'",
        f"'Today is ' ~ {NOW} ~ '. {LINE * 8}'",
    ],
)
def test_clock_in_the_default_system_text_is_found(tmp_path, default):
    (found,) = codes(audit(tmp_path, CHAT.format(default=default)))
    assert (found[0], found[2]) == ("PC101", 6)


@pytest.mark.parametrize(
    "default",
    [
        f"'{LINE * 8}'",
        f"'{LINE * 8} Today is ' + {NOW}",
        f"'Today is ' + (date | default('2026-01-01')) + '{LINE * 8}'",
    ],
)
def test_default_system_text_that_stays_or_ends_with_the_clock_is_quiet(tmp_path, default):
    assert codes(audit(tmp_path, CHAT.format(default=default))) == []


def test_template_that_refuses_to_go_without_a_system_message_is_read_with_one(tmp_path):
    refusing = CHAT.format(default=f"raise_exception('no system') + {NOW}")
    assert codes(audit(tmp_path, refusing)) == []
