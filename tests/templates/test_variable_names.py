from __future__ import annotations

import pytest

from promptcost.model.stability import Audience, Clock, Stability
from promptcost.templates.names import Kind, classify, classify_call, classify_word, split_words

SECONDS = (
    "CURRENT_TIME current_time now KIMI_NOW current_datetime datetime time iso_datetime"
    " utc_iso_datetime CURRENT_DATETIME isoTime dateTime timestamp_line local_time self.now"
)
DAYS = "date current_date today CURRENT_DATE currentDate date_string todays_date weekday"
UNKNOWN = (
    "name context state country primary_key runtime start_date START_DATE system x persona fence"
    " skills_summary"
)
KINDS = {
    Kind.ID: "id issue_number issue_key pr_number url pr_link task_id run_id message_id"
    " message_id_full requestId cch task.id request.id uuid",
    Kind.RANDOM: "nonce random_fence fence_salt canary_token",
    Kind.USER: "locale full_name last_name first_name customer_info user user_name profile"
    " user_description current_user USER_NAME user.name user_id timezone tzname"
    " user_location",
    Kind.TENANT: "company_name tenant organization_id org_name",
    Kind.SESSION: "thread_id conversation_id CONVERSATION_ID AGENT_ID session_id agent.id",
    Kind.ENVIRONMENT: "branch branch_name repo_map machine workspace os_version"
    " runtime_info working_dir KIMI_WORK_DIR KIMI_WORK_DIR_LS",
    Kind.COUNTER: "round_number token_count previous_attempts n_model_calls elapsed_seconds"
    " remaining_questions token_usage",
    Kind.HISTORY: "history messages chat_history conversation conversation_history summary"
    " agent_scratchpad events memory memories user_memory messages[].content",
    Kind.RETRIEVAL: "context_str relevant_chunks documents search_results snippets knowledge"
    " reference text_segments[] context_messages[].blocks[].text",
    Kind.PAYLOAD: "question input task text query answer content query_str response instruction"
    " title diff user_message topic user_input ground_truth state.inputs.task tasks[].id"
    " comment.created_at latest_user_message research_question user.question"
    " user_requirement problem_name",
    Kind.TOOLS: "tools schema managed_agents available_tools tool_definitions tool_names actions"
    " functions skills tools{}.description",
    Kind.SETTING: "general_instructions add_generation_prompt instructions language bos_token"
    " enable_thinking role criteria labels extra_instructions max_words max_step_num step_limit"
    " knowledge_cutoff add_vision_id KG_TRIPLE_DELIMITER instructions.actions.run config.id"
    " sample_conversation criteria_for_query_generation date_format system_os KIMI_OS platform"
    " repo_context repo repository_name",
}


@pytest.mark.parametrize("name", SECONDS.split())
def test_time_names_are_clocks_to_the_second(name):
    reading = classify(name)
    assert (reading.kind, reading.clock) == (Kind.TIME, Clock.SECOND)


@pytest.mark.parametrize("name", DAYS.split())
def test_date_names_are_clocks_to_the_day(name):
    reading = classify(name)
    assert (reading.kind, reading.clock) == (Kind.TIME, Clock.DAY)


@pytest.mark.parametrize(("name", "clock"), [("hour", Clock.HOUR), ("hhmm", Clock.MINUTE)])
def test_hours_and_minutes_keep_their_precision(name, clock):
    assert classify(name).clock is clock


@pytest.mark.parametrize(
    ("name", "kind"),
    [pytest.param(name, kind, id=name) for kind, names in KINDS.items() for name in names.split()],
)
def test_name_is_of_its_kind(name, kind):
    assert classify(name).kind is kind


@pytest.mark.parametrize("name", UNKNOWN.split())
def test_ambiguous_name_is_unknown_and_never_taken_to_vary(name):
    assert classify(name).kind is Kind.UNKNOWN
    assert classify(name).stability == Stability()


def test_words_of_camel_snake_and_upper_case_names():
    assert split_words("currentDate") == ("current", "date")
    assert split_words("KIMI_WORK_DIR") == ("kimi", "work", "dir")
    assert split_words("HTTPHeader2") == ("http", "header", "2")
    assert split_words("_") == ()


def test_name_without_words_and_path_without_parts_are_unknown():
    assert classify_word("__").kind is Kind.UNKNOWN
    assert classify("").kind is Kind.UNKNOWN


def test_stability_follows_from_the_kind():
    assert classify("question").stability == Stability(audience=Audience.REQUEST)
    assert classify("now").stability == Stability(clock=Clock.SECOND)
    assert classify("history").stability == Stability(audience=Audience.TURN)


@pytest.mark.parametrize(
    ("call", "kind", "clock"),
    [
        ("strftime_now", Kind.TIME, Clock.SECOND),
        ("datetime.now", Kind.TIME, Clock.SECOND),
        ("date.today", Kind.TIME, Clock.DAY),
        ("uuid.uuid4", Kind.RANDOM, Clock.NEVER),
        ("secrets.token_hex", Kind.RANDOM, Clock.NEVER),
        ("os.getcwd", Kind.ENVIRONMENT, Clock.NEVER),
        ("raise_exception", Kind.UNKNOWN, Clock.NEVER),
        ("range", Kind.UNKNOWN, Clock.NEVER),
    ],
)
def test_known_functions_give_what_they_give(call, kind, clock):
    assert (classify_call(call).kind, classify_call(call).clock) == (kind, clock)
