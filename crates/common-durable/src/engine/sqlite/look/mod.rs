//! Looks: short reads on a connection of their own.

mod effects;
mod events;
mod totals;

use rusqlite::Connection;

use super::{failure, place::Place};
use crate::{Cursor, Error, Look, Page, Position, Timestamp};

/// Answers a look. `place` is the file of the store, if it has one.
pub(super) fn answer(
    connection: &Connection,
    look: &Look,
    place: Option<&Place>,
) -> Result<Page, Error> {
    match look {
        Look::Event(event) => {
            events::one(connection, event.0).map(|details| Page::Event(details.map(Box::new)))
        }
        Look::Events {
            source,
            state,
            after,
            at_most,
        } => {
            events::many(connection, source.as_deref(), *state, *after, *at_most).map(Page::Events)
        }
        Look::Effect(effect) => {
            effects::one(connection, effect.0).map(|details| Page::Effect(details.map(Box::new)))
        }
        Look::Effects {
            account,
            state,
            after,
            at_most,
        } => effects::many(connection, account.as_deref(), *state, *after, *at_most)
            .map(Page::Effects),
        Look::Cursor(name) => {
            cursors(connection, "where name = ?1 limit ?2", name, 1).map(Page::Cursors)
        }
        Look::Cursors { after, at_most } => {
            let after = after.as_deref().unwrap_or_default();
            cursors(
                connection,
                "where name > ?1 order by name limit ?2",
                after,
                *at_most,
            )
            .map(Page::Cursors)
        }
        Look::Totals => totals::all(connection, place).map(Page::Totals),
    }
}

fn cursors(
    connection: &Connection,
    which: &str,
    name: &str,
    at_most: u32,
) -> Result<Vec<Cursor>, Error> {
    let sql = format!("select name, position, moved_at from durable_cursor {which}");
    rows(connection, &sql, (name, at_most), |row| {
        Ok(Cursor {
            name: row.get(0)?,
            position: Position::new(row.get::<_, String>(1)?),
            moved_at: Timestamp::from_millis(row.get(2)?),
        })
    })
}

/// Returns all rows.
fn rows<T>(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_map(params, read)?.collect())
        .map_err(|error| failure::of("look", &error))
}
