//! A peer that falls silent after each byte of its answer: every call ends by its deadline.

use common_transport::{BaseUrl, Client, RetryPolicy};
use tokio::{
    runtime::Builder,
    time::{Duration, Instant, sleep},
};

use crate::{
    peer::{Say, listen, read_request, write},
    report::{Report, Scale},
};

const DEADLINE: Duration = Duration::from_secs(3);
const SLACK: Duration = Duration::from_millis(50);
/// Longer than any call waits.
const FOREVER: Duration = Duration::from_secs(1_000_000);

const ANSWERS: &[&[u8]] = &[
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"id\":12345}",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n8\r\nefghijkl\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nuntil the connection closes",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 X\r\nretry-after: 86400\r\ncontent-length: 1\r\n\r\nx",
];

/// How the calls ended.
#[derive(Default)]
struct Ends {
    calls: usize,
    latest: Duration,
    not_timeouts: usize,
    unmarked: usize,
}

/// Sockets are real, time is not: it jumps whenever nobody has anything to do.
pub(crate) fn run(scale: &Scale) -> Report {
    let repeats = scale.pick(1, 20);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let ends = runtime.block_on(async {
        let mut ends = Ends::default();
        for _ in 0..repeats {
            for answer in ANSWERS {
                for until in 0..answer.len() {
                    stall(answer, until, &mut ends).await;
                }
            }
        }
        ends
    });
    let mut report = Report::default();
    report.figure("calls", ends.calls);
    report.figure(
        "latest end beyond the deadline",
        format_args!("{:?}", ends.latest),
    );
    report.figure("ended otherwise than by a timeout", ends.not_timeouts);
    report.figure("not marked as perhaps landed", ends.unmarked);
    report.promise(ends.latest <= SLACK, || {
        format!("{:?} too late", ends.latest)
    });
    report.promise(ends.not_timeouts + ends.unmarked == 0, || {
        "wrong ends".into()
    });
    report
}

async fn stall(answer: &'static [u8], until: usize, ends: &mut Ends) {
    let base = listen(move |_, mut socket| async move {
        read_request(&mut socket).await;
        write(&mut socket, &answer[..until]).await;
        sleep(FOREVER).await;
    })
    .await;
    let client = client(base);
    let begin = Instant::now();
    let result = client.send(&Say::post("x")).await;
    let late = begin.elapsed().saturating_sub(DEADLINE);
    ends.calls += 1;
    ends.latest = ends.latest.max(late);
    match result {
        Ok(_) => ends.not_timeouts += 1,
        Err(error) => {
            ends.not_timeouts += usize::from(!error.is_timeout());
            ends.unmarked += usize::from(!error.may_have_landed());
        }
    }
}

fn client(base: BaseUrl) -> Client {
    let builder = Client::builder(base)
        .total_timeout(DEADLINE)
        .retry(RetryPolicy::none());
    builder.build().expect("a valid configuration")
}
