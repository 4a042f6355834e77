//! The beginning of a transaction: what is locked and read in its first round trip.

use std::collections::HashMap;

use tokio_postgres::{Row, Statement};

use super::{
    Shared,
    failure::Trouble,
    lane::{Now, lane_columns},
    link::{Link, Pipeline, Sql},
    proof,
    time::{Time, now_sql},
    wants::Wants,
    writes::WriteStatements,
};
use crate::Token;

/// The beginning of every transaction. A database can have another default.
pub(super) const BEGIN: &str = "begin isolation level read committed read write";

const BEGIN_CLAIM: &str =
    "begin isolation level read committed read write; set local synchronous_commit = off";

/// The id of a stored event, and the hash of its content unless that was erased.
pub(super) type Stored = (i64, Option<Vec<u8>>);

/// Events that were stored before, as far as the appends of this transaction ask for them.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) event_ids: HashMap<(i64, String), Stored>,
    pub(super) receipts: HashMap<[u8; 16], Stored>,
    pub(super) contents: HashMap<(i64, [u8; 16]), i64>,
}

/// Statements that lock and read.
struct ReadStatements {
    now: Statement,
    proof: Statement,
    make_lanes: Statement,
    lock_lanes: Statement,
    event_ids: Statement,
    lane_ids: Statement,
    known_ids: Statement,
    known_receipts: Statement,
    contents: Statement,
    due: Statement,
}

impl ReadStatements {
    async fn prepare(link: Link<'_>) -> Result<Self, Sql> {
        Ok(Self {
            now: link
                .prepared(concat!("select ", now_sql!("$1", "$2")))
                .await?,
            proof: link.prepared(proof::WRITE).await?,
            make_lanes: link
                .prepared(
                    "insert into durable_lane (queue, key_hash)
                     select queue, key_hash from unnest($1::bigint[], $2::bytea[]) as new(queue, key_hash)
                     where (select l.id from durable_lane l
                         where l.queue = new.queue and l.key_hash = new.key_hash limit 1) is null
                     order by queue, key_hash
                     on conflict do nothing",
                )
                .await?,
            // One statement locks, in the order of the ids, so that no two transactions wait for each other. Whatever
            // is read about a lane is read by later statements, which see what the lock has waited for.
            lock_lanes: link
                .prepared(concat!(
                    "select ",
                    lane_columns!(),
                    " from durable_lane where id = any(array(
                         select unnest($1::bigint[])
                         union select lane from durable_event where id = any($2)
                         union select lane from durable_effect where id = any($3)
                         union select l.id from unnest($4::bigint[], $5::bytea[]) as want(queue, key_hash)
                             cross join lateral (
                                 select id from durable_lane
                                 where queue = want.queue and key_hash = want.key_hash limit 1) l))
                     order by id for update"
                ))
                .await?,
            event_ids: link
                .prepared(
                    "select nextval('durable_event_id_seq')
                     from generate_series(1, $1::bigint)",
                )
                .await?,
            lane_ids: link
                .prepared(
                    "select nextval('durable_lane_id_seq')
                     from generate_series(1, $1::bigint)",
                )
                .await?,
            known_ids: link
                .prepared(
                    "select want.queue, want.event_id, e.id, e.content_hash
                     from unnest($1::bigint[], $2::text[]) as want(queue, event_id)
                     cross join lateral (
                         select id, content_hash from durable_event
                         where queue = want.queue and event_id = want.event_id
                             and event_id is not null and replay_of is null
                         limit 1) e",
                )
                .await?,
            known_receipts: link
                .prepared(
                    "select receipt, id, content_hash from durable_event
                     where receipt = any($1) and receipt is not null",
                )
                .await?,
            contents: link
                .prepared(concat!(
                    "select want.queue, want.content_hash, e.id
                     from unnest($1::bigint[], $2::bytea[]) as want(queue, content_hash)
                     cross join lateral (
                         select id, received_at from durable_event
                         where queue = want.queue and content_hash = want.content_hash and receipt is not null
                         order by id desc limit 1) e
                     where e.received_at >= ",
                    now_sql!("$4", "$5"),
                    " - $3::bigint"
                ))
                .await?,
            due: link
                .prepared(concat!(
                    "select ",
                    lane_columns!(),
                    " from durable_lane where queue = $1 and next_at <= ",
                    now_sql!("$3", "$4"),
                    " order by next_at, id limit $2 for update skip locked"
                ))
                .await?,
        })
    }
}

/// The answers of the first round trip.
pub(super) struct Begun {
    pub(super) now: Now,
    pub(super) slot: String,
    pub(super) proof: Token,
    pub(super) locked: Locked,
}

/// Rows that were locked and read.
pub(super) struct Locked {
    pub(super) lanes: Vec<Row>,
    /// Lanes that were due, for a claim.
    pub(super) due: Vec<i64>,
    pub(super) event_ids: Vec<i64>,
    pub(super) lane_ids: Vec<i64>,
    pub(super) known: Known,
}

/// Begins a transaction, locks and reads.
pub(super) async fn read(
    link: Link<'_>,
    shared: &Shared,
    wants: &Wants,
) -> Result<(Begun, WriteStatements), Trouble> {
    let read = ReadStatements::prepare(link).await?;
    let statements = WriteStatements::prepare(link).await?;
    let pipeline = Pipeline::of(link);
    let token = Token::random();
    let ((now, slot), locked) = futures_util::future::try_join(
        begin(&pipeline, &read, shared, wants, &token),
        lock_and_read(&pipeline, &read, shared, wants),
    )
    .await?;
    let first = now.first().ok_or(Trouble::Again)?;
    let begun = Begun {
        now: Now(first.try_get(0)?),
        slot: match slot.first() {
            Some(row) => row.try_get(0)?,
            None if wants.due.is_some() => String::new(),
            None => return Err(Trouble::NoSlot),
        },
        proof: token,
        locked,
    };
    Ok((begun, statements))
}

