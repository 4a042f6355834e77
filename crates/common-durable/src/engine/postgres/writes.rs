//! Rows that a transaction will write: collected in memory, written in few statements.

use tokio_postgres::Statement;

use super::{
    Work,
    lanes::{Changes, Lanes},
    link::{Link, Pipeline, Sql},
};
use crate::EventState;

/// An event that will be inserted.
#[derive(Debug)]
pub(super) struct NewRow {
    pub(super) id: i64,
    pub(super) lane: i64,
    pub(super) queue: i64,
    pub(super) event_id: Option<String>,
    pub(super) receipt: Option<[u8; 16]>,
    pub(super) content: [u8; 16],
    pub(super) repeat_of: Option<i64>,
    pub(super) headers: bytes::Bytes,
    pub(super) body: bytes::Bytes,
}

/// A failure that will be inserted.
#[derive(Debug)]
pub(super) struct NewFailure {
    pub(super) work: Work,
    pub(super) id: i64,
    pub(super) claim: u32,
    pub(super) reason: String,
}

/// Rows that will be written.
#[derive(Debug, Default)]
pub(super) struct Writes {
    pub(super) events: Vec<NewRow>,
    /// Keys of erasure of new works.
    pub(super) subjects: Vec<([u8; 16], Work, i64)>,
    pub(super) ended: Vec<(i64, EventState)>,
    pub(super) failures: Vec<NewFailure>,
}

/// How many rows there were before a commit that failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    ended: usize,
    failures: usize,
}

impl Writes {
    pub(super) fn mark(&self) -> Mark {
        Mark {
            ended: self.ended.len(),
            failures: self.failures.len(),
        }
    }

    /// Takes back the ends of a commit that failed. It has not appended anything yet.
    pub(super) fn undo(&mut self, mark: Mark) {
        self.ended.truncate(mark.ended);
        self.failures.truncate(mark.failures);
    }
}

/// Statements that write.
pub(super) struct WriteStatements {
    events: Statement,
    bodies: Statement,
    subjects: Statement,
    ended: Statement,
    failures: Statement,
    lanes_in: Statement,
    lanes: Statement,
    lanes_out: Statement,
}

impl WriteStatements {
    pub(super) async fn prepare(link: Link<'_>) -> Result<Self, Sql> {
        Ok(Self {
            events: link
                .prepared(
                    "insert into durable_event
                         (id, lane, queue, received_at, event_id, receipt, content_hash, repeat_of, body_bytes)
                     select id, lane, queue, $3, event_id, receipt, content_hash, repeat_of, body_bytes
                     from unnest($1::bigint[], $2::bigint[], $4::bigint[], $5::text[], $6::bytea[], $7::bytea[],
                         $8::bigint[], $9::bigint[])
                         as new(id, lane, queue, event_id, receipt, content_hash, repeat_of, body_bytes)",
                )
                .await?,
            bodies: link
                .prepared(
                    "insert into durable_body (event, headers, body)
                     select event, headers, body from unnest($1::bigint[], $2::bytea[], $3::bytea[])
                         as new(event, headers, body)",
                )
                .await?,
            subjects: link
                .prepared(
                    "insert into durable_subject (key_hash, kind, work)
                     select key_hash, kind, work from unnest($1::bytea[], $2::smallint[], $3::bigint[])
                         as new(key_hash, kind, work)
                     on conflict do nothing",
                )
                .await?,
            ended: link
                .prepared(
                    "update durable_event e set state = new.state, ended_at = $3
                     from unnest($1::bigint[], $2::smallint[]) as new(id, state)
                     where e.id = new.id and e.id = any($1)",
                )
                .await?,
            failures: link
                .prepared(
                    "insert into durable_failure (kind, work, claim, at, reason)
                     select kind, work, claim, $5, reason
                     from unnest($1::smallint[], $2::bigint[], $3::integer[], $4::text[])
                         as new(kind, work, claim, reason)",
                )
                .await?,
            lanes_in: link
                .prepared(
                    "insert into durable_lane (id, queue, next_at, open)
                     select id, queue, next_at, open
                     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
                         as new(id, queue, next_at, open)",
                )
                .await?,
            lanes: link
                .prepared(
                    "update durable_lane l set
                         key_hash = new.key_hash, next_at = new.next_at, token = new.token, head = new.head,
                         claims = new.claims, open = new.open, passed = new.passed, held = new.held,
                         unsettled_at = new.unsettled_at
                     from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bigint[], $6::integer[],
                         $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
                         as new(id, key_hash, next_at, token, head, claims, open, passed, held, unsettled_at)
                     where l.id = new.id and l.id = any($1)",
                )
                .await?,
            lanes_out: link
                .prepared("delete from durable_lane where id = any($1)")
                .await?,
        })
    }
}

/// The action after the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    Commit,
}

/// Ends the transaction, unless it has failed.
///
/// `COMMIT` of a failed transaction answers `ROLLBACK` without an error. The question before it fails in a failed
/// transaction, and then the server does not come to `COMMIT`.
pub(super) const COMMIT: &str = "select 1; commit";

/// Writes all rows in one round trip, and commits if that is asked for.
pub(super) async fn flush(
    link: Link<'_>,
    statements: &WriteStatements,
    now: i64,
    writes: Writes,
    lanes: &mut Lanes,
    then: Then,
) -> Result<(), Sql> {
    let pipeline = Pipeline::of(link);
    let changes = lanes.changes();
    let events = write_events(&pipeline, statements, now, &writes.events);
    let ends = write_ends(&pipeline, statements, now, &writes);
    let lanes = write_lanes(&pipeline, statements, &changes);
    let commit = async {
        match then {
            Then::Commit => pipeline.batch(COMMIT).await,
            Then::GoOn => Ok(()),
        }
    };
    futures_util::future::try_join4(events, ends, lanes, commit).await?;
    Ok(())
}

