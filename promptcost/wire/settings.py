"""Which parameters of a request can cost it its cache, by API.

Sources: Anthropic's "what invalidates the cache" table, OpenAI's cache diagnostics
(`text_format_changed`, `reasoning_effort_changed`, `service_tier_changed`, ...), the references of
Gemini and Bedrock.  Whether one does at a given model is for the rules to say.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from promptcost.wire._json import canonical
from promptcost.wire.block import Api

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.wire._marks import Json

_OPENAI = (
    "tool_choice",
    "parallel_tool_calls",
    "service_tier",
    "context_management",
    "prompt_cache_options.mode",
    "prompt_cache_options.ttl",
    "prompt_cache_retention",
)
_PATHS: Mapping[Api, tuple[str, ...]] = {
    Api.ANTHROPIC_MESSAGES: (
        "thinking",
        "output_config.effort",
        "output_config.format",
        "output_config.task_budget",
        "output_format",
        "tool_choice",
        "speed",
        "context_management",
        "mcp_servers",
        "inference_geo",
    ),
    Api.OPENAI_CHAT: (
        *_OPENAI,
        "response_format",
        "reasoning_effort",
        "reasoning",
        "verbosity",
        "function_call",
        "chat_template_kwargs",
    ),
    Api.OPENAI_RESPONSES: (*_OPENAI, "text.format", "text.verbosity", "reasoning", "truncation"),
    Api.GEMINI: (
        "cachedContent",
        "toolConfig",
        "generationConfig.thinkingConfig",
        "generationConfig.responseMimeType",
        "generationConfig.responseSchema",
        "generationConfig.responseJsonSchema",
        "generationConfig.mediaResolution",
        "serviceTier",
    ),
    Api.BEDROCK_CONVERSE: (
        "toolConfig.toolChoice",
        "additionalModelRequestFields.thinking",
        "additionalModelRequestFields.reasoning_config",
        "additionalModelRequestFields.output_config",
        "outputConfig",
        "performanceConfig",
        "serviceTier",
    ),
}


# What a parameter stands for that is left out, where that is documented and the same everywhere.
_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "tool_choice": ('"auto"', '{"type":"auto"}'),
    "toolConfig.toolChoice": ('{"auto":{}}',),
    "parallel_tool_calls": ("true",),
    "service_tier": ('"auto"',),
    "speed": ('"standard"',),
    "response_format": ('{"type":"text"}',),
    "text.format": ('{"type":"text"}',),
    "generationConfig.responseMimeType": ('"text/plain"',),
}


def settings_of(api: Api, body: Json) -> Mapping[str, str]:
    """Return the settings a body states, as canonical JSON by dotted path, but for defaults."""
    stated = {path: value for path in _PATHS[api] if (value := _look_up(body, path)) is not None}
    written = {path: canonical(value) for path, value in stated.items()}
    return MappingProxyType(
        {path: text for path, text in written.items() if text not in _DEFAULTS.get(path, ())}
    )


def _look_up(body: Json, path: str) -> object:
    value: object = body
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
