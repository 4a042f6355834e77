//! Limits of the caller's own statements: what they may do, and for how long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rusqlite::{
    Connection,
    hooks::{AuthAction, AuthContext, Authorization},
};

/// Instructions of SQLite's machine between two looks at the clock.
const INSTRUCTIONS: i32 = 5_000;

/// Switches that are on while an own statement is prepared and run.
///
/// The hooks stay installed, because a new authorizer makes SQLite prepare every statement again.
#[derive(Debug)]
pub(super) struct Guard {
    is_own: Arc<AtomicBool>,
    deadline: Arc<AtomicI64>,
    start: Instant,
}

impl Guard {
    pub(super) fn install(connection: &mut Connection) -> rusqlite::Result<Self> {
        let guard = Self {
            is_own: Arc::default(),
            deadline: Arc::new(AtomicI64::new(i64::MAX)),
            start: now(),
        };
        let is_own = Arc::clone(&guard.is_own);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            if is_own.load(Relaxed) && is_forbidden(&context.action) {
                Authorization::Deny
            } else {
                Authorization::Allow
            }
        }))?;
        let deadline = Arc::clone(&guard.deadline);
        let start = guard.start;
        connection.progress_handler(
            INSTRUCTIONS,
            Some(move || micros(now() - start) > deadline.load(Relaxed)),
        )?;
        Ok(guard)
    }

    /// Turns the switches on.
    pub(super) fn enter(&self, limit: Duration) {
        self.is_own.store(true, Relaxed);
        let deadline = micros(now() - self.start).saturating_add(micros(limit));
        self.deadline.store(deadline, Relaxed);
    }

    /// Turns the switches off.
    pub(super) fn leave(&self) {
        self.is_own.store(false, Relaxed);
        self.deadline.store(i64::MAX, Relaxed);
    }
}

// A statement runs in real time, whatever the clock of the store says.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn is_forbidden(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::Pragma { .. }
        // What is temporary hides the store's own tables from the engine.
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::CreateTempTrigger { .. } => true,
        AuthAction::Insert { table_name }
        | AuthAction::Delete { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::AlterTable { table_name, .. }
        | AuthAction::DropTable { table_name }
        | AuthAction::CreateTrigger { table_name, .. }
        | AuthAction::CreateIndex { table_name, .. }
        | AuthAction::DropIndex { table_name, .. } => is_ours(table_name),
        _ => false,
    }
}

fn is_ours(table: &str) -> bool {
    table
        .get(..8)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("durable_"))
}
