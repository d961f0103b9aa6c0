"""Templates that would hang, fill the memory or break out, by what they attack."""

# ruff: noqa: E501 - tables of templates, one to a line
from __future__ import annotations

_DOUBLE = "{{% set ns = namespace(s={0}) %}}{{% for i in range(64) %}}{{% set ns.s = {1} %}}{{% endfor %}}{2}"
_LAUGH = (
    "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(64) %}"
    "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}"
)
_TUPLES = (
    "{% set ns = namespace(s=(1,)) %}{% for i in range(64) %}"
    "{% set ns.s = (ns.s, ns.s) %}{% endfor %}"
)
_FOREVER = "{% for a in range(100000) %}{% for b in range(100000) %}"
_END = "{% endfor %}{% endfor %}"

# Refused at once: one step would make too much.
TOO_LARGE = {
    "string times number": "{{ 'a' * 10**9 }}",
    "number times string": "{{ 10**9 * 'a' }}",
    "list times number": "{{ [1] * 10**9 }}",
    "power of power": "{{ 10 ** (10 ** 9) }}",
    "integer squared again and again": _DOUBLE.format("7", "ns.s * ns.s", "{{ ns.s }}"),
    "center filter": "{{ 'a'|center(10**9) }}",
    "indent filter": "{{ 'a\nb'|indent(10**9) }}",
    "batch filter": "{{ [1]|batch(10**9, 0)|list }}",
    "slice filter": "{{ [1]|slice(10**9)|list }}",
    "format filter": "{{ '%1000000000d'|format(1) }}",
    "format filter with width argument": "{{ '%*d'|format(10**9, 1) }}",
    "percent operator": "{{ '%1000000000d' % 1 }}",
    "percent operator with width argument": "{{ '%*d' % (10**9, 1) }}",
    "percent operator with many widths": "{{ ('%999999d' * 99) % ((1,) * 99) }}",
    "percent operator with many values": "{{ ('%(a)s' * 1000000) % {'a': 'x' * 1000} }}",
    "percent operator with a nested key": "{{ '%(a(b))1000000000s' % {'a(b)': 1} }}",
    "format filter with many values": "{{ ('%(a)s' * 1000000)|format(a='x' * 1000) }}",
    "number of too many digits": "{{ ('%' ~ '9' * 5000 ~ 'd')|format(1) }}",
    "format method": "{{ '{:1000000000}'.format(1) }}",
    "format method with nested width": "{{ '{:{}}'.format(1, 10**9) }}",
    "format_map method": "{{ '{a:{b}}'.format_map({'a': 1, 'b': 10**9}) }}",
    "format method of markup": "{{ ('{:1000000000}'|safe).format(1) }}",
    "ljust method": "{{ 'a'.ljust(10**9) }}",
    "zfill method": "{{ 'a'.zfill(10**9) }}",
    "expandtabs method": "{{ '\t'.expandtabs(10**9) }}",
    "to_bytes method": "{{ (1).to_bytes(10**9, 'big') }}",
    "replace method": "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}",
    "replace method with nothing": "{{ ('a' * 1000000).replace('', 'b' * 1000) }}",
    "replace filter": "{{ ('a' * 1000000)|replace('a', 'b' * 1000000) }}",
    "translate method": "{{ ('a' * 4000000).translate({97: 'b' * 4000000}) }}",
    "join method": "{{ ('x' * 1000000).join('a' * 1000000) }}",
    "join filter": "{{ (['y' * 100000] * 100000)|join }}",
    "split into empty parts": "{{ ('x' * 8000000).split('x')|length }}",
    "list of characters": "{{ ('x' * 8000000)|list|length }}",
    "wordwrap filter": "{{ ('a ' * 4000000)|wordwrap(1, wrapstring='y' * 1000)|length }}",
    "text doubled by plus": _DOUBLE.format("'a'", "ns.s + ns.s", "{{ ns.s }}"),
    "text doubled by tilde": _DOUBLE.format("'a'", "ns.s ~ ns.s", "{{ ns.s }}"),
    "list doubled": _DOUBLE.format("[1]", "ns.s + ns.s", "{{ ns.s }}"),
    "sum of lists": "{{ ([[1]] * 1000000)|sum(start=[])|length }}",
    "round to many digits": "{{ 1.5|round(10**9, 'ceil') }}",
    "JSON in JSON": _DOUBLE.format("'\"'", "ns.s|tojson", "{{ ns.s }}"),
    "JSON with a wide indent": "{{ [1]|tojson(indent=10**9) }}",
    "printed in print": _DOUBLE.format("['\"']", "[ns.s|pprint]", "{{ ns.s }}"),
    "text padded to twice its length": _DOUBLE.format(
        "'a'", "ns.s.ljust((ns.s|length) * 2)", "{{ ns.s }}"
    ),
    "text joined by itself": _DOUBLE.format("'ab'", "ns.s.join(ns.s)", "{{ ns.s }}"),
    "center filter by map": "{{ ['a']|map('center', 10**9)|list|length }}",
    "filter block": "{% filter center(10**9) %}x{% endfilter %}",
    "filler text": "{{ lipsum(10**9) }}",
    "filler paragraphs": "{{ lipsum(1, false, 10**8, 10**8 + 1) }}",
    "lists in lists printed": _LAUGH + "{{ ns.s }}",
    "lists in lists as JSON": _LAUGH + "{{ ns.s|tojson }}",
    "lists in lists as string": _LAUGH + "{{ ns.s|string }}",
    "lists in lists by percent": _LAUGH + "{{ '%s' % (ns.s,) }}",
    "lists in lists by format": _LAUGH + "{{ '{!r}'.format(ns.s) }}",
    "lists in lists by format filter": _LAUGH + "{{ '%s'|format(ns.s) }}",
    "lists in lists by tilde": _LAUGH + "{{ ns.s ~ '' }}",
    "lists in lists joined": _LAUGH + "{{ ns.s|join }}",
    "lists in lists by map": _LAUGH + "{{ [ns.s]|map('string')|list|length }}",
    "lists in lists compared": _LAUGH + "{{ ns.s == ns.t }}",
    "lists in lists tested": _LAUGH + "{{ ns.s is eq ns.t }}",
    "lists in lists searched": _LAUGH + "{{ ns.s in [ns.t] }}",
    "lists in lists counted": _LAUGH + "{{ [ns.s].count(ns.t) }}",
    "lists in lists sorted": _LAUGH + "{{ [ns.s, ns.t]|sort|length }}",
    "lists in lists escaped": "{% autoescape true %}" + _LAUGH + "{{ ns.s }}{% endautoescape %}",
    "tuples in tuples as key": _TUPLES + "{{ {ns.s: 1}|length }}",
    "tuples in tuples as index": _TUPLES + "{{ {}[ns.s] }}",
    "namespaces in namespaces": _DOUBLE.format("1", "namespace(a=ns.s, b=ns.s)", "{{ ns.s }}"),
    "printed without end": "{% for a in range(100000) %}xxxxxxxxxx" * 2 + _END,
    "captured without end": "{% set m %}" + _FOREVER + "{{ 'x' * 100000 }}" + _END + "{% endset %}",
}

