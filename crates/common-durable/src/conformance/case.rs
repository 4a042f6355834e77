//! The list of cases, and how one is run.

use super::{Factory, Work};

/// One case of the suite.
#[derive(Clone, Copy)]
pub struct Case {
    /// Name of the case.
    pub name: &'static str,
    run: fn(&dyn Factory) -> Work<'_>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

/// Runs the case with this name. It panics with the reason if the engine fails the case.
///
/// # Panics
/// If the engine fails the case, or if no case has this name.
pub fn run(factory: &dyn Factory, name: &str) {
    let case = CASES.iter().find(|case| case.name == name);
    let case = case.unwrap_or_else(|| panic!("no case has the name {name}"));
    if !factory.is_available() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime starts");
    runtime.block_on((case.run)(factory));
}

macro_rules! cases {
    ($($group:ident { $($name:ident)* })*) => {
        /// All cases.
        pub const CASES: &[Case] = &[
            $($(Case {
                name: stringify!($name),
                run: |factory| Box::pin(super::$group::$name(factory)),
            },)*)*
        ];

        /// Makes one test for each case of the suite. The argument is an expression of a [`Factory`].
        #[macro_export]
        macro_rules! conformance_tests {
            ($factory:expr) => {
                $($(
                    #[test]
                    fn $name() {
                        $crate::conformance::run(&$factory, stringify!($name));
                    }
                )*)*
            };
        }
    };
}

cases! {
    append {
        d2_append_is_read_back_byte_exact
        d3_append_same_event_id_once
        d3_append_same_event_id_two_at_once
        d3_equal_bodies_both_kept_and_marked
        d3_equal_bodies_at_once_same_key_marked
        d3_same_event_id_of_two_sources_kept
        d2_too_large_is_refused_and_nothing_stored
        d3_append_without_id_retried_after_lost_commit_once
        d2_dropped_future_still_stores
        d2_queue_full_is_busy_at_once
    }
    order {
        d5_claim_one_per_key
        d5_claim_keys_in_parallel
        d5_claim_batch_never_two_of_a_key
        d5_order_follows_commit_when_ids_commit_late
        d5_claim_beside_finish_never_delivers_finished
        d5_append_during_finish_is_not_stranded
    }
    lease {
        d4_lease_runs_out_is_claimed_again
        d4_old_token_cannot_finish_retry_bury_renew
        d4_old_token_rolls_back_own_statement
        d4_renewal_keeps_the_lease
        d4_renewal_of_lost_lease_says_so
        d4_expired_but_unclaimed_lease_may_finish
        d4_tokens_never_repeat_after_crash
        d4_claims_capped_then_dead_with_every_reason
    }
    retry {
        d5_retry_at_holds_the_key
        d4_many_future_retries_do_not_slow_claims
        d5_dead_lets_key_pass
        d5_dead_holds_key_by_option
        d6_bury_frees_held_key
        d5_replay_one_comes_last_in_its_key
        d6_replay_since_time
    }
    keep {
        d6_purge_finished_only_by_age
        d6_purge_keeps_event_ids_for_their_time
        d6_purge_beside_append_loses_no_lane
        d6_erase_by_key_everywhere
    }
    cursor {
        d7_cursor_first_set_twice
        d7_cursor_moves_once_of_two
        d7_cursor_conflict_rolls_back_everything
    }
    own {
        d1_own_statement_joins_and_rolls_back
        d1_own_statement_row_check
        d1_own_statement_error_spares_neighbours
        d1_own_deferred_constraint_spares_neighbours
        d1_own_statement_cannot_end_the_transaction
        d1_parameters_out_of_order_bind_right
        d11_steps_of_two_commits_crosswise_no_deadlock
    }
    faults {
        d11_commit_with_lost_answer_resolved
        d2_store_full_acknowledges_nothing_unstored
        d20_reader_with_open_snapshot_harms_nobody
        d4_clock_forward_and_back
    }
    effect {
        d8_intent_commits_with_its_event
        d8_sending_is_on_disk_before_send
        d8_sending_after_restart_is_unknown
        d8_unknown_is_never_ready_without_a_look
        d8_look_not_before_its_time
        d8_two_lookers_one_decides
        d8_effect_key_one_at_a_time
        d11_restored_epoch_makes_all_unknown
    }
    decision {
        d8_a_decision_takes_no_lease_but_its_own
    }
    open {
        d19_newer_schema_refused
        d19_min_reader_lets_older_work
        d19_foreign_file_refused
        d19_damaged_file_refused_and_unchanged
        d19_two_processes_migrate_at_once
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_the_suite_has_63_cases_of_different_names() {
        let names: std::collections::BTreeSet<_> = CASES.iter().map(|case| case.name).collect();
        assert_eq!((CASES.len(), names.len()), (63, 63));
    }
}
