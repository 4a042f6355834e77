//! `catalog convert`.

use common_model::Value;

use crate::{
    folder, names, offer,
    support::{command, run},
    yml,
};

// J6
#[test]
fn j6_convert_tells_what_the_other_format_cannot_hold() {
    let feed = yml(&[
        offer("1"),
        offer("2").replace("<price>", "<oldprice>20</oldprice><price>"),
    ]
    .concat());
    let done = run(
        &mut command(&["catalog", "convert", "-", "--to", "icml"]),
        &feed,
    );
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout.contains("<offer id=\"2\" productId=\"2\">"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("<price>10.50</price>"));
    assert_eq!(
        done.stderr,
        "warning: icml has no place for available (2), currency (2), oldPrice (1), shop: currencies (1)\n\
         2 offers written, 0 refused\n"
    );
    // What was written has no fault but those of values that the feed does not have.
    let again = run(
        &mut command(&["catalog", "check", "-", "--json"]),
        &done.stdout,
    );
    assert_eq!(again.code, 0, "{again:?}");
    let faults = again.json();
    for fault in faults
        .get("faults")
        .and_then(Value::as_array)
        .expect("a list")
    {
        assert_eq!(
            fault.get("rule").and_then(Value::as_str),
            Some("quantity-none")
        );
    }
}

// J6
#[test]
fn j6_convert_to_each_format_and_back_keeps_what_both_have() {
    let feed = yml(&offer("1"));
    let google = run(
        &mut command(&["catalog", "convert", "-", "--to", "google-csv", "--quiet"]),
        &feed,
    );
    assert_eq!(google.code, 0, "{google:?}");
    let mut lines = google.stdout.lines();
    assert!(
        lines
            .next()
            .is_some_and(|header| header.starts_with("id,title,description,link,"))
    );
    assert!(lines.next().is_some_and(|row| row.contains("10.50 UAH")
        && row.contains("in_stock")
        && row.contains(",Tea,")));
    let back = run(
        &mut command(&[
            "catalog",
            "convert",
            "-",
            "--to",
            "yml",
            "--quiet",
            "--date",
            "2026-01-01 10:00",
            "--shop-name",
            "S",
        ]),
        &google.stdout,
    );
    let own = run(
        &mut command(&["catalog", "convert", "-", "--to", "yml", "--quiet"]),
        &feed,
    );
    // The ids of categories are made of their paths.
    let id = back
        .stdout
        .split("<category id=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("an id");
    let with_id = own
        .stdout
        .replace("<category id=\"1\">", &format!("<category id=\"{id}\">"));
    let with_id = with_id.replace("<categoryId>1<", &format!("<categoryId>{id}<"));
    assert_eq!(back.stdout, with_id);
    assert_eq!((back.stderr.as_str(), own.stderr.as_str()), ("", ""));
}

// J6
#[test]
fn j6_a_bad_offer_leaves_the_file_as_it_was() {
    let folder = folder("bad-offer");
    let (feed, out) = (folder.join("price.xml"), folder.join("icml.xml"));
    std::fs::write(
        &feed,
        yml(&[offer("1"), offer("2").replace("10.50", "free"), offer("3")].concat()),
    )
    .expect("written");
    std::fs::write(&out, "before").expect("written");
    let paths = [feed.to_str().expect("UTF-8"), out.to_str().expect("UTF-8")];
    let refused = run(
        &mut command(&[
            "catalog", "convert", paths[0], "--to", "icml", "--output", paths[1],
        ]),
        "",
    );
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains(&format!(
        "{}:6: error: offer 2: price: `free` is not a number [price]",
        paths[0]
    )));
    assert!(
        refused
            .stderr
            .contains("is unchanged; leave bad offers out with --skip-bad"),
        "{}",
        refused.stderr
    );
    assert_eq!(std::fs::read_to_string(&out).expect("a file"), "before");
    assert_eq!(
        names(&folder),
        ["icml.xml", "price.xml"],
        "nothing is left behind"
    );

    let args = [
        "catalog",
        "convert",
        paths[0],
        "--to",
        "icml",
        "--output",
        paths[1],
        "--skip-bad",
        "--json",
    ];
    let skipped = run(&mut command(&args), "");
    assert_eq!(skipped.code, 0, "{skipped:?}");
    let report = skipped.json();
    let count = |name| report.get(name).and_then(Value::as_i64);
    assert_eq!(
        (count("written"), count("refused"), count("errors")),
        (Some(2), Some(1), Some(1))
    );
    assert_eq!(
        report.pointer("/lost/currency").and_then(Value::as_i64),
        Some(3)
    );
    let text = std::fs::read_to_string(&out).expect("a file");
    assert!(text.contains("id=\"1\"") && !text.contains("id=\"2\"") && text.contains("id=\"3\""));
    assert_eq!(names(&folder), ["icml.xml", "price.xml"]);
}

// J6, F10
#[test]
fn j6_an_ill_formed_feed_is_not_converted() {
    for feed in [
        yml(&offer("1")).replace("</offers>", "<!-- never ends"),
        yml(&offer("1").replace("Tea 1", "Tea & 1")),
        yml(&offer("1")).replace(
            "<yml_catalog ",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><yml_catalog ",
        ),
    ] {
        let done = run(
            &mut command(&["catalog", "convert", "-", "--to", "icml", "--skip-bad"]),
            &feed,
        );
        assert_eq!(done.code, 1, "{done:?}");
        assert!(
            done.stderr
                .contains("faults that leaving out offers does not mend"),
            "{}",
            done.stderr
        );
    }
}

// J6
#[cfg(unix)]
#[test]
fn j6_a_new_file_may_be_read_by_others_and_an_old_one_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("modes");
    let mode = |name: &str| {
        let out = folder.join(name);
        let args = [
            "catalog",
            "convert",
            "-",
            "--to",
            "yml",
            "--output",
            out.to_str().expect("UTF-8"),
        ];
        let done = run(&mut command(&args), yml(&offer("1")));
        assert_eq!(done.code, 0, "{done:?}");
        std::fs::metadata(&out)
            .expect("a file")
            .permissions()
            .mode()
            & 0o777
    };
    // The files of the test directory have the mode that the umask gives.
    std::fs::write(folder.join("own"), "").expect("written");
    let usual = std::fs::metadata(folder.join("own"))
        .expect("a file")
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode("new.xml"), usual);
    crate::support::chmod(&folder.join("new.xml"), 0o640);
    assert_eq!(mode("new.xml"), 0o640);
    std::os::unix::fs::symlink(folder.join("new.xml"), folder.join("link.xml")).expect("a link");
    mode("link.xml");
    assert!(
        folder
            .join("link.xml")
            .symlink_metadata()
            .expect("a link")
            .is_symlink(),
        "the link stays"
    );
}