# Stopped by the deadline: many small steps.
TOO_LONG = {
    "nested loops without output": _FOREVER + _END,
    "nested loops with a counter": "{% set ns = namespace(i=0) %}"
    + _FOREVER
    + "{% set ns.i = ns.i + 1 %}"
    + _END,
    "filtered loops": "{% for a in range(100000) %}{% for b in range(100000) if false %}" + _END,
    "nested loops in a macro": "{% macro m() %}" + _FOREVER + _END + "{% endmacro %}{{ m() }}",
    "calls that fork": "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}"
    "{% endmacro %}{{ f(60) }}",
    "calls that go deep again and again": "{% macro m(n) %}{% if n < 90 %}{{ m(n + 1) }}{% endif %}{% endmacro %}"
    "{% for a in range(99999) %}{{ m(0) }}{% endfor %}",
    "cycler": "{% set c = cycler(*range(999)) %}" + _FOREVER + "{% set x = c.next() %}" + _END,
    "includes that are not there": "{% for a in range(99999) %}{% include ['a' ~ a] ignore missing %}{% endfor %}"
    * 9,
    "slow filter": "{{ ('<!---->' * 900000)|striptags|length }}",
}

ESCAPES = {
    "subclasses": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals of cycler": "{{ cycler.__init__.__globals__ }}",
    "globals by item": "{{ cycler.__init__['__globals__'] }}",
    "globals of lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "attr filter": "{{ ''|attr('__class__') }}",
    "map by attribute": "{{ ['']|map(attribute='__class__')|list }}",
    "format fields": "{{ '{0.__class__}'.format(1) }}",
    "self": "{{ self.__init__.__globals__ }}{{ self._TemplateReference__context }}",
    "list changed": "{{ [1].append(2) }}",
}

DEEP = {
    "parentheses": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "lists": "{{ " + "[" * 3_000 + "]" * 3_000 + " }}",
    "conditions": "{% if 1 %}" * 500 + "x" + "{% endif %}" * 500,
    "loops": "{% for a in [1] %}" * 30 + "x" + "{% endfor %}" * 30,
    "additions": "{{ " + "+".join(["a"] * 20_000) + " }}",
    "filters": "{{ a" + "|upper" * 5_000 + " }}",
    "attributes": "{{ a" + ".b" * 5_000 + " }}",
    "negations": "{{ " + "not " * 20_000 + "a }}",
    "tags": "{{ a }}" * 60_000,
    "digits": "{{ " + "9" * 5_000 + " }}",
}
