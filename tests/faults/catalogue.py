"""The 110 scenarios of the catalogue: which tests elsewhere prove one, or why one does not apply.

Scenarios of the rig are tests named by their id in tests/faults; what stands here is proven by tests beside the code it
is about, and not copied. An entry is node ids, with words where a part of the scenario does not apply.
"""

from __future__ import annotations

from dataclasses import dataclass

IDS = {"A": 20, "B": 28, "C": 13, "D": 13, "E": 17, "F": 9, "G": 10}


@dataclass(frozen=True)
class Entry:
    """`tests`: node ids below tests/. `why`: what of the scenario is not tested, and the reason."""

    tests: tuple[str, ...] = ()
    why: str = ""


def proven(*tests: str, why: str = "") -> Entry:
    return Entry(tests, why)


def all_ids() -> list[str]:
    return [f"{letter}{number:02}" for letter, most in IDS.items() for number in range(1, most + 1)]


HTTP, PULL, SWEEP = "test_http.py::", "sync/test_pull.py::", "sync/test_sweep.py::"
AMO, B24 = "amocrm/", "bitrix24/"
DELIVER, TOKENS = "writeback/test_deliver.py::", "store/secret/test_tokens.py::"
TAKING, FORM = "hooks/test_taking.py::", "hooks/test_form.py::"

