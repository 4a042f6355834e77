//! The same promises on real sockets: resets before, during and after the commit, and connections that die
//! while they are idle in the pool.
#![cfg(feature = "client")]

mod support;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use common_transport::{Client, RetryPolicy, retry::Budget};
use support::{Random, Say, answer, listen, read_request, reset, write};
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    time::{Duration, sleep},
};

/// How often each request, by its body, was committed.
type Ledger = Arc<Mutex<HashMap<String, u32>>>;

fn commit(ledger: &Ledger, request: &str) {
    let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    *ledger.lock().unwrap().entry(body.to_owned()).or_default() += 1;
}

/// Serves a connection until a fate ends it.
async fn serve(mut socket: TcpStream, ledger: Ledger, random: Arc<Random>) {
    loop {
        let dice = random.next();
        match dice % 12 {
            // Before anything is read.
            0 => return reset(socket),
            // In the middle of the request.
            1 => {
                let mut some = [0; 40];
                let _ = socket.read(&mut some).await;
                return reset(socket);
            }
            fate => {
                let Some(request) = read_request(&mut socket).await else {
                    return;
                };
                match fate {
                    2 => return reset(socket),
                    3 => {
                        commit(&ledger, &request);
                        return reset(socket);
                    }
                    4 => {
                        commit(&ledger, &request);
                        write(&mut socket, &answer(200, "done")[..20]).await;
                        return reset(socket);
                    }
                    5 => write(&mut socket, &answer(503, "Service Temporarily Unavailable")).await,
                    6 => write(&mut socket, &answer(500, "")).await,
                    // An idle connection that dies at some moment, perhaps just when it is used again.
                    7 => {
                        commit(&ledger, &request);
                        write(&mut socket, &answer(200, "done")).await;
                        sleep(Duration::from_micros(dice >> 32 & 1023)).await;
                        return;
                    }
                    _ => {
                        commit(&ledger, &request);
                        write(&mut socket, &answer(200, "done")).await;
                    }
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n91_on_real_sockets_nothing_is_doubled_lost_or_unmarked() {
    let ledger = Ledger::default();
    let random = Arc::new(Random::new(7));
    let base = {
        let (ledger, random) = (ledger.clone(), random.clone());
        listen(move |_, socket| serve(socket, ledger.clone(), random.clone())).await
    };
    let client = Client::builder(base)
        .retry(
            RetryPolicy::new()
                .waits(Duration::from_micros(500), Duration::from_millis(2))
                .budget(Arc::new(Budget::new(100, 10_000))),
        )
        .build()
        .unwrap();
    let mut ends = [0; 3];
    for number in 0..3_000 {
        let body = format!("order {number}");
        let result = client.send(&Say::post(body.clone())).await;
        let commits = ledger.lock().unwrap().get(&body).copied().unwrap_or(0);
        assert!(commits <= 1, "doubled: {result:?}");
        match result {
            Ok(_) => {
                assert_eq!(commits, 1, "silently lost");
                ends[0] += 1;
            }
            Err(error) if error.may_have_landed() => ends[1] += 1,
            Err(error) => {
                assert_eq!(commits, 0, "unmarked: {error:?}");
                ends[2] += 1;
            }
        }
        if random.next().is_multiple_of(8) {
            sleep(Duration::from_micros(random.next() & 1023)).await;
        }
    }
    assert!(ends[0] > 1_000 && ends[1] > 200, "{ends:?}");
}
