//! An edit, and its entry in the history.

use shopwire::retailcrm::{
    Client, Page,
    orders::{ListHistory, Order, OrderHistory},
};

use super::ARCHIVE;
use crate::demo::{Stop, transcript::Transcript};

const COMMENT: &str = "позвонить до 18:00";

/// The id of the newest change, the start of an incremental sync.
pub(super) async fn newest_change(
    transcript: &mut Transcript,
    client: &Client,
) -> Result<Option<i64>, Stop> {
    let mut changes = client.changes(ListHistory::new(), None);
    let (mut count, mut pages) = (0, 0);
    let told = |page: &Page<OrderHistory>| format!("{} changes", page.items.len());
    while let Some(page) = transcript
        .page("orders.list_history", changes.next(), told)
        .await?
    {
        count += page.items.len();
        pages += 1;
    }
    transcript.check(
        "the history tells of every order",
        pages > 1 && count >= ARCHIVE,
    );
    Ok(changes.since())
}

pub(super) async fn edit(
    transcript: &mut Transcript,
    client: &Client,
    id: &str,
) -> Result<(), Stop> {
    let change = Order::new().manager_comment(COMMENT);
    transcript
        .call("orders.edit", client.orders().edit(id, change), |_| {
            format!("a comment on {id}")
        })
        .await?;
    let answer = transcript
        .call("orders.get", client.orders().get(id), |answer| {
            let comment = answer
                .order
                .as_ref()
                .and_then(|order| order.manager_comment.clone());
            comment.unwrap_or_default()
        })
        .await?;
    let order = answer.order.ok_or(Stop::Missing("order in the answer"))?;
    transcript.check(
        "the edit is kept and the rest is unchanged",
        order.manager_comment.as_deref() == Some(COMMENT)
            && order.items.is_some_and(|items| !items.is_empty()),
    );
    Ok(())
}

pub(super) async fn changes_since(
    transcript: &mut Transcript,
    client: &Client,
    since: Option<i64>,
    id: &str,
) -> Result<(), Stop> {
    let mut changes = client.changes(ListHistory::new(), since);
    let page = transcript
        .page("orders.list_history, since then", changes.next(), |page| {
            let changes = page.items.iter();
            let fields: Vec<&str> = changes
                .filter_map(|change| change.field.as_deref())
                .collect();
            format!("changed: {}", fields.join(", "))
        })
        .await?;
    let changes = page.map(|page| page.items).unwrap_or_default();
    let is_edited = |order: &Order| order.external_id.as_deref() == Some(id);
    transcript.check(
        "the history since then is the one edit",
        !changes.is_empty()
            && changes
                .iter()
                .all(|change| change.order.as_deref().is_some_and(is_edited)),
    );
    Ok(())
}
