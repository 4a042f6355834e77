//! What a store holds.

use std::collections::BTreeMap;

use shopwire::durable::{EventId, Inbox};

use crate::place::Place;

/// How often each body is in the store.
pub(crate) fn stored(place: &Place) -> BTreeMap<String, u32> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let opened = place.open().await;
        let bodies = bodies(&opened.inbox).await;
        opened.close().await;
        bodies
    })
}

async fn bodies(inbox: &Inbox) -> BTreeMap<String, u32> {
    let (mut bodies, mut after) = (BTreeMap::new(), None);
    loop {
        let events = inbox.events(None, None, after, 1_000).await.expect("read");
        let Some(last) = events.last() else {
            return bodies;
        };
        after = Some(EventId(last.id.0));
        for event in events {
            let details = inbox.event(event.id).await.expect("read");
            let content = details.expect("it is there").event.expect("its content");
            let body = String::from_utf8_lossy(&content.body).into_owned();
            *bodies.entry(body).or_default() += 1;
        }
    }
}