/// Locks and reads in a transaction that is open.
pub(super) async fn read_more(
    link: Link<'_>,
    shared: &Shared,
    wants: &Wants,
) -> Result<Locked, Trouble> {
    let read = ReadStatements::prepare(link).await?;
    Ok(lock_and_read(&Pipeline::of(link), &read, shared, wants).await?)
}

async fn lock_and_read(
    pipeline: &Pipeline<'_>,
    read: &ReadStatements,
    shared: &Shared,
    wants: &Wants,
) -> Result<Locked, Sql> {
    let events = wants.appends as i64;
    let lanes = wants.keyless as i64;
    let ((mut locked, due), event_ids, lane_ids, known) = futures_util::future::try_join4(
        lock(pipeline, read, wants, shared.time()),
        // The numbers of events are drawn after the lock, so within a key they are in the order of the commits.
        pipeline.some(wants.appends, &read.event_ids, &[&events]),
        pipeline.some(wants.keyless, &read.lane_ids, &[&lanes]),
        known(pipeline, read, shared, wants),
    )
    .await?;
    let ids = due
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    locked.extend(due);
    Ok(Locked {
        lanes: locked,
        due: ids,
        event_ids: numbers_of(&event_ids)?,
        lane_ids: numbers_of(&lane_ids)?,
        known,
    })
}

async fn begin(
    pipeline: &Pipeline<'_>,
    read: &ReadStatements,
    shared: &Shared,
    wants: &Wants,
    token: &Token,
) -> Result<(Vec<Row>, Vec<Row>), Sql> {
    // A claim that a crash forgets is a lease that ran out: it needs no sync. It needs no proof either, and without one
    // an idle worker writes nothing.
    let (begin, proofs) = match wants.due {
        Some(_) => (BEGIN_CLAIM, 0),
        None => (BEGIN, 1),
    };
    let time = shared.time();
    let token = token.as_bytes().as_slice();
    let (_, now, slot) = futures_util::future::try_join3(
        pipeline.batch(begin),
        pipeline.all(&read.now, &[&time.stopped, &time.added]),
        pipeline.some(proofs, &read.proof, &[&token]),
    )
    .await?;
    Ok((now, slot))
}

async fn lock(
    pipeline: &Pipeline<'_>,
    read: &ReadStatements,
    wants: &Wants,
    time: Time,
) -> Result<(Vec<Row>, Vec<Row>), Sql> {
    let (queues, keys) = wants.keys();
    let (queue, at_most) = wants.due.unwrap_or_default();
    let (_, locked, due) = futures_util::future::try_join3(
        pipeline.some(keys.len(), &read.make_lanes, &[&queues, &keys]),
        pipeline.some(
            wants.lanes(),
            &read.lock_lanes,
            &[&wants.lanes, &wants.events, &wants.effects, &queues, &keys],
        ),
        pipeline.some(
            usize::from(wants.due.is_some()),
            &read.due,
            &[&queue, &at_most, &time.stopped, &time.added],
        ),
    )
    .await?;
    Ok((locked, due))
}

async fn known(
    pipeline: &Pipeline<'_>,
    read: &ReadStatements,
    shared: &Shared,
    wants: &Wants,
) -> Result<Known, Sql> {
    let (id_queues, ids) = wants.event_ids();
    let receipts = wants.receipts();
    let (content_queues, contents) = wants.contents();
    let window = i64::try_from(shared.repeat_window.as_millis()).unwrap_or(i64::MAX / 2);
    let time = shared.time();
    let rows = futures_util::future::try_join3(
        pipeline.some(ids.len(), &read.known_ids, &[&id_queues, &ids]),
        pipeline.some(receipts.len(), &read.known_receipts, &[&receipts]),
        pipeline.some(
            contents.len(),
            &read.contents,
            &[
                &content_queues,
                &contents,
                &window,
                &time.stopped,
                &time.added,
            ],
        ),
    )
    .await?;
    Known::read(&rows)
}

impl Known {
    fn read((ids, receipts, contents): &(Vec<Row>, Vec<Row>, Vec<Row>)) -> Result<Self, Sql> {
        let mut known = Self::default();
        for row in ids {
            let key = (row.try_get(0)?, row.try_get(1)?);
            known
                .event_ids
                .insert(key, (row.try_get(2)?, row.try_get(3)?));
        }
        for row in receipts {
            if let Ok(receipt) = row.try_get::<_, &[u8]>(0)?.try_into() {
                known
                    .receipts
                    .insert(receipt, (row.try_get(1)?, row.try_get(2)?));
            }
        }
        for row in contents {
            if let Ok(content) = row.try_get::<_, &[u8]>(1)?.try_into() {
                known
                    .contents
                    .insert((row.try_get(0)?, content), row.try_get(2)?);
            }
        }
        Ok(known)
    }
}

/// Numbers from a sequence, the smallest one first.
pub(super) fn numbers_of(rows: &[Row]) -> Result<Vec<i64>, Sql> {
    let mut numbers = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<Vec<i64>, _>>()?;
    numbers.sort_unstable();
    Ok(numbers)
}
