//! Files under construction, and those that a crash left.

use super::*;

/// A file in a folder of its own.
fn wanted(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shopwire-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder.join("a.csv")
}

fn begun(file: &Path, part: usize) -> Target {
    let mut target = Target::create(file, "name")
        .map_err(|it| it.message())
        .expect("created");
    target.out().extend_from_slice(b"1\n2\n");
    let place = Place {
        part,
        position: None,
    };
    assert!(target.checkpoint(2, place, Some(9)).is_ok());
    target
        .out()
        .extend_from_slice(b"3 is not at a checkpoint\n");
    assert!(target.write().is_ok());
    target
}

// J3
#[test]
fn j3_rows_after_the_last_checkpoint_are_cut() {
    let file = wanted("cut");
    drop(begun(&file, 0));
    let (mut target, left) = Target::resume(&file, "name")
        .map_err(|it| it.message())
        .expect("resumed");
    assert!(matches!(left, Left::Begun(mark) if mark.rows == 2));
    target.out().extend_from_slice(b"3\n");
    let end = Place {
        part: 1,
        position: None,
    };
    assert!(target.checkpoint(3, end, None).is_ok());
    target
        .finish(None)
        .map_err(|it| it.message())
        .expect("named");
    assert_eq!(fs::read(&file).expect("the file"), b"1\n2\n3\n");
    assert_eq!(
        fs::read_dir(file.parent().expect("a folder"))
            .expect("read")
            .count(),
        1
    );
}

// J3: killed between the last two steps, when the file has its name and the checkpoint is there.
#[test]
fn j3_a_file_that_has_its_name_is_whole() {
    let file = wanted("whole");
    drop(begun(&file, 1));
    fs::rename(partial_of(&file), &file).expect("renamed");
    assert!(clear_finished(&file, "other", 1).is_err());
    let mark = clear_finished(&file, "name", 1).map_err(|it| it.message());
    assert_eq!(mark.expect("read").map(|mark| mark.rows), Some(2));
    assert!(!is_begun(&file));
    // A partial file that somebody removed is none that has its name.
    drop(begun(&file, 0));
    fs::remove_file(partial_of(&file)).expect("removed");
    let mark = clear_finished(&file, "name", 1).map_err(|it| it.message());
    assert_eq!(mark.expect("read"), None);
    let refused = Target::resume(&file, "name")
        .map(|_| ())
        .map_err(|it| it.message());
    assert!(refused.expect_err("too short").contains("--restart"));
}

// J3
#[test]
fn j3_two_exports_do_not_write_one_file() {
    let file = wanted("two");
    let first = begun(&file, 0);
    let second = Target::resume(&file, "name")
        .map(|_| ())
        .map_err(|it| it.message());
    assert!(second.expect_err("refused").contains("another export"));
    drop(first);
}
