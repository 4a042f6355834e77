//! Tests of the table that tells which answers follow the account and which are fixed.

use std::collections::BTreeSet;

use crate::retailcrm::registry;

/// Operation, tab, `stateful`; or operation, tab, `fixed`, tab, reason.
const PLAYED: &str = include_str!("../played.tsv");

// F12
#[test]
fn f12_every_operation_is_said_to_follow_the_account_or_to_be_fixed() {
    let listed: Vec<&str> = PLAYED
        .lines()
        .map(|line| line.split('\t').next().unwrap_or_default())
        .collect();
    let played: BTreeSet<&str> = registry::operations().collect();
    assert_eq!(listed.len(), played.len(), "each once");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), played);
    let docs = include_str!("../../lib.rs");
    for line in PLAYED.lines() {
        match line.split('\t').collect::<Vec<_>>().as_slice() {
            [_, "stateful"] => {}
            [operation, "fixed", reason] => {
                let told = format!("//! - `{operation}`: {reason}");
                assert!(docs.contains(&told), "the crate's docs lack: {told}");
            }
            other => panic!("{other:?}"),
        }
    }
}
