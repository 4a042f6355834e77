//! The cursors: how far each source was read.

use std::sync::Arc;

use super::unexpected;
use crate::{Commit, Cursor, Error, Look, Page, Position, Store};

/// Handle on the cursors of a store. Clones share the store.
///
/// A cursor belongs into the commit of the effect that it stands for: [`Commit::move_cursor`].
/// [`advance`](Self::advance) moves it alone.
#[derive(Debug, Clone)]
pub struct Cursors {
    store: Arc<dyn Store>,
}

impl Cursors {
    /// Makes a handle on a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Returns a cursor, or `None` if it was never moved.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn cursor(&self, name: impl Into<String>) -> Result<Option<Cursor>, Error> {
        let mut cursors = self.cursors(Look::Cursor(name.into())).await?;
        Ok(cursors.pop())
    }

    /// Returns at most `at_most` cursors with names after one, in the order of their names.
    ///
    /// # Errors
    /// As [`Store::look`].
    pub async fn list(&self, after: Option<String>, at_most: u32) -> Result<Vec<Cursor>, Error> {
        self.cursors(Look::Cursors { after, at_most }).await
    }

    /// Moves a cursor alone. `from` is where it must stand, `None` if it must not exist yet.
    ///
    /// # Errors
    /// [`CursorMoved`](crate::ErrorKind::CursorMoved) if it stands elsewhere, or as [`Store::commit`].
    pub async fn advance(
        &self,
        name: impl Into<String>,
        from: Option<Position>,
        to: Position,
    ) -> Result<(), Error> {
        let commit = Commit::new().move_cursor(name, from, to);
        self.store.commit(commit).await.map(drop)
    }

    async fn cursors(&self, look: Look) -> Result<Vec<Cursor>, Error> {
        match self.store.look(look).await? {
            Page::Cursors(cursors) => Ok(cursors),
            _ => Err(unexpected()),
        }
    }
}
