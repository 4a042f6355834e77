//! Calls that are dropped at any poll, in floods: limiter, pool and budget stay sound, and no second holds more
//! arrivals than the cap.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
};

use common_transport::{BaseUrl, Client, RateClass, RateLimits, RetryPolicy};
use tokio::{
    net::TcpStream,
    runtime::Builder,
    task::JoinSet,
    time::{Duration, Instant, sleep},
};

use crate::{
    peer::{Say, answer, listen, read_request, write},
    report::{Report, Scale},
};

const CAP: usize = 40;
const WINDOW: Duration = Duration::from_secs(1);

/// Arrivals of the last second, and the most that one second held.
#[derive(Default)]
struct Arrivals {
    last: VecDeque<Instant>,
    most: usize,
    all: usize,
}

impl Arrivals {
    fn note(&mut self, now: Instant) {
        while self
            .last
            .front()
            .is_some_and(|first| now - *first >= WINDOW)
        {
            self.last.pop_front();
        }
        self.last.push_back(now);
        self.most = self.most.max(self.last.len());
        self.all += 1;
    }
}

/// Sockets are real, time is not: it jumps whenever nobody has anything to do.
pub(crate) fn run(scale: &Scale) -> Report {
    let rounds = scale.pick(20, 400);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(flood(rounds, scale.random()))
}

async fn flood(rounds: usize, mut random: fastrand::Rng) -> Report {
    let arrivals = Arc::new(Mutex::new(Arrivals::default()));
    let base = {
        let arrivals = Arc::clone(&arrivals);
        listen(move |_, socket| serve(socket, Arc::clone(&arrivals))).await
    };
    let limits = RateLimits::new().class(RateClass::DEFAULT, CAP as u32);
    let (host, client) = client(base, &limits);
    let (mut calls, mut finished, mut waiting) = (0, 0, 0);
    for _ in 0..rounds {
        let mut flood = JoinSet::new();
        for _ in 0..random.usize(1..200) {
            let (client, polls) = (client.clone(), random.usize(0..40));
            let idle = Duration::from_millis(random.u64(0..30));
            flood.spawn(async move { polled(polls, idle, client.send(&Say::post("x"))).await });
            calls += 1;
        }
        while let Some(end) = flood.join_next().await {
            finished += usize::from(end.expect("no panic").is_some());
        }
        waiting += limits.waiting(&host, RateClass::DEFAULT);
    }
    let mut sound = 0;
    for _ in 0..CAP {
        sound += usize::from(client.send(&Say::get()).await.is_ok());
    }
    let arrivals = arrivals.lock().expect("no panic");
    let mut report = Report::default();
    report.figure("calls", calls);
    report.figure("not dropped", finished);
    report.figure("arrivals", arrivals.all);
    report.figure("most arrivals in a second (cap 40)", arrivals.most);
    report.figure("left waiting in the limiter", waiting);
    report.figure("answered afterwards (of 40)", sound);
    report.promise(arrivals.most <= CAP, || {
        format!("{} in a second", arrivals.most)
    });
    report.promise(waiting == 0, || format!("{waiting} left waiting"));
    report.promise(sound == CAP, || format!("{sound} of {CAP} calls answered"));
    report
}

fn client(base: BaseUrl, limits: &RateLimits) -> (String, Client) {
    let host = base.authority().to_owned();
    let waits = Duration::from_millis(2);
    let client = Client::builder(base)
        .limits(limits.clone())
        .retry(RetryPolicy::new().waits(waits, waits))
        .build();
    (host, client.expect("a valid configuration"))
}

/// Polls a future so often, pausing in between, and drops it; its output if it was ready by then.
async fn polled<F: Future>(times: usize, idle: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..times {
        let once = poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => Poll::Ready(None),
        });
        if let Some(output) = once.await {
            return Some(output);
        }
        sleep(idle).await;
    }
    None
}

async fn serve(mut socket: TcpStream, arrivals: Arc<Mutex<Arrivals>>) {
    while read_request(&mut socket).await.is_some() {
        arrivals.lock().expect("no panic").note(Instant::now());
        let answer = answer(200, "a body in two pieces");
        let (first, second) = answer.split_at(answer.len() - 5);
        write(&mut socket, first).await;
        sleep(Duration::from_millis(1)).await;
        write(&mut socket, second).await;
    }
}
