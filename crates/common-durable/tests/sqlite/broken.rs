//! Six engines that are broken on purpose: each fails the case that was written for its flaw.

use std::panic::{AssertUnwindSafe, catch_unwind};

use common_durable::{
    conformance::{Flaw, run},
    sqlite::Fault,
};

use crate::factory::SqliteFactory;

/// Asserts that an engine fails each of these cases, and that the sound engine passes them.
fn fails(broken: SqliteFactory, cases: &[&str]) {
    for case in cases {
        run(&SqliteFactory::sound(), case);
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&broken, case)));
        assert!(outcome.is_err(), "the broken engine passes {case}");
    }
}

fn flawed(flaw: Flaw) -> SqliteFactory {
    SqliteFactory {
        flaw: Some(flaw),
        ..SqliteFactory::sound()
    }
}

fn faulty(fault: Fault) -> SqliteFactory {
    SqliteFactory {
        fault: Some(fault),
        ..SqliteFactory::sound()
    }
}

#[test]
fn d5_claims_that_lock_no_key_are_found() {
    let cases = [
        "d5_order_follows_commit_when_ids_commit_late",
        "d5_claim_one_per_key",
    ];
    fails(flawed(Flaw::UnlockedKey), &cases);
}

#[test]
fn d5_claims_of_an_old_snapshot_are_found() {
    fails(
        flawed(Flaw::StaleClaim),
        &["d5_claim_beside_finish_never_delivers_finished"],
    );
}

#[test]
fn d5_finishes_that_strand_an_append_are_found() {
    fails(
        flawed(Flaw::StrandedAppend),
        &["d5_append_during_finish_is_not_stranded"],
    );
}

#[test]
fn d7_a_cursor_outside_of_the_commit_is_found() {
    fails(
        flawed(Flaw::CursorAhead),
        &["d7_cursor_conflict_rolls_back_everything"],
    );
}

#[test]
fn d4_tokens_that_are_counted_are_found() {
    fails(
        faulty(Fault::CountedTokens),
        &["d4_tokens_never_repeat_after_crash"],
    );
}

#[test]
fn d2_answers_before_the_commit_are_found() {
    fails(
        faulty(Fault::AnswerBeforeCommit),
        &["d11_commit_with_lost_answer_resolved"],
    );
}
