//! A feed: pushed, imported and reported by a callback.

use std::time::Duration;

use shopwire::nicechat::{
    Client,
    feed::PollPolicy,
    feeds::{FeedFormat, FeedState},
};

use crate::demo::{Stop, goods::FEED, shop::Shop, transcript::Transcript};

/// Pushes the feed, polls for its result, and receives the callback.
pub(super) async fn import(
    transcript: &mut Transcript,
    client: &Client,
    shop: &mut Shop,
) -> Result<(), Stop> {
    let callback = shop.callback_url();
    let call = client
        .feeds()
        .push(shop.feed_url(), FeedFormat::GoogleCsv)
        .with(|push| push.callback(callback));
    let pushed = transcript
        .call("feeds.push", call, |_| "a task of its own".into())
        .await?;
    let token = pushed.token().ok_or(Stop::Missing("token of the import"))?;
    let mut states: Vec<FeedState> = Vec::new();
    let quick = PollPolicy::new().waits(Duration::from_millis(20), Duration::from_millis(200));
    let watch = client
        .watch_feed(token)
        .policy(quick)
        .on_progress(|result| {
            let state = result.state.clone();
            if states.last() != state.as_ref() {
                states.extend(state);
            }
        });
    let result = transcript
        .call("feeds.result, until it is there", watch, |result| {
            format!(
                "{} elements",
                result.imported_elements_count.unwrap_or_default()
            )
        })
        .await?;
    let count = i64::try_from(FEED.len()).ok();
    transcript.check("the import succeeded with every element", {
        result.is_success() && result.imported_elements_count == count
    });
    transcript.check(
        "its states came in their order",
        states.first() == Some(&FeedState::Enqueued) && states.last() == Some(&FeedState::Success),
    );
    let posted = shop.callback().await?;
    let told = posted.imported_elements_count;
    transcript.heard(
        "callback",
        &format!("{} elements", told.unwrap_or_default()),
    );
    transcript.check("the callback arrived with the same count", told == count);
    Ok(())
}
