"""The type of what a template is given and what stands in for it: a value of any type."""

from __future__ import annotations

from typing import Any, TypeAlias

Value: TypeAlias = Any
