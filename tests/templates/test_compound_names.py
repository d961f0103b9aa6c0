"""Names of several words: what a qualifier, an owner or a part says about them."""

from __future__ import annotations

import pytest

from promptcost.model.stability import Clock
from promptcost.templates.names import Kind, classify

READINGS = {
    Kind.PAYLOAD: (
        "result analysis_result files briefing unit_price crm_notes "
        "issue_title pr_body mr_description task_description thread_context review_comments"
        " suggestion_str stale_suggestions full_hunk selected_lines agent_trace file_name"
        " current_code original_question answer_truncated diff_without_line_numbers response1"
        " issues[].number issue.title turn.content test_results meeting_transcript"
        " response_2 remaining_text answer_b indexed_text contract_text full_text article_body"
        " step_by_step_plan student_code feature_description cv_text frage pregunta stdout"
        " sample.question all_patches section_description research_paper problem_steps queries"
        " report_data batch_data plan all_plan raw_email"
        " source_file test_files code_file_numbered test_file_name_rel diff_numbered"
        " state.specification.description feature.description"
    ),
    Kind.RETRIEVAL: (
        "files_context research_context "
        "hits[].snippet context_data rag_results search_context stale_facts potential_nodes chunk_1"
        " contexts previous_passages documents_numbered"
    ),
    Kind.HISTORY: "current_memory previous_notes recent_messages conversation_so_far has_history"
    " last_success_actions session_notes",
    Kind.ID: (
        "base_commit fence_token "
        "issue.number pr.url mr_number issue_key ticket_url order_number pull_number"
        " incident_link original_url order.number ref_no order_nr serial_number"
    ),
    Kind.TOOLS: "command_docs tool_documentation func_desc function_signatures action_names",
    Kind.SETTING: (
        "repo_url repository_info "
        "repo_instruction system_instruction safety_instruction icl_document icl_query_1"
        " example_question demo_answer current_rules focus_only_on_problems"
        " config_defaults.input.type catalog_id workflow_id user_role random_seed random_state"
        " n_suggestions demonstrations[].input current_user_role_description sample_text"
        " persona.description character.goals instruction_block user_columns"
        " max_turn_no max_iteration words_per_answer random_generator_name user_manual_title"
        " rules_rel is_numbered example_numbered example_test_file path_rel"
    ),
    Kind.ENVIRONMENT: (
        "workspace_dir_name current_branch project_tree file_listing"
        " git_status_output ENVIRONMENT_CONTEXT"
    ),
    Kind.USER: "current_user last_name benutzername employee_id",
    Kind.COUNTER: (
        "current_step previous_attempts step Turn steps_remaining time_left elapsed_ms turn_no"
        " attempt_idx minutes_since_start days_ago is_first_turn isFirstMessage is_retry"
        " new_conversation research_iteration question_number cost_usd"
    ),
    Kind.SESSION: "sid thread_ts",
    Kind.TIME: (
        "current_date current_time day_of_week unix_timestamp current_time_ms user_local_time heute"
        " date_du_jour fecha_actual generated_at request_time as_of weekday_name moment_utc"
        " produced_on last_updated page.last_updated"
    ),
    Kind.UNKNOWN: (
        "elements[].produced_on"
        " step.name step_by_step left_margin round_trip tool_name docs_url line_number model_number"
        " product_title current_state"
        " given_context original chapter_1 state_2 key_figure agent_context page_number"
        " intro_text disclaimer_text country_code current_year month docs_tree round_table first"
        " BASE_URL tools_name_text vendor.description billing_plan decision_tree stop_keyword"
        " response_time date_of_birth sample first_place"
    ),
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param(name, kind, id=name)
        for kind, names in READINGS.items()
        for name in names.split()
    ],
)
def test_compound_name_is_of_its_kind(name, kind):
    assert classify(name).kind is kind


@pytest.mark.parametrize(
    "name",
    ["image_prompt", "query_prompt", "original_prompt", "user_prompt", "task_analysis", "analysis"],
)
def test_prompts_and_analyses_of_a_request_are_its_text(name):
    assert classify(name).kind is Kind.PAYLOAD


@pytest.mark.parametrize(
    "name",
    ["system_prompt", "base_prompt", "add_generation_prompt", "role_prompt", "analysis_type"],
)
def test_prompts_of_a_program_are_settings(name):
    assert classify(name).kind is Kind.SETTING


def test_part_of_a_clock_tells_its_precision():
    found = {name: classify(name).clock for name in ("time.Date", "now.date", "now.time", "now.x")}
    assert found == {
        "time.Date": Clock.DAY,
        "now.date": Clock.DAY,
        "now.time": Clock.SECOND,
        "now.x": Clock.SECOND,
    }
