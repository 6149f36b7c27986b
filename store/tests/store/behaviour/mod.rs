//! One suite for every engine: each case takes an empty store and knows nothing of
//! what lies below.

mod accounts;
mod exports;
mod follows;
mod observations;
mod search;
mod ties;
mod usernames;

use store::Store;

use crate::support::open;

/// Runs each case on an empty store of each engine.
macro_rules! behaviours {
    ($($group:ident: $($case:ident),* $(,)?;)*) => {
        mod embedded {
            $(mod $group {
                $(#[test] fn $case() { super::super::with_embedded(super::super::$group::$case); })*
            })*
        }
    };
}

behaviours! {
    accounts:
        created_users_are_found_by_id_and_by_username,
        batches_keep_the_order_of_the_request,
        what_is_announced_changes_no_answer,
        suspended_and_deactivated_users_are_returned_with_their_state,
        a_taken_id_is_refused,
        a_username_that_differs_in_case_alone_is_taken,
        changes_are_made_whole_or_not_at_all,
        a_change_is_an_observation_at_its_time,
        unknown_users_cannot_be_changed_or_deleted,
        a_rename_frees_the_old_username,
        a_rename_may_change_the_case_of_the_own_username,
        suspended_and_deactivated_users_keep_their_username,
        deleting_frees_the_username_and_the_id,
        simultaneous_claims_of_a_username_have_one_winner;
    observations:
        a_second_import_of_the_same_batch_changes_nothing,
        only_a_strictly_newer_profile_replaces,
        a_profile_without_a_time_is_older_than_any,
        members_that_a_newer_profile_does_not_speak_of_stay,
        keep_leaves_what_is_known,
        replace_takes_the_file_however_old,
        a_newer_state_is_taken_and_the_profile_stays,
        the_state_of_an_unknown_id_makes_a_stub,
        an_older_profile_fills_a_stub_and_leaves_its_state,
        the_state_of_a_username_goes_to_its_bearer_after_the_batch,
        several_states_of_one_username_all_count,
        a_stub_with_more_underscores_is_still_a_stub,
        the_state_of_an_unknown_username_is_counted_and_not_stored,
        live_changes_outlast_older_files,
        posts_follow_the_newer_observation,
        a_post_that_is_gone_is_deleted_if_that_was_seen_later;
    usernames:
        renames_of_one_batch_are_settled_together,
        users_may_swap_usernames_in_one_batch,
        the_newer_observation_gets_the_username,
        a_user_outside_the_batch_gives_a_username_up_to_a_newer_observation,
        a_user_outside_the_batch_keeps_a_username_against_an_older_observation,
        keep_and_replace_decide_usernames_too,
        derived_usernames_give_way_to_real_ones,
        a_derived_username_that_is_taken_gets_another_underscore,
        the_order_of_the_lines_does_not_decide;
    follows:
        both_lists_show_a_follow_and_the_newest_comes_first,
        repeating_a_follow_or_its_end_changes_nothing,
        who_follows_again_comes_to_the_top,
        follows_that_cannot_be_are_refused,
        pages_lead_down_and_up_again,
        counts_are_the_imported_numbers_and_what_changed_since,
        lists_outlast_a_deleted_user_without_showing_it,
        exports_give_every_follow_once_however_small_the_pages;
    ties:
        a_protected_user_decides_who_follows,
        only_who_waits_is_accepted_or_rejected,
        a_wish_is_withdrawn_like_a_follow,
        a_user_who_is_protected_no_more_accepts_nobody_by_that,
        a_block_ends_what_is_between_two_and_keeps_it_from_coming_back,
        a_mute_ends_nothing_and_the_other_one_does_not_notice,
        nobody_blocks_or_mutes_itself_or_nobody,
        ties_go_with_either_of_the_two_users,
        relations_of_a_page_are_those_of_each_user_on_it;
    search:
        a_search_finds_beginnings_in_alphabetical_order,
        a_search_goes_on_behind_the_last_user_of_a_page,
        a_search_knows_what_changed_since_the_merge;
    exports:
        pages_hold_every_user_once,
        pages_hold_every_post_once,
        deleted_users_leave_no_gap_in_pages,
        statistics_count_what_is_stored;
}

fn with_embedded(case: fn(&Store)) {
    let dir = tempfile::tempdir().unwrap();
    case(&open(dir.path()));
}
