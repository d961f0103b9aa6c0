"""Word tables of functions whose result is known by what they are given, or by themselves."""

from __future__ import annotations

from promptcost.templates._words import words

SAME = words(
    "strip lstrip rstrip lower upper title capitalize replace isoformat astimezone ctime hex encode"
    " decode split splitlines removeprefix removesuffix timetuple items values keys copy dict json"
    " model_dump model_dump_json zfill"
)
DRAWS = words("choice choices sample")
WRAPPERS = words(
    "str repr int float list tuple sorted reversed dumps dedent cleandoc format indent escape"
    " pformat round wait_for gather localize"
)
RETRIEVING = words(
    "similarity_search similarity_search_with_score get_relevant_documents retrieve"
    " aget_relevant_documents asimilarity_search max_marginal_relevance_search hybrid_search"
    " vector_search semantic_search search_documents rerank"
)
CLOCKS = words("time strftime ctime asctime localtime gmtime")  # of the module time
TAKES_FIRST = words("json textwrap asyncio html inspect pprint")  # modules of wrappers
