//! Looks: short reads, each in a transaction of its own.

mod effects;
mod events;
mod totals;

use super::{failure::Trouble, link::Link};
use crate::{Cursor, Look, Page, Position, Timestamp};

/// Answers a look.
pub(super) async fn answer(link: Link<'_>, look: &Look) -> Result<Page, Trouble> {
    Ok(match look {
        Look::Event(event) => Page::Event(events::one(link, event.0).await?.map(Box::new)),
        Look::Events {
            source,
            state,
            after,
            at_most,
        } => Page::Events(events::many(link, source.as_deref(), *state, *after, *at_most).await?),
        Look::Effect(effect) => Page::Effect(effects::one(link, effect.0).await?.map(Box::new)),
        Look::Effects {
            account,
            state,
            after,
            at_most,
        } => {
            Page::Effects(effects::many(link, account.as_deref(), *state, *after, *at_most).await?)
        }
        Look::Cursor(name) => Page::Cursors(
            cursors(
                link,
                "select name, position, moved_at from durable_cursor where name = $1 limit $2",
                name,
                1,
            )
            .await?,
        ),
        Look::Cursors { after, at_most } => Page::Cursors(
            cursors(
                link,
                // Names are in the order of their bytes, whatever language the database speaks.
                "select name, position, moved_at from durable_cursor
                 where name collate \"C\" > $1 order by name collate \"C\" limit $2",
                after.as_deref().unwrap_or_default(),
                *at_most,
            )
            .await?,
        ),
        Look::Totals => Page::Totals(totals::all(link).await?),
    })
}

async fn cursors(
    link: Link<'_>,
    sql: &str,
    name: &str,
    at_most: u32,
) -> Result<Vec<Cursor>, Trouble> {
    let rows = link.all(sql, &[&name, &i64::from(at_most)]).await?;
    let mut cursors = Vec::with_capacity(rows.len());
    for row in rows {
        cursors.push(Cursor {
            name: row.try_get(0)?,
            position: Position::new(row.try_get::<_, String>(1)?),
            moved_at: Timestamp::from_millis(row.try_get(2)?),
        });
    }
    Ok(cursors)
}
