//! `shopwire catalog`: feeds written, checked and converted by the command.

mod support;

#[path = "catalog/check.rs"]
mod check;
#[path = "catalog/convert.rs"]
mod convert;
#[path = "catalog/guide.rs"]
mod guide;
#[cfg(target_os = "linux")]
#[path = "catalog/memory.rs"]
mod memory;
#[cfg(target_os = "linux")]
#[path = "catalog/stop.rs"]
mod stop;
#[path = "catalog/write.rs"]
mod write;

use std::path::PathBuf;

/// A directory of a test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = support::scratch().join("catalog").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a directory");
    folder
}

/// The names in a directory.
fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a directory");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

/// A YML feed of these offers.
fn yml(offers: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<yml_catalog date=\"2026-01-01 10:00\">\n<shop><name>S</name>\
         <currencies><currency id=\"UAH\" rate=\"1\"/></currencies>\
         <categories><category id=\"1\">Tea</category></categories>\n<offers>\n{offers}</offers></shop></yml_catalog>\n"
    )
}

/// An offer without faults, on a line of its own.
fn offer(id: &str) -> String {
    format!(
        "<offer id=\"{id}\" available=\"true\"><url>http://shop.example/{id}</url><price>10.50</price>\
         <currencyId>UAH</currencyId><categoryId>1</categoryId><name>Tea {id}</name></offer>\n"
    )
}
