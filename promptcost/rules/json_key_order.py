"""PC111: JSON with keys in no fixed order.  Source: stanfordnlp/dspy#10216."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import Example, Rule, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject


class JsonKeyOrder(Rule):
    """JSON is printed by a function that may leave its keys in any order.

    What: a function such as ``to_json`` or ``json.dumps`` prints a value; unlike Jinja's own
    ``tojson`` it is not known to sort keys.  A note, because the order only moves when the value
    is filled differently.

    Why: caches compare bytes, not meaning; a round trip through a hash map or a database column is
    enough to lose everything behind it.

    Repair: sort keys: ``| tojson``, or ``json.dumps(value, sort_keys=True)``, which ``--fix``
    writes.  Other functions are left to you, and so are chat templates: a model was trained with
    the order that their ``tojson`` keeps.

    Providers: the same for all.

    Source: stanfordnlp/dspy#10216 (repaired in #10227), OpenRouterTeam/ai-sdk-provider#472.
    """

    code, name = "PC111", "json-key-order"
    bad = (
        Example(template="Inputs: «{{ to_json(details.inputs) }}»"),
        Example(template="Inputs: «{{ details | to_json }}»"),
    )
    good = (
        Example(template="Inputs: {{ details.inputs | tojson }}"),
        Example(template="Inputs: {{ json.dumps(details.inputs, sort_keys=True) }}"),
        Example(template="{{ jsonify_later }} {{ schema_json }}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first value printed so."""
        found = [remark for remark in subject.remarks if remark.sign is Sign.JSON]
        for remark in found[:1]:
            message = f"{remark.text} may print keys in any order"
            yield self.remark(remark.place, message, "print it with sorted keys", remark.text)
