//! Memory of feeds of any length.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    folder,
    support::{command, memory::peak_of},
};

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A YML feed and JSON Lines of as many offers, in a thousand categories.
fn sources(folder: &Path, offers: u32) -> (PathBuf, PathBuf) {
    let (feed, lines) = (
        folder.join(format!("{offers}.xml")),
        folder.join(format!("{offers}.jsonl")),
    );
    let mut xml = BufWriter::new(File::create(&feed).expect("a file"));
    let mut jsonl = BufWriter::new(File::create(&lines).expect("a file"));
    write!(
        xml,
        "<yml_catalog date=\"2026-01-01 10:00\"><shop><name>S</name><categories>"
    )
    .expect("written");
    for id in 0..offers.min(1000) {
        write!(xml, "<category id=\"{id}\">Category {id}</category>").expect("written");
    }
    write!(xml, "</categories><offers>").expect("written");
    for id in 0..offers {
        let category = id % 1000;
        writeln!(
            xml,
            "<offer id=\"offer-{id}\" available=\"true\"><url>http://shop.example/{id}</url><price>{id}.99</price>\
             <currencyId>UAH</currencyId><categoryId>{category}</categoryId><picture>http://shop.example/{id}.jpg</picture>\
             <name>Offer {id}</name><description>What one says about offer {id}</description><param name=\"Size\">L</param></offer>"
        )
        .expect("written");
        writeln!(
            jsonl,
            "{{\"id\":\"offer-{id}\",\"name\":\"Offer {id}\",\"price\":{id}.99,\"currency\":\"UAH\",\"category\":\"All > {category}\"}}"
        )
        .expect("written");
    }
    write!(xml, "</offers></shop></yml_catalog>").expect("written");
    xml.flush().expect("written");
    jsonl.flush().expect("written");
    (feed, lines)
}

// D20, J6
#[test]
fn d20_feeds_are_bounded_in_memory_whatever_their_length() {
    const OVER_IDLE: u64 = 16 * 1024;
    let folder = folder("memory");
    let (small, _) = sources(&folder, 10);
    let (feed, lines) = sources(&folder, 100_000);
    let idle = peak_of(&mut command(&["catalog", "check", path(&small), "--quiet"]));
    for args in [
        &["catalog", "check", path(&feed), "--quiet"][..],
        &["catalog", "convert", path(&feed), "--to", "icml", "--quiet"],
        &[
            "catalog",
            "write",
            path(&lines),
            "--to",
            "google-csv",
            "--quiet",
        ],
    ] {
        let highest = peak_of(&mut command(args));
        let over = highest.saturating_sub(idle);
        assert!(
            over <= OVER_IDLE,
            "{args:?}: {over} KiB over the idle {idle} KiB"
        );
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}
