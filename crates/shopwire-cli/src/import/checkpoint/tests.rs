//! The journal, cut at every length.

use super::*;

fn ends(landed: u64, refused: u64) -> Totals {
    Totals {
        landed,
        refused,
        unknown: 0,
    }
}

// J5
#[test]
fn j5_a_journal_is_read_as_it_was_written_at_every_length() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.checkpoint");
    let said = |it: Failure| it.message();
    let mut states = vec![State::default()];
    let begun = Begun::lock(&path, false).map_err(said).expect("locked");
    let mut journal = begun.write("abc").map_err(said).expect("begun");
    let mut note = |journal: &Checkpoint| states.push(journal.state.clone());
    journal.take(4).map_err(said).expect("taken");
    note(&journal);
    journal.sending([0, 1, 3]).map_err(said).expect("written");
    note(&journal);
    let rows = BTreeSet::from([0, 3]);
    let rejects = Written {
        bytes: 20,
        sum: Some("ab".to_owned()),
    };
    journal
        .adding(rejects.clone())
        .map_err(said)
        .expect("written");
    note(&journal);
    journal
        .decided(&rows, ends(1, 1), rejects)
        .map_err(said)
        .expect("written");
    note(&journal);
    journal.moved().map_err(said).expect("written");
    note(&journal);
    assert_eq!(journal.state.moved, 1);
    journal.unsent().map_err(said).expect("written");
    note(&journal);
    assert_eq!(journal.state.open, BTreeSet::from([1, 2]));
    drop(journal);
    let whole = std::fs::read(&path).expect("read");
    let first = whole
        .iter()
        .position(|byte| *byte == b'\n')
        .expect("a line")
        + 1;
    for length in 0..=whole.len() {
        std::fs::write(&path, &whole[..length]).expect("written");
        let lines = whole[..length]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        match Checkpoint::open(&path, "abc") {
            Ok(journal) => assert_eq!(journal.state, states[lines - 1]),
            Err(_) => assert!(length < first),
        }
    }
    std::fs::write(&path, &whole).expect("written");
    let other = Checkpoint::open(&path, "other").map(|_| ()).map_err(said);
    assert!(other.expect_err("refused").contains("--restart"));
    let one = Checkpoint::open(&path, "abc")
        .map_err(said)
        .expect("opened");
    let two = Checkpoint::open(&path, "abc").map(|_| ()).map_err(said);
    assert!(two.expect_err("refused").contains("another import"));
    drop(one);
}
