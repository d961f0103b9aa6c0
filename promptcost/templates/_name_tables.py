"""Word tables of the name classifier, from variable names counted in released prompts.

Every entry is a name in lower-case words.  A table lists whole names or endings of names; nothing
here matches inside a word, so ``ground_truth`` holds no round and ``country`` no count.
"""

from __future__ import annotations

from promptcost.templates._words import phrases, words

RANDOM_WORDS = words("nonce random rand salt canary buster")
# What makes chance repeatable: random_seed.
REPEATABLE = words("seed state generator name library module mode size count order")
RANDOM_CALLS = phrases(
    "uuid uuid1 uuid4 uuid7 random randint rand random_id token_hex token_urlsafe token_bytes"
    " urandom gen_id new_id nanoid ulid choice sample shuffle getrandbits"
)

ID_HEADS = words("id ids uuid guid ulid uid hash digest checksum sha etag fingerprint")
ID_PHRASES = phrases(
    "url link request_url page_url issue_number issue_key issue_url issue_link pr_number pr_url"
    " pr_link ticket_number ticket_key ticket_url order_number case_number invoice_number"
    " reference_number tracking_number pull_request_number build_number commit cch correlation"
    " traceparent serial serial_number boundary_token fence_token base_commit head_commit"
)
# Records that a request is about: their number or link is an identifier, their text is payload.
RECORD_OWNERS = words(
    "ref issue pr mr ticket order case invoice tracking reference pull merge bug incident alert job"
    " build commit"
)
RECORD_LABELS = words("number key url link")
RECORD_SUBJECTS = words(
    "issue pr mr ticket case bug incident alert pull merge task problem question thread review"
    " email document article message feedback"
)
RECORD_PARTS = words(
    "steps name title description body content text comment comments context summary details"
)
STABLE_ID_OWNERS = words(
    "agent tool model assistant bot app application product policy plan vision adapter lora voice"
    " prompt template project database table column schema organization client catalog version"
    " workflow pipeline category rule role skill server component package module"
)

