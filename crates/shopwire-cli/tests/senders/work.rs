//! Workers that work an inbox off to empty, and the verdict.

use std::{collections::BTreeMap, time::Duration};

use common_model::{Value as Json, from_json};
use shopwire::durable::{
    Claim, Commit, Delivery, Inbox, Statement,
    postgres::tokio_postgres::{self, NoTls},
    sqlite::rusqlite::{self, Connection},
};

use crate::{
    load::{Load, SENDERS},
    place::Place,
};

const WORKERS: usize = 4;
const SOURCE: &str = "uvygoda:main";

/// What the workers did, by order, in the order of their commits.
pub(crate) type Worked = BTreeMap<usize, Vec<u64>>;

/// Makes the workers' own table. The store exists.
pub(crate) fn prepare(place: &Place) {
    match place {
        Place::File(path) => Connection::open(path)
            .and_then(|connection| {
                connection.busy_timeout(Duration::from_secs(10))?;
                connection.execute_batch(
                    "create table worked (place integer primary key, event integer unique, number integer, sender integer)",
                )
            })
            .expect("a table"),
        Place::Database(address) => crate::server::block_on(async {
            let client = connect(address).await.expect("a connection");
            let table = "create table worked (place bigint generated always as identity, event bigint primary key,
                number bigint, sender bigint)";
            client.batch_execute(table).await.expect("a table");
        }),
    }
}

/// Works off everything that is in the inbox, in this process.
pub(crate) fn work_off(place: &Place) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let opened = place.open().await;
        let inbox = Inbox::new(opened.store());
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| tokio::spawn(work(inbox.clone())))
            .collect();
        for worker in workers {
            worker.await.expect("a worker ends");
        }
        opened.close().await;
    });
}

async fn work(inbox: Inbox) {
    loop {
        let claim = Claim::events(SOURCE)
            .at_most(8)
            .lease(Duration::from_secs(60));
        let claimed = inbox.claim(claim).await.expect("a claim");
        if claimed.is_empty() {
            let totals = inbox.totals().await.expect("totals");
            if totals.sources.iter().all(|source| source.pending == 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for delivery in claimed {
            finish(&inbox, delivery).await;
        }
    }
}

/// The worker's own work and the end of the event are one commit.
async fn finish(inbox: &Inbox, delivery: Delivery) {
    let text = String::from_utf8_lossy(&delivery.event.body).into_owned();
    let body: Json = from_json(&text).expect("JSON");
    let number = |path| body.pointer(path).and_then(Json::as_i64).expect("a number");
    const INSERT: &str = "insert into worked (event, number, sender) values ($1, $2, $3)";
    let own = Statement::new(INSERT, INSERT)
        .arg(delivery.event.id.0)
        .arg(number("/NUMBER"))
        .arg(number("/ORDER/ID"))
        .rows(1);
    let commit = Commit::new().finish(delivery.ticket).own(own);
    inbox.store().commit(commit).await.expect("it is finished");
}

/// Compares what was worked off with what the senders know: all that was acknowledged, each event once, in its order.
/// Returns the number of events.
pub(crate) fn judge(place: &Place, load: &Load) -> usize {
    let (worked, events) = read(place);
    let mut number = 0;
    for order in 0..SENDERS {
        let worked = worked.get(&order).cloned().unwrap_or_default();
        number += worked.len();
        let disordered: Vec<_> = worked.windows(2).filter(|two| two[0] >= two[1]).collect();
        assert!(
            disordered.is_empty(),
            "order {order}: doubled or out of order: {disordered:?}"
        );
        let lost: Vec<_> = load
            .acknowledged(order)
            .into_iter()
            .filter(|number| worked.binary_search(number).is_err())
            .collect();
        assert!(
            lost.is_empty(),
            "order {order}: acknowledged and lost: {lost:?}"
        );
    }
    assert_eq!(number, events, "events that were not worked off");
    number
}

/// What was worked off, and the number of stored events, read without the engine.
fn read(place: &Place) -> (Worked, usize) {
    const WORKED: &str = "select sender, number from worked order by place";
    const EVENTS: &str = "select count(*) from durable_event";
    let (rows, events) = match place {
        Place::File(path) => read_file(path, WORKED, EVENTS).expect("it can be read"),
        Place::Database(address) => crate::server::block_on(async {
            let client = connect(address).await.expect("a connection");
            let rows = client.query(WORKED, &[]).await.expect("rows");
            let rows = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
            let events = client.query_one(EVENTS, &[]).await.expect("a number");
            (rows, events.get(0))
        }),
    };
    let mut worked = Worked::new();
    for (order, number) in rows {
        let order = usize::try_from(order).expect("an order");
        let number = u64::try_from(number).expect("a number");
        worked.entry(order).or_default().push(number);
    }
    (worked, usize::try_from(events).expect("a number"))
}

type Rows = Vec<(i64, i64)>;

fn read_file(path: &std::path::Path, worked: &str, events: &str) -> rusqlite::Result<(Rows, i64)> {
    let connection = Connection::open(path)?;
    let mut statement = connection.prepare(worked)?;
    let rows = statement.query_map([], |row| row.try_into())?;
    let rows = rows.collect::<Result<_, _>>()?;
    Ok((rows, connection.query_row(events, [], |row| row.get(0))?))
}

async fn connect(address: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