ELSEWHERE: dict[str, Entry] = {
    "A01": proven(
        HTTP + "test_a_failed_tls_handshake_has_sent_nothing",
        HTTP + "test_a_host_that_refuses_connections_is_named_as_that",
    ),
    "A05": proven(
        AMO + "test_verdict.py::test_a_limit_with_a_moment",
        HTTP + "test_a_limit_with_a_moment_is_waited_for_by_the_servers_clock",
        HTTP + "test_a_limit_longer_than_our_patience_goes_up_at_once",
        why="Bitrix24 documents no Retry-After: its limits are told apart by their codes, each pause is longer",
    ),
    "A07": proven(
        B24 + "test_journeys.py::test_a_method_over_its_operating_limit_stops_its_streams_alone",
        B24 + "test_client.py::test_a_method_over_its_limit_waits_alone",
        B24 + "test_client.py::test_a_method_closed_for_long_is_not_asked_again_while_others_go_on",
        why="amoCRM has no limit of one method",
    ),
    "A09": proven(
        HTTP + "test_json_with_a_byte_order_mark_gzip_and_a_wrong_content_type_is_still_json",
        HTTP + "test_what_is_not_json_is_broken_and_says_status_and_type",
        HTTP + "test_a_gzip_header_over_plain_text_is_broken",
    ),
    "A12": proven(
        HTTP + "test_a_gzip_bomb_is_cut_at_the_cap_and_not_asked_for_again",
        HTTP + "test_an_endless_body_is_cut_at_the_cap",
    ),
    "A13": proven(HTTP + "test_a_slow_drip_does_not_outlive_the_deadline"),
    "A14": proven(
        HTTP + "test_a_kept_connection_that_the_server_closed_meanwhile_is_replaced_without_a_word",
        HTTP + "test_a_write_whose_answer_is_lost_is_uncertain_and_not_repeated",
        why="GOAWAY: requests speaks HTTP/1.1 only",
    ),
    "A15": proven(
        "journeys/test_writeback.py::test_losing_the_answer_to_a_task_twice_leaves_one_task",
        DELIVER + "test_a_task_whose_answer_is_lost_twice_is_one_task",
    ),
    "A16": proven(
        AMO + "test_writing.py::test_a_lost_answer_is_read_back",
        B24 + "test_writing.py::test_a_lost_answer_is_unknown_and_found_done_the_next_time",
        DELIVER + "test_fields_whose_answer_is_lost_are_read_and_written_down_as_done_once",
    ),
    "A17": proven(
        AMO + "test_writing.py::test_one_bad_value_does_not_spoil_the_batch",
        AMO + "test_writing.py::test_a_refusal_that_names_nobody_is_halved",
        B24 + "test_writing.py::test_each_command_of_a_batch_is_judged_alone",
        DELIVER + "test_each_of_a_batch_is_judged_alone",
    ),
    "A18": proven(
        PULL + "test_pages_that_come_twice_and_records_that_stand_twice_do_no_harm",
        PULL + "test_paging_that_does_not_advance_is_broken_not_endless",
        AMO + "test_paging.py::test_the_same_page_for_ever_is_an_error",
    ),
    "A19": proven(
        "store/crm/test_records.py::test_of_two_versions_on_one_page_the_newer_counts",
        PULL + "test_pages_that_come_twice_and_records_that_stand_twice_do_no_harm",
    ),
    "B01": proven(
        PULL + "test_nothing_is_lost_while_people_edit_and_delete",
        AMO + "test_paging.py::test_nothing_is_lost_while_people_work",
        AMO + "test_paging.py::test_overlap_costs_about_a_tenth",
        B24 + "test_journeys.py::test_edits_and_deletions_while_it_is_read_lose_nothing",
    ),
    "B02": proven(PULL + "test_a_second_edit_within_the_same_second_is_seen"),
    "B03": proven(
        PULL + "test_three_thousand_records_in_one_second",
        AMO + "test_paging.py::test_three_thousand_edits_in_one_second",
    ),
    "B04": proven(
        PULL + "test_a_record_that_commits_late_is_seen_within_the_overlap_and_found_by_the_sweep_beyond_it",
        "sync/test_again.py::test_an_edit_that_commits_late_is_found",
        "faults/test_b_nights.py::test_b04_an_edit_that_commits_late",
        why="an edit that commits more than a week late is found by `kpi sync --full` only",
    ),
    "B05": proven(AMO + "test_paging.py::test_a_row_dated_into_the_future_does_not_move_the_place"),
    "B07": proven(
        AMO + "test_mapping.py::test_a_stub_of_the_trash",
        AMO + "test_streams.py::test_calls_meetings_and_removals_by_hand",
        "derive/test_deals.py::test_deleted_after_the_win_is_shown_but_not_counted",
        why="Bitrix24 tells of no deletion: B08",
    ),
    "B11": proven(
        "derive/test_deals.py::test_a_win_is_its_owners_at_the_moment_it_was_won",
        "derive/test_deals.py::test_reassigned_before_the_win_counts_for_the_new_owner",
        "journeys/test_truth.py::test_every_kpi_of_everyone_in_every_month",
    ),
    "B12": proven(
        "derive/test_deals.py::test_a_currency_set_after_the_win_leaves_what_was_won",
        "derive/test_deals.py::test_another_currency_at_the_rate_of_the_day_or_not_at_all",
        "store/crm/test_records.py::test_another_currency_alone_is_another_price",
        "test_money.py::test_a_missing_rate_is_none_and_never_one",
    ),
    "B13": proven(
        AMO + "test_writing.py::test_a_field_that_is_not_there",
        B24 + "test_writing.py::test_a_field_that_is_gone_is_rejected_with_its_name",
        B24 + "test_writing.py::test_a_field_of_another_type_is_left_alone_and_told",
        DELIVER + "test_a_common_cause_of_refusals_makes_no_storm",
        "pipeline/trust/test_drifting.py::test_a_field_that_is_gone_from_the_crm",
    ),
    "B14": proven(
        DELIVER + "test_the_refused_is_not_asked_again_until_its_value_changes",
        "writeback/test_quiet.py::test_a_deal_that_the_crm_refuses_does_not_hold_up_the_others",
    ),
    "B15": proven(
        "pipeline/trust/test_drifting.py::test_a_stage_is_gone_only_when_the_crm_confirms_it",
        "pipeline/trust/test_drifting.py::test_a_new_name_freezes_what_the_configuration_calls_by_the_old_one",
        "store/crm/test_removals.py::test_directories_keep_what_is_gone",
    ),
    "B16": proven(
        "web/test_access.py::test_who_is_dismissed_is_out_at_once",
        "web/test_access.py::test_who_left_the_team_is_seen_in_the_months_of_it",
        "store/crm/test_versions.py::test_names_as_they_were_known",
        AMO + "test_writing.py::test_a_task_for_someone_who_left",
    ),
    "B18": proven(
        PULL + "test_a_forbidden_kind_is_noted_and_the_others_are_read",
        B24 + "test_journeys.py::test_without_the_right_to_statistics_calls_are_activities",
        "journeys/test_health.py::test_a_silent_zero_is_caught",
    ),
    "B20": proven(
        AMO + "test_auth.py::test_a_moved_account_is_followed",
        AMO + "test_auth.py::test_but_not_to_just_any_host",
        B24 + "test_client.py::test_a_renamed_portal_is_followed_with_the_same_method_and_body",
        B24 + "test_journeys.py::test_the_renamed_portal_of_an_application_is_confirmed_by_the_sign_in_server",
    ),
    "B22": proven(
        TAKING + "test_hooks_that_do_not_arrive_are_noticed",
        TAKING + "test_a_subscription_that_vanished_is_made_again_and_one_given_up_is_told",
        TAKING + "test_parcels_of_the_crms_queue_are_settled_once_stored",
        "hooks/test_crms.py::test_what_a_dead_process_took_from_the_queue_is_given_again",
    ),
    "B23": proven(DELIVER + "test_a_persons_value_wins_and_is_written_down"),
    "B24": proven(
        "journeys/test_writeback.py::test_a_second_run_on_a_quiet_crm_writes_nothing",
        B24 + "test_writing.py::test_our_writes_change_nothing_that_is_read",
    ),
    "B25": proven(
        "writeback/test_quiet.py::test_a_crm_that_trims_what_it_gets_causes_no_loop",
        B24 + "test_writing.py::test_what_the_portal_rounds_or_trims_is_no_difference",
    ),
    "B26": proven(
        "writeback/test_quiet.py::test_a_robot_that_keeps_changing_our_field_is_written_against_once_and_then_left_alone",
        DELIVER + "test_the_fourth_write_within_an_hour_waits_and_is_told",
    ),
    "B28": proven(
        AMO + "test_mapping.py::test_a_bad_row_is_refused_and_reported",
        B24 + "test_mapping.py::test_a_bad_row_is_reported_and_the_others_go_on",
        B24 + "test_php.py::test_yes_and_no",
        B24 + "test_php.py::test_no_date",
        "store/crm/test_records.py::test_records_without_a_moment_go_by_content",
        "store/crm/test_records.py::test_refused_rows_are_kept_until_they_can_be_read",
    ),
    "C01": proven("sync/test_crash.py::test_killed_at_the_nth_statement"),
    "C02": proven(
        "sync/test_crash.py::test_killed_at_the_nth_statement",
        "journeys/test_kill.py::test_twenty_kills_change_nothing",
    ),
    "C03": proven(
        "sync/test_crash.py::test_killed_again_and_again_on_the_same_store",
        AMO + "test_paging.py::test_stopped_anywhere_and_started_again",
        B24 + "test_journeys.py::test_a_process_that_dies_after_any_page_goes_on",
        why="on hundreds of records instead of 100 000: asked again are the pages on their way, whatever the size",
    ),
    "C04": proven(
        "writeback/test_killed.py::test_kill_nine_anywhere_makes_no_second_task",
        DELIVER + "test_killed_at_any_point_there_is_one_task_and_one_value",
    ),
    "C05": proven(
        TOKENS + "test_killed_before_the_call_the_account_goes_on",
        TOKENS + "test_killed_between_answer_and_journal_it_warns_and_does_not_loop",
        TOKENS + "test_killed_between_journal_and_database_the_account_goes_on",
        TOKENS + "test_a_torn_journal_line_is_no_record_and_does_not_swallow_the_next",
    ),
    "C06": proven("store/test_migrate.py::test_a_kill_in_the_middle_leaves_the_way_open"),
    "C07": proven(
        TAKING + "test_a_hook_survives_the_end_of_its_process",
        TAKING + "test_a_crash_while_hooks_are_taken_loses_none",
        TAKING + "test_a_store_that_is_in_trouble_asks_the_crm_to_come_again",
    ),
    "C08": proven("hooks/test_crms.py::test_what_a_dead_process_took_from_the_queue_is_given_again"),
    "C09": proven(
        "store/test_backup.py::test_a_full_disk_leaves_no_half_backup",
        "store/test_backup.py::test_what_is_no_whole_backup_is_refused_and_changes_nothing",
        why="kill loops of backup, restore, erase and purge are the rig's; an export is one answer of the web: half of "
        "it is a broken download",
    ),
    "C10": proven(
        "store/test_leases.py::test_a_frozen_process_that_wakes_cannot_commit",
        "store/test_leases.py::test_a_killed_holder_of_this_machine_is_followed_at_once",
        DELIVER + "test_whoever_lost_the_lease_cannot_commit_and_the_next_holder_makes_no_second_task",
    ),
    "C11": proven(
        PULL + "test_a_stop_comes_between_pages_and_the_next_run_goes_on_from_there",
        PULL + "test_a_stop_does_not_wait_for_a_slow_crm",
        DELIVER + "test_a_stop_is_obeyed_between_batches",
        "cli/test_importing.py::test_serve_takes_facts_in_and_stops_when_told",
    ),
    "C12": proven(
        "pipeline/talks/test_killed.py::test_killed_three_times_it_is_let_be_and_the_others_are_scored",
        "pipeline/talks/test_killed.py::test_a_recording_that_ends_the_program_is_let_be_too",
        "pipeline/talks/test_scoring.py::test_a_scorer_that_does_not_answer_leaves_calls_for_later",
        why="scoring runs in the account's own process, after the reading: it ends three turns, then is let be",
    ),
    "D01": proven(
        "store/test_engine.py::test_a_full_disk_says_so_and_harms_nothing",
        TOKENS + "test_where_the_disk_is_full_no_token_is_spent",
        TOKENS + "test_a_disk_that_fills_up_during_the_call_still_has_room_for_the_answer",
        TAKING + "test_a_store_that_is_in_trouble_asks_the_crm_to_come_again",
    ),
    "D02": proven(
        "store/test_engine.py::test_a_folder_is_no_file",
        "store/test_engine.py::test_a_missing_folder_is_named",
        "store/test_engine.py::test_a_file_one_may_not_write_says_so",
    ),
    "D03": proven(
        "store/test_engine.py::test_a_lock_held_by_another_program_is_named",
        "store/test_engine.py::test_no_update_is_lost_between_threads",
    ),
    "D04": proven(
        "store/test_engine.py::test_no_update_is_lost_between_threads",
        "store/test_leases.py::test_of_many_threads_and_processes_one_holds_at_a_time",
        why="seconds instead of ten minutes; the dashboard reads snapshots and holds no lease",
    ),
    "D05": proven(
        "store/test_engine.py::test_a_damaged_file_says_so",
        "store/secret/test_sealing.py::test_a_wrong_key_is_said_in_words",
        TOKENS + "test_a_wrong_key_is_said_in_words_and_changes_nothing",
        "store/test_backup.py::test_restoring_brings_the_rows_back_and_keeps_what_stood_there",
    ),
    "D06": proven(TOKENS + "test_a_clock_set_back_does_not_stop_the_retry"),
    "D07": proven(
        "test_moment.py::test_almaty_moved_its_clock_in_march_2024",
        "test_moment.py::test_days_and_bounds_are_half_open_in_the_accounts_zone",
        "test_pitfalls.py::test_d5_every_moment_is_in_exactly_one_month",
    ),
    "D09": proven(
        "test_config.py::test_every_problem_at_once",
        "test_config.py::test_an_unknown_key_is_refused_with_those_there_are",
        "test_config.py::test_a_mark_and_windows_line_ends_do_not_matter",
        "cli/test_commands.py::test_every_problem_of_a_configuration_at_once_and_no_call",
        why="the configuration is TOML, not YAML; it holds no cron expressions",
    ),
    "D10": proven(why="the configuration is read once, at the start: a daemon with another one is another process"),
    "D11": proven(
        "store/test_migrate.py::test_a_newer_schema_is_refused",
        "store/test_migrate.py::test_up_down_and_up_again",
        "store/test_backup.py::test_an_upgrade_is_preceded_by_a_backup",
        "store/test_upgrading.py::test_rows_of_the_old_schema_are_there_in_the_new_one",
        "store/test_upgrading.py::test_of_each_schema_before_the_newest_a_database_is_kept",
        "store/test_upgrading.py::test_from_0001_daemons_have_a_table_of_their_own_and_all_else_is_kept",
        "store/test_upgrading.py::test_from_each_schema_before_to_what_the_code_declares_and_back",
        "store/test_upgrading.py::test_a_backup_of_before_is_restored_and_upgraded",
    ),
    "D12": proven(
        "web/test_serving.py::test_a_taken_port_is_a_wrong_configuration",
        why="no IPv6, another uid: nothing in the code asks for either",
    ),
    "E01": proven(
        "web/test_pages.py::test_names_that_would_harm_are_text",
        "web/test_browser.py::test_hostile_names_do_nothing_in_a_browser",
        "web/embed/test_rooms.py::test_a_head_sees_the_owners_numbers_and_names_are_text",
    ),
    "E02": proven(
        "web/exports/test_sheets.py::test_nothing_is_a_formula",
        "web/exports/test_sheets.py::test_a_cell_says_what_it_was_given",
    ),
    "E03": proven(
        "web/exports/test_sheets.py::test_names_of_sheets_never_clash",
        "web/exports/test_sheets.py::test_a_workbook_has_a_sheet_a_table_and_typed_cells",
        why="no export has a million rows: a month of a company is thousands of facts",
    ),
    "E04": proven(
        "store/test_properties.py::test_whatever_json_can_say_reads_back_as_mended",
        "store/crm/test_records.py::test_what_no_database_keeps_is_mended_and_counted",
        "store/sent/test_outbox.py::test_text_that_a_database_refuses_is_mended",
    ),
    "E05": proven(
        "hooks/test_form.py::test_whatever_comes_is_read_or_refused",
        "web/test_pages.py::test_what_is_not_there_is_not_there",
        "web/api/test_rooms.py::test_what_is_not_there_says_so_in_words",
    ),
    "E06": proven(
        TAKING + "test_what_a_hook_says_is_never_believed",
        TAKING + "test_a_deletion_counts_only_as_the_crm_confirms_it",
        TAKING + "test_who_does_not_know_the_address_finds_nothing",
        TAKING + "test_the_secret_of_one_account_opens_no_other",
        TAKING + "test_a_hook_of_another_account_is_refused_without_a_look",
        TAKING + "test_the_same_hook_again_while_it_waits_is_one",
    ),
    "E07": proven(
        FORM + "test_bombs_are_refused_at_once",
        FORM + "test_a_legal_hook_of_three_thousand_fields_is_read",
        TAKING + "test_bombs_are_refused_and_the_next_hook_is_taken",
    ),
    "E08": proven(
        AMO + "test_entering.py::test_whatever_does_not_fit_is_refused",
        AMO + "test_entering.py::test_other_algorithms_and_rubbish_are_refused",
        B24 + "test_entering.py::test_a_forged_opening_is_refused",
        B24 + "test_entering.py::test_what_proves_nothing_costs_no_call",
        "web/embed/test_rooms.py::test_a_widgets_token_opens_one_frame_once",
    ),
    "E09": proven(
        "web/test_access.py::test_each_page_of_somebody_else_is_not_there",
        "web/test_access.py::test_a_board_and_its_charts_name_nobody_else",
        "web/exports/test_rooms.py::test_each_role_takes_away_what_it_sees",
        "web/embed/test_rooms.py::test_of_a_strangers_deal_nothing_is_shown_and_it_reads_like_one_that_is_not_there",
    ),
    "E10": proven(
        "web/test_pages.py::test_only_a_verified_host_may_frame",
        "web/embed/test_rooms.py::test_outside_of_frames_nothing_may_be_framed",
    ),
    "E11": proven(
        "quality/test_fetching.py::test_addresses_that_are_not_even_looked_up",
        "quality/test_fetching.py::test_private_addresses",
        "quality/test_fetching.py::test_a_name_that_is_answered_otherwise_the_second_time_leads_nowhere_else",
        "quality/test_fetching.py::test_a_redirect_is_followed_where_it_is_allowed",
        AMO + "test_hosts.py::test_tokens_may_not_go_there",
    ),
    "E12": proven(
        "quality/test_fetching.py::test_a_recording_is_fetched_and_gone_afterwards",
        "store/test_backup.py::test_what_is_no_whole_backup_is_refused_and_changes_nothing",
        why="no file is named by what comes from outside: recordings go to temporary files, exports are answers, a "
        "backup is one database and no archive",
    ),
    "E13": proven(
        "quality/llm/test_scorer.py::test_a_model_that_obeys_the_transcript_convinces_nobody",
        "quality/llm/test_scorer.py::test_bad_json_in_every_way_is_a_void_score",
    ),
    "E14": proven(
        "web/test_signing.py::test_every_form_on_every_route_that_changes_something_asks_for_its_token",
        "web/test_signing.py::test_nor_does_a_form_of_somebody_signed_in_without_its_token",
        "web/test_signing.py::test_forms_of_others_are_refused",
        "web/test_signing.py::test_the_language_leads_nowhere_else",
        "web/test_pages.py::test_every_answer_tells_the_browser_what_it_may",
    ),
    "E16": proven(
        "journeys/test_home.py::test_no_secret_and_no_person_leaves",
        "test_redact.py::test_a_known_secret_is_masked_in_every_spelling",
        why="the whole suite at DEBUG is `make canaries`",
    ),
    "E17": proven(
        "web/test_limiting.py::test_guessing_tokens_and_codes_is_slowed_and_the_rest_goes_on",
        "web/test_limiting.py::test_failures_of_one_address_end_in_429_for_a_while",
        "store/secret/test_api_tokens.py::test_a_token_is_found_by_itself_and_nothing_else",
    ),
    "F01": proven(
        TAKING + "test_an_account_with_a_full_inbox_hinders_no_other",
        why="a load and no property: measured, the numbers stand in docs/reliability.md, 8",
    ),
    "F02": proven(TAKING + "test_ten_thousand_hooks_of_one_deal_are_one_look"),
    "F03": proven(why="a load: `python -m tests.bench fleet`, results in docs/benchmarks.md"),
    "F04": proven(why="a load: `python -m tests.bench memory`, 1 000 000 deals; results in docs/benchmarks.md"),
    "F05": proven(why="a load: `python -m tests.bench boards`, 200 people's year; results in docs/benchmarks.md"),
    "F06": proven(
        "store/test_engine.py::test_a_reader_sees_one_moment",
        "web/test_live.py::test_many_who_watch_cost_one_look",
        why="a load: `python -m tests.bench pages`, results in docs/benchmarks.md",
    ),
    "F07": proven(why="a day of it is `python -m tests.faults.soak`, results in docs/reliability.md"),
    "F08": proven(
        HTTP + "test_threads_together_keep_the_rate",
        HTTP + "test_the_share_scales_the_rate_at_each_call",
        "store/test_leases.py::test_of_many_threads_and_processes_one_holds_at_a_time",
        why="one process at a time holds an account, so its pacer is the whole budget",
    ),
    "F09": proven(
        DELIVER + "test_caps_leave_the_rest_for_later_and_say_so",
        DELIVER + "test_however_many_turns_a_day_has_they_keep_to_its_caps_and_ask",
        DELIVER + "test_a_person_goes_on_beyond_a_days_caps_and_a_day_later_so_does_the_program",
    ),
    "G01": proven(
        "pipeline/privacy/test_erasing.py::test_a_client_is_gone_from_every_table_and_numbers_stay",
        "pipeline/privacy/test_erasing.py::test_no_sync_brings_him_back",
        "pipeline/privacy/test_erasing.py::test_no_backup_brings_him_back",
    ),
    "G02": proven("pipeline/privacy/test_erasing.py::test_what_is_too_old_goes_and_numbers_stay"),
    "G03": proven("journeys/test_home.py::test_no_secret_and_no_person_leaves"),
    "G04": proven("journeys/test_home.py::test_no_secret_and_no_person_leaves"),
    "G05": proven(
        "store/test_backup.py::test_a_backup_made_while_somebody_writes_holds_what_was_committed",
        "store/test_backup.py::test_postgresql_is_dumped_by_its_own_tool_and_restored_by_it",
    ),
    "G06": proven(
        "store/test_migrate.py::test_two_at_once_migrate_once",
        "store/test_migrate.py::test_a_newer_schema_is_refused",
        "store/test_upgrading.py::test_and_killed_anywhere_on_the_way_they_are_there_in_the_old_one",
        "store/test_upgrading.py::test_and_killed_anywhere_on_the_way_a_released_database_is_as_it_was",
    ),
    "G09": proven(
        "journeys/test_writeback.py::test_undo_puts_a_run_back",
        "writeback/test_undo.py::test_what_a_person_changed_since_is_left_alone_and_told",
    ),
    "G10": proven(
        "test_meta.py::test_the_wheel_holds_both_packages_and_the_migrations",
        "test_meta.py::test_locks_pin_everything_by_hash",
        why="installing with a connection and under every Python is the work of CI, not of a test",
    ),
}  # fmt: skip