USER_NAMES = phrases(
    "user username current_user benutzername nutzername kundenname nombre_usuario nombre_cliente"
    " nom_utilisateur utilisateur usuario account_holder first_name last_name full_name user_name"
    " display_name given_name family_name surname nickname profile locale email customer_info"
    " customer_name customer customer_profile biography bio preferences memory_profile"
    " timezone time_zone tzname tz phone phone_number address birthday age gender user_id"
    " user_info user_data member location user_location"
)
USER_OWNERS = words("user customer member employee student patient visitor person")
# Behind one of those: what is the same for all of them.
OF_ALL_USERS = words(
    "role roles manual guide story stories agent interface ui flow group agreement journey"
    " column columns field fields table tables"
)
TENANT_NAMES = phrases(
    "tenant tenant_id tenant_name org organization organisation org_name company company_name"
    " account account_name account_id customer_id workspace_id workspace_name"
    " organization_name organisation_name organization_id org_id company_id company_info"
    " client_name"
)
# Those that a deployment of one company fills in once; only an account or id tells of several.
OF_ONE_COMPANY = words("org organization organisation company name info")
SESSION_NAMES = phrases(
    "session session_id conversation_id thread_id chat_id session_key session_token session_name"
    " thread_ts sid scratchpad_dir scratchpad_path tmp_dir temp_dir sandbox_id call_sid"
    " connection_id"
)
ENVIRONMENT_NAMES = phrases(
    "branch branch_name current_branch git_branch repo_map repo_path machine kernel os_version"
    " os_info"
    " workspace workspace_dir workspace_path cwd working_dir working_directory work_dir"
    " current_dir current_directory current_working_directory directory_listing dir_listing"
    " file_tree directory_tree project_root root_dir home_dir runtime_info system_info"
    " environment_info env_info environment_details hostname host_name git_status git_log"
    " git_info uname platform_info directory_structure project_structure"
    " workspace_dir_name repo_directory work_dir_ls dir_ls ls"
    " additional_dirs_info pwd home_directory environment_context env_context file_listing"
    " directory_contents"
)
# What a tree or listing is of, for it to be of the machine.
TREE_OWNERS = words("project repo repository file files directory dir folder workspace source code")
TREES = words("tree listing layout")
ENVIRONMENT_CALLS = phrases(
    "getcwd gethostname getuser get_os get_platform platform uname listdir get_cwd get_branch"
    " get_git_branch get_working_directory"
)
COUNTER_NAMES = phrases(
    "round_number round_num token_count tokens_used tokens_left token_usage previous_attempts"
    " previous_attempt attempt attempts attempt_number retry retries retry_count step_number"
    " step_num current_step current_round current_turn turn_number turn_count n_model_calls"
    " n_calls call_count elapsed elapsed_seconds elapsed_time remaining_questions remaining_steps"
    " remaining_tokens remaining_budget remaining_time remaining_turns steps_left turns_left"
    " message_count iteration iteration_number budget_left progress uptime cost_so_far failures"
    " previous_errors remaining failed_attempts last_error loop_count turn_index step_index"
    " round_index cost_usd spent_usd amount_spent tokens_spent spent_so_far"
)
# Counters when they stand alone; with an attribute or in a longer name they are other things.
COUNTER_OR_OBJECT = words("step turn round")
LEFT_OVER = words("remaining left")
# A number of one of these counts on: turn_no, step_index.  Since and ago tell an age.
COUNTED = words("turn step round iteration attempt retry try loop cycle")
ENUMERATED = words("question item row sample chunk batch document doc record entry")
UNDER_WAY = words("iteration attempt round")
NUMBERS = words("no num nr number index idx counter count")
UNITS = words("time minutes hours days weeks seconds secs ms elapsed")
# Whether this is the first turn: it turns once in every conversation.
ORDINALS = words("first new last final initial fresh follow continuing resumed")
OCCASIONS = words("turn message round conversation session step iteration run request chat call up")
TURNING = phrases("is_retry is_followup is_continuation is_resume is_resuming")
HISTORY_NAMES = phrases(
    "history chat_history conversation conversation_history message_history messages summary"
    " running_summary conversation_summary chat_summary history_summary session_summary"
    " memory_summary previous_summary rolling_summary existing_summary current_summary"
    " agent_scratchpad scratchpad events memory memories"
    " turns message_log interaction_log dialogue dialog chat_log chat trajectory thoughts"
    " observations intermediate_steps previous_messages past_messages past_steps completed_steps"
    " notes session_notes"
    " recent_messages recent_events memory_blocks user_memory user_memories meta_memory runs"
    " action_history event_history steps context_memory working_memory long_term_memory"
    " short_term_memory todo todos todo_list"
)
RETRIEVAL_NAMES = phrases(
    "context_str relevant_chunks documents docs search_results search_result snippets snippet"
    " knowledge references reference retrieved_documents retrieved_docs retrieved_context chunks"
    " passages segments text_segments context_messages text_chunks retrieved_memories"
    " relevant_memories relevant_documents relevant_docs evidence sources web_results nodes"
    " excerpts articles web_search_results retrieval_results facts rag_context context_chunks"
    " relevant_files results search_context retrieval_context chunk passage_text contexts summaries"
    " pages hit files_context file_context review_context code_context"
    " document_context documents_context research_context product_context article_context"
    " contexto contexte kontext documentos documente dokumente"
    " source_context paper_context page_context graph_context knowledge_context web_context"
    " context_data content_data community_reports grounding_data"
)
PAYLOAD_NAMES = phrases(
    "question input inputs task text query answer content query_str response instruction title"
    " diff user_message topic user_input request message comment issue ticket passage patch"
    " problem problem_statement goal objective mission sentence paragraph output prediction"
    " generation"
    " completion solution candidate statement claim hypothesis premise body subject description"
    " requirement user_requirement user_requirements"
    " user_query user_question user_prompt user_request latest_user_message truth ground_truth"
    " article document email_body code code_snippet source_code student_solution existing_answer"
    " reply utterance payload prompt_text feedback pr pull_request transcript_text word words_text"
    " news story review email_text tweet post headline abstract source_text target_text item row"
    " record product_description job_description resume image images attachment attachments"
    " original_query user_intent search_query questions subtask command error error_message"
    " stack_trace traceback log logs changes commit_message file_content file_contents user_text"
    " raw_text input_text text_input input_data data_input input_str input_query alert incident"
    " tool_calls tool_call tool_result tool_results tool_output observation expected_output"
    " actual_output model_output actual_answer expected_answer reference_answer predicted_answer"
    " student_answer answers responses outputs generations candidates completions instruction_text"
    " argument statements claims sentences comments suggestion suggestions hunk trace traces"
    " essay transcript test_results execution_results eval_results evaluation_results"
    " analysis_results selected_lines selected_text selected_code remaining_text file_name filename"
    " source_file test_file code_file"
    " file_path filepath stdout stderr cmd submission draft proposal manuscript poem lyrics"
    " paper brief memo report caption bill receipt contract webpage web_page html dom screenshot"
    " briefing outline syllabus result review_threads assignment files"
    " crm_notes case_notes clinical_notes meeting_notes call_notes"
    " page_content cv mail keyword raw_data plan raw_email email_thread action_plan"
    " price prices amount total_price total_cost total_amount order_total order_amount"
    " invoice_amount invoice_total transaction_amount loan_amount purchase_price unit_price"
    " quoted_price total_due amount_due"
    " step_by_step_plan execution_plan research_plan implementation_plan"
    " frage anfrage eingabe aufgabe pregunta consulta entrada texto texte requete demande pergunta"
    " tarefa domanda testo vraag"
    " image_prompt video_prompt query_prompt original_prompt input_prompt text_prompt human_prompt"
    " search_prompt draft_prompt edit_prompt negative_prompt music_prompt audio_prompt"
    " analysis student_prompt rewritten_prompt enhanced_prompt improved_prompt"
)
# What is described in a request; the description of anything else may be a setting.
DESCRIBED = words(
    "specification section feature project app scene image video requirement code bug change"
    " submission"
)
# Whose data is not of the request: it is a setting, a user's or a tenant's.
FIXED_DATA = words(
    "config configuration meta training static schema template style brand user customer member"
    " employee student patient visitor person company account tenant org organization"
)
# Whose code is text of the request; behind other words a code is a short sign (country_code).
CODE_OWNERS = words(
    "test solution student user buggy generated candidate submitted python sql html js javascript"
    " java workflow reference gt target modified fixed broken program source sample"
)
# Whose text stays the same: an intro_text is no text of the request.
FIXED_TEXTS = words(
    "intro introduction header footer help disclaimer boilerplate legal static default template"
    " system style rules rule policy button welcome greeting closing guideline format about tool"
    " note notice warning label title hint tools names"
)
TOOL_NAMES = phrases(
    "tools tool schema managed_agents available_tools tool_definitions tool_names tool_desc"
    " tool_descriptions actions available_actions functions skills available_skills skill"
    " action_names actions_schema tool_schemas function_descriptions delegates builtin_tools"
    " custom_tools tools_list tool_list agents plugins capabilities commands json_schema"
    " output_schema input_schema response_schema edge_schemas agent_skills_docs"
)
# What describes tools: a word for tools first, and for a description of them last.
TOOL_OWNERS = words("tool tools function functions func command commands action actions plugin api")
TOOL_ACCOUNTS = words(
    "docs documentation desc description descriptions definitions list names schema schemas"
    " signatures info reference"
)
SETTING_NAMES = phrases(
    "instructions general_instructions extra_instructions custom_instructions language criteria"
    " labels label rules rule ruleset rulesets guidelines config configuration settings style tone"
    " system_message"
    " output_format format format_instructions response_format system_prompt max_words policy"
    " policies constraints requirements rubric role goal_template dialect stop_sequence options"
    " categories category examples few_shot_examples prefix suffix delimiter separator"
    " knowledge_cutoff cutoff_date training_cutoff model model_name tool_choice prompts"
    " thinking_budget reasoning_effort temperature user_role assistant_role agent_role"
    " instruction_block demonstration exemplar shot few_shot fewshot"
    # What one project fills in once.
    " repo repo_name repo_context repo_info repo_url repository repository_name repository_info"
    " repository_url"
    # Of these there are three, so that all of them are soon cached.
    " os os_name system_os operating_system os_type platform shell"
)
# A single instruction is what a request asks, unless a word says whose standing order it is.
STANDING = words(
    "repo repository system custom extra additional general agent base project default special"
    " developer format formatting output response safety style language test global team org"
)
MADE_AT_RUN_TIME = words("agent actor team worker")
STABLE_OBJECTS = words(
    "persona character agent actor team worker tool model assistant bot config cfg settings"
    " configuration schema table column rule"
    " ruleset rulesets rules skill skills function functions delegates delegate instructions"
    " prompts tools agents managed actions options policy policies labels defaults constants"
)
FLAG_PREFIXES = words(
    "sample few shot icl example demo static fixed enable enabled disable require requires required"
    " allow allowed add use using is has include n"
    " exclude focus ignore avoid prefer only show with without no num max min total should can want"
    " skip keep strip force limit"
    " default supports support"
)
SETTING_HEADS = words(
    "instructions instructions_text rules guidelines criteria format language style tone token"
    " policy policies template config settings delimiter separator prefix suffix limit threshold"
    " enabled flag mode type types level count size length version names labels schema path"
    " definitions descriptions prompt choice options keys seed"
)
# Words that say nothing about what a name is: dropped from its end.
TRAILERS = words(
    "full short str string text value json raw formatted truncated trimmed cleaned escaped md"
    " markdown block line list numbered rel"
    " relevante relevantes actual usuario cliente recuperado recuperados"
)
PREPOSITIONS = words("for of in from by per about to with without no")
# Words before a name that say which of several it is, and not what it is.
# Words by which tools and actions are those that were used.
PAST = words("previous prev past last recent executed completed taken")
QUALIFIERS = words(
    "previous prev past last latest newest recent current new old existing stale potential relevant"
    " all entire whole executed completed taken retrieved extracted known given selected original"
    " initial final"
)
# A single word that is payload on its own, but anything at all behind another word.
NEVER_ENDINGS = words(
    "code description word command item row record argument story image images url title log logs"
    " commit link name role data chat summary agents plugins commands nodes facts steps runs notes"
    " files html mail keyword contract cmd plan"
)
# A first word that makes one of many when more follow, and is the one at hand when it stands alone.
ALONE = words("sample n")
