//! Opening: newer, foreign and damaged stores are refused by name, and not changed.

use super::{Factory, Spoilt, subject::event};
use crate::{ErrorKind, Inbox};

pub(super) async fn d19_newer_schema_refused(factory: &dyn Factory) {
    refused(factory, Spoilt::NewerReader, &[ErrorKind::Newer]).await;
}

pub(super) async fn d19_min_reader_lets_older_work(factory: &dyn Factory) {
    if let Some((outcome, _)) = factory.open_spoilt(Spoilt::NewerVersion).await {
        outcome.expect("the newer version says that this one can work with it");
    }
}

pub(super) async fn d19_foreign_file_refused(factory: &dyn Factory) {
    refused(factory, Spoilt::Foreign, &[ErrorKind::Foreign]).await;
}

pub(super) async fn d19_damaged_file_refused_and_unchanged(factory: &dyn Factory) {
    refused(
        factory,
        Spoilt::Overwritten,
        &[ErrorKind::Damaged, ErrorKind::Foreign],
    )
    .await;
    refused(factory, Spoilt::CutShort, &[ErrorKind::Damaged]).await;
}

async fn refused(factory: &dyn Factory, how: Spoilt, kinds: &[ErrorKind]) {
    let Some((outcome, is_unchanged)) = factory.open_spoilt(how).await else {
        return;
    };
    let error = outcome.expect_err("it is refused");
    assert!(kinds.contains(&error.kind()), "{how:?}: {error}");
    assert!(is_unchanged, "{how:?}: the refused store was changed");
}

pub(super) async fn d19_two_processes_migrate_at_once(factory: &dyn Factory) {
    for _ in 0..5 {
        let stores = factory.open_at_once().await;
        for store in &stores {
            assert!(store.is_ok(), "{store:?}");
        }
        let [one, other] = stores.map(|store| Inbox::new(store.expect("it is open")));
        let append = |inbox: Inbox, body: &'static str| async move {
            inbox
                .append(event(body, body))
                .await
                .expect("stored")
                .event()
        };
        let (first, second) = tokio::join!(append(one.clone(), "1"), append(other.clone(), "2"));
        assert_ne!(first, second, "both write into one store");
        assert!(other.event(first).await.expect("a look").is_some());
        assert!(one.event(second).await.expect("a look").is_some());
    }
}
