//! Connections that close just as they are used again: no POST has its effect twice, none is lost in silence.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use common_transport::{Client, RetryPolicy, retry::Budget};
use tokio::{
    net::TcpStream,
    runtime::Builder,
    time::{Duration, sleep},
};

use crate::{
    peer::{Random, Say, answer, listen, read_request, reset, write},
    report::{Report, Scale},
};

/// How often each request, by its body, had its effect.
type Ledger = Arc<Mutex<HashMap<String, u32>>>;

/// How the calls ended.
#[derive(Default)]
struct Ends {
    answered: usize,
    marked: usize,
    unsent: usize,
    doubled: usize,
    lost: usize,
    unmarked: usize,
}

pub(crate) fn run(scale: &Scale) -> Report {
    let calls = scale.pick(4_000, 40_000);
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let ends = runtime.block_on(race(calls, scale.seed));
    let mut report = Report::default();
    report.figure("calls", calls);
    report.figure("answered", ends.answered);
    report.figure("failed, marked as perhaps landed", ends.marked);
    report.figure("failed, proven not sent", ends.unsent);
    report.figure("doubled effects", ends.doubled);
    report.figure("lost in silence", ends.lost);
    report.figure("landed and not marked", ends.unmarked);
    let broken = ends.doubled + ends.lost + ends.unmarked;
    report.promise(broken == 0, || format!("{broken} calls broke the promise"));
    report.promise(ends.answered > calls / 2, || {
        "hardly a call was answered".into()
    });
    report
}

async fn race(calls: usize, seed: u64) -> Ends {
    let (ledger, random) = (Ledger::default(), Arc::new(Random::new(seed)));
    let base = {
        let (ledger, random) = (Arc::clone(&ledger), Arc::clone(&random));
        listen(move |_, socket| serve(socket, Arc::clone(&ledger), Arc::clone(&random))).await
    };
    let waits = (Duration::from_micros(200), Duration::from_millis(1));
    let client = Client::builder(base)
        .retry(
            RetryPolicy::new()
                .waits(waits.0, waits.1)
                .budget(Arc::new(Budget::new(100, 100_000))),
        )
        .build()
        .expect("a valid configuration");
    let mut ends = Ends::default();
    for number in 0..calls {
        let body = format!("order {number}");
        let result = client.send(&Say::post(body.clone())).await;
        let effects = ledger
            .lock()
            .expect("no panic")
            .get(&body)
            .copied()
            .unwrap_or(0);
        ends.count(result.map(drop), effects);
        // As long as the peer keeps its connections open, give or take: that is where the races are.
        sleep(Duration::from_micros(random.next() % 300)).await;
    }
    ends
}

impl Ends {
    fn count(&mut self, result: Result<(), common_transport::Error>, effects: u32) {
        self.doubled += usize::from(effects > 1);
        match result {
            Ok(()) => {
                self.answered += 1;
                self.lost += usize::from(effects == 0);
            }
            Err(error) if error.may_have_landed() => self.marked += 1,
            Err(_) => {
                self.unsent += 1;
                self.unmarked += usize::from(effects > 0);
            }
        }
    }
}

/// Answers each request, and ends the connection after it: at once, a little later, in silence or by a reset.
async fn serve(mut socket: TcpStream, ledger: Ledger, random: Arc<Random>) {
    while let Some(request) = read_request(&mut socket).await {
        let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        *ledger
            .lock()
            .expect("no panic")
            .entry(body.to_owned())
            .or_default() += 1;
        write(&mut socket, &answer(200, "done")).await;
        let dice = random.next();
        match dice % 4 {
            0 => continue,
            1 => return,
            2 => {
                sleep(Duration::from_micros(dice >> 32 & 511)).await;
                return;
            }
            _ => {
                sleep(Duration::from_micros(dice >> 32 & 511)).await;
                return reset(socket);
            }
        }
    }
}
