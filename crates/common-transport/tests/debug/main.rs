//! `Debug` of every public type. Those through whose hands a secret passes show the same text whatever the
//! secret is, and do not hold it. A public type without a row here fails the last test.
#![cfg(feature = "client")]

mod plain;
mod public;
mod secrets;
#[path = "../support/mod.rs"]
mod support;

use std::{
    collections::BTreeSet,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// The types it shows, as `module::Type`, and what they show when they hold this text.
struct Row(&'static str, fn(&str) -> String);

impl Row {
    fn types(&self) -> impl Iterator<Item = &'static str> {
        self.0.split(' ')
    }
}

/// The result of a future that does not wait.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

#[tokio::test(start_paused = true)]
async fn r9_x7_debug_of_every_type_is_the_same_whatever_the_secret() {
    for row in secrets::ROWS {
        // Of one length: that of a body is shown.
        let [one, other] = ["S3CRET-one", "S3CRET-two"].map(row.1);
        assert!(!one.contains("S3CRET"), "{}: {one}", row.0);
        assert_eq!(one, other, "{}", row.0);
    }
}

#[tokio::test(start_paused = true)]
async fn x7_debug_names_each_struct() {
    let structs = public::structs();
    for row in secrets::ROWS.iter().chain(plain::ROWS) {
        let shown = row.1("S3CRET");
        assert!(!shown.is_empty(), "{}", row.0);
        for name in row.types().filter(|name| structs.contains(*name)) {
            let (_, bare) = name.split_once("::").unwrap();
            assert!(shown.contains(bare), "{name}: {shown}");
        }
    }
}

#[test]
fn x7_every_public_type_has_a_row() {
    let rows = secrets::ROWS.iter().chain(plain::ROWS);
    let shown: BTreeSet<_> = rows.flat_map(Row::types).map(str::to_owned).collect();
    let public = &public::structs() | &public::enums();
    let missing: Vec<_> = public.difference(&shown).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
    let unknown: Vec<_> = shown.difference(&public).collect();
    assert!(unknown.is_empty(), "no public type {unknown:?}");
}

// A program whose `main` ends with an error prints this.
#[test]
fn x7_an_error_shows_only_what_is_known() {
    let error = common_transport::Error::invalid_input("site", "it is empty");
    assert_eq!(
        format!("{error:?}"),
        r#"Error { kind: InvalidInput, message: "it is empty", field: "site", may_have_landed: false, retryable: false, .. }"#
    );
}