async fn write_events(
    pipeline: &Pipeline<'_>,
    statements: &WriteStatements,
    now: i64,
    events: &[NewRow],
) -> Result<(), Sql> {
    let column = |read: fn(&NewRow) -> i64| events.iter().map(read).collect::<Vec<_>>();
    let ids = column(|event| event.id);
    let lanes = column(|event| event.lane);
    let queues = column(|event| event.queue);
    let sizes = column(|event| event.body.len() as i64);
    let event_ids: Vec<_> = events
        .iter()
        .map(|event| event.event_id.as_deref())
        .collect();
    let receipts: Vec<_> = events
        .iter()
        .map(|event| event.receipt.as_ref().map(|receipt| receipt.as_slice()))
        .collect();
    let contents: Vec<_> = events
        .iter()
        .map(|event| event.content.as_slice())
        .collect();
    let repeats: Vec<_> = events.iter().map(|event| event.repeat_of).collect();
    let headers: Vec<_> = events.iter().map(|event| &*event.headers).collect();
    let bodies: Vec<_> = events.iter().map(|event| &*event.body).collect();
    futures_util::future::try_join(
        pipeline.some(
            events.len(),
            &statements.events,
            &[
                &ids, &lanes, &now, &queues, &event_ids, &receipts, &contents, &repeats, &sizes,
            ],
        ),
        pipeline.some(events.len(), &statements.bodies, &[&ids, &headers, &bodies]),
    )
    .await?;
    Ok(())
}

async fn write_ends(
    pipeline: &Pipeline<'_>,
    statements: &WriteStatements,
    now: i64,
    writes: &Writes,
) -> Result<(), Sql> {
    let subjects = &writes.subjects;
    let keys: Vec<_> = subjects.iter().map(|(key, _, _)| key.as_slice()).collect();
    let subject_kinds: Vec<_> = subjects.iter().map(|(_, work, _)| *work as i16).collect();
    let subject_works: Vec<_> = subjects.iter().map(|(_, _, id)| *id).collect();
    let ended: Vec<_> = writes.ended.iter().map(|(id, _)| *id).collect();
    let states: Vec<_> = writes
        .ended
        .iter()
        .map(|(_, state)| state.number())
        .collect();
    let failures = &writes.failures;
    let kinds: Vec<_> = failures.iter().map(|failure| failure.work as i16).collect();
    let works: Vec<_> = failures.iter().map(|failure| failure.id).collect();
    let claims: Vec<_> = failures
        .iter()
        .map(|failure| failure.claim as i32)
        .collect();
    let reasons: Vec<_> = failures
        .iter()
        .map(|failure| failure.reason.as_str())
        .collect();
    futures_util::future::try_join3(
        pipeline.some(
            subjects.len(),
            &statements.subjects,
            &[&keys, &subject_kinds, &subject_works],
        ),
        pipeline.some(ended.len(), &statements.ended, &[&ended, &states, &now]),
        pipeline.some(
            failures.len(),
            &statements.failures,
            &[&kinds, &works, &claims, &reasons, &now],
        ),
    )
    .await?;
    Ok(())
}

async fn write_lanes(
    pipeline: &Pipeline<'_>,
    statements: &WriteStatements,
    changes: &Changes,
) -> Result<(), Sql> {
    let fresh = &changes.inserted;
    let fresh_ids: Vec<_> = fresh.iter().map(|lane| lane.id).collect();
    let fresh_queues: Vec<_> = fresh.iter().map(|lane| lane.queue).collect();
    let fresh_times: Vec<_> = fresh.iter().map(|lane| lane.next_at).collect();
    let fresh_open: Vec<_> = fresh.iter().map(|lane| lane.open).collect();
    let lanes = &changes.updated;
    let ids: Vec<_> = lanes.iter().map(|lane| lane.id).collect();
    let keys: Vec<_> = lanes
        .iter()
        .map(|lane| lane.key.as_ref().map(|key| key.as_slice()))
        .collect();
    let times: Vec<_> = lanes.iter().map(|lane| lane.next_at).collect();
    let tokens: Vec<_> = lanes
        .iter()
        .map(|lane| lane.token.as_ref().map(|token| token.as_bytes().as_slice()))
        .collect();
    let heads: Vec<_> = lanes.iter().map(|lane| lane.head).collect();
    let claims: Vec<_> = lanes.iter().map(|lane| lane.claims as i32).collect();
    let open: Vec<_> = lanes.iter().map(|lane| lane.open).collect();
    let passed: Vec<_> = lanes.iter().map(|lane| lane.passed).collect();
    let held: Vec<_> = lanes.iter().map(|lane| lane.held).collect();
    let unsettled: Vec<_> = lanes.iter().map(|lane| lane.unsettled_at).collect();
    futures_util::future::try_join3(
        pipeline.some(
            fresh.len(),
            &statements.lanes_in,
            &[&fresh_ids, &fresh_queues, &fresh_times, &fresh_open],
        ),
        pipeline.some(
            lanes.len(),
            &statements.lanes,
            &[
                &ids, &keys, &times, &tokens, &heads, &claims, &open, &passed, &held, &unsettled,
            ],
        ),
        pipeline.some(
            changes.removed.len(),
            &statements.lanes_out,
            &[&changes.removed],
        ),
    )
    .await?;
    Ok(())
}
