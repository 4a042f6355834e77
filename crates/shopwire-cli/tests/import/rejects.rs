//! The file of refused rows is the user's: what was mended in it is not lost.

use super::{
    shop::{Shop, ids, number, summary},
    support::text,
};

const ARGS: [&str; 3] = ["orders", "m.csv", "--yes"];
const REJECTS: &str = "m.csv.rejects.csv";

/// Orders as a table; those with these numbers have a status that the account does not have.
fn table(numbers: std::ops::RangeInclusive<usize>, bad: &[usize]) -> String {
    let rows: String = numbers
        .map(|number| match bad.contains(&number) {
            true => format!("o-{number};Anna;no-such\n"),
            false => format!("o-{number};Anna;new\n"),
        })
        .collect();
    format!("externalId;firstName;status\n{rows}")
}

/// A shop into which ten of twenty rows were sent, of which the third was refused.
fn begun(name: &str) -> Shop {
    let shop = Shop::new(name);
    shop.write("m.csv", &table(1..=20, &[3, 15]));
    let run = shop.import(&[&ARGS[..], &["--limit", "10"]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(!run.stderr.contains("mend them there"), "{}", run.stderr);
    for part in [
        "--resume first",
        "`shopwire import retailcrm orders COPY --format csv`",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    shop
}

// J5
#[test]
fn j5_rejects_that_were_edited_are_not_touched_by_resuming() {
    let shop = begun("edited");
    let written = shop.read(REJECTS);
    let edits = [
        written.replace("no-such", "new"),
        written.replace("no-such", "availability-confirmed"),
        written.replace("Anna", "Hann"),
        format!("{written}o-99,Ben,new,,,\n"),
        String::new(),
    ];
    for edited in edits {
        shop.write(REJECTS, &edited);
        let before = shop.writes().len();
        let run = shop.import(&[&ARGS[..], &["--resume", "--json"]].concat());
        assert_eq!((run.code, text(&run.error(), "kind")), (2, "usage"));
        let error = run.error();
        for part in [REJECTS, "edited", "move it away"] {
            assert!(text(&error, "message").contains(part), "{error}");
        }
        assert_eq!(shop.read(REJECTS), edited);
        assert_eq!(shop.writes().len(), before, "nothing was sent");
    }
    shop.write(REJECTS, &written);
    let run = shop.import(&[&ARGS[..], &["--resume"]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    let rejects = shop.read(REJECTS);
    assert!(rejects.starts_with(&written), "{rejects}");
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
    assert!(run.stderr.contains("mend them there"), "{}", run.stderr);
}

// J5
#[test]
fn j5_rejects_that_were_moved_away_are_begun_anew_by_resuming() {
    let shop = begun("moved");
    let mended = shop.read(REJECTS).replace("no-such", "new");
    shop.write("mended.csv", &mended);
    std::fs::remove_file(shop.path(REJECTS)).expect("moved");
    // Between, nothing is refused; the next run finds an empty file.
    let part = shop.import(&[&ARGS[..], &["--resume", "--limit", "2", "--json"]].concat());
    assert_eq!(number(&summary(&part), "landed"), 11, "{}", part.stderr);
    let run = shop.import(&[&ARGS[..], &["--resume"]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    let rejects = shop.read(REJECTS);
    assert_eq!(rejects.lines().count(), 2, "{rejects}");
    assert!(
        rejects.starts_with("externalId,") && rejects.contains("o-15"),
        "{rejects}"
    );
    shop.imported(&["orders", "mended.csv"]);
    shop.write("rest.csv", &rejects.replace("no-such", "new"));
    shop.imported(&["orders", "rest.csv"]);
    assert_eq!(shop.values("orders", "externalId"), ids(1..=20));
}

// J5: a checkpoint of an earlier version knows the length alone.
#[test]
fn j5_a_checkpoint_without_a_checksum_is_gone_on_with() {
    let shop = begun("no-sum");
    let place = format!("{REJECTS}.checkpoint");
    let journal: String = shop
        .read(&place)
        .lines()
        .filter(|line| !line.contains("\"adding\""))
        .map(|line| match line.split_once(",\"sum\":") {
            Some((head, _)) => format!("{head}}}\n"),
            None => format!("{line}\n"),
        })
        .collect();
    assert!(!journal.contains("sum"), "{journal}");
    shop.write(&place, &journal);
    let run = shop.import(&[&ARGS[..], &["--resume", "--json"]].concat());
    assert_eq!(number(&summary(&run), "landed"), 18, "{}", run.stderr);
}

// J5
#[test]
fn j5_beginning_anew_keeps_the_rejects_under_a_free_name() {
    let shop = begun("restart");
    let mended = shop.read(REJECTS).replace("no-such", "new");
    shop.write(REJECTS, &mended);
    shop.write(&format!("{REJECTS}.1"), "mine");
    let run = shop.import(&[&ARGS[..], &["--restart"]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    let kept = format!("{REJECTS}.2");
    assert!(run.stderr.contains(&kept), "{}", run.stderr);
    assert_eq!(shop.read(&kept), mended);
    assert_eq!(shop.read(&format!("{REJECTS}.1")), "mine");
    // It is a table still.
    let dry = shop.import(&["orders", &kept, "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    // Nine that are there, and two with a wrong status.
    assert_eq!(shop.read(REJECTS).lines().count(), 12);
}

// J5: the command that imports mended rows is told whole.
#[test]
fn j5_the_next_command_is_told_with_its_mode() {
    let shop = Shop::new("next-command");
    shop.write("my changes.csv", "externalId,managerComment\nnone,x\n");
    let args = ["orders", "my changes.csv", "--mode", "edit", "--yes"];
    let run = shop.import(&args);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let wanted = "shopwire import retailcrm orders 'my changes.csv.rejects.csv' --mode edit";
    assert!(run.stderr.contains(wanted), "{}", run.stderr);
    shop.write("new.csv", &table(1..=2, &[2]));
    let run = shop.import(&["orders", "new.csv", "--yes", "--rejects", "bad"]);
    let wanted = "`shopwire import retailcrm orders bad --format csv`";
    assert!(run.stderr.contains(wanted), "{}", run.stderr);
}

// J5: the end does not name a file that is not there.
#[test]
fn j5_rejects_that_were_moved_away_are_told_as_such_at_the_end() {
    let shop = Shop::new("moved-end");
    shop.write("m.csv", &table(1..=20, &[3]));
    let part = shop.import(&[&ARGS[..], &["--limit", "10"]].concat());
    assert_eq!(part.code, 1, "{}", part.stderr);
    std::fs::remove_file(shop.path(REJECTS)).expect("moved");
    let run = shop.import(&[&ARGS[..], &["--resume", "--json"]].concat());
    assert_eq!((run.code, text(&run.error(), "kind")), (1, "partial"));
    let error = run.error();
    assert!(text(&error, "message").contains("moved away"), "{error}");
    let told = summary(&run);
    assert_eq!((number(&told, "landed"), number(&told, "refused")), (19, 1));
    assert!(told.get("rejects").is_some_and(|path| path.is_null()));
    assert!(!shop.path(REJECTS).exists());
}
