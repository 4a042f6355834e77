//! The task of one queue: it asks, waits, and says goodbye.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    select,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    keeper::Step,
    link::Link,
    protocol::{Answer, Ask},
    queue::Queue,
};

/// How long a goodbye waits for requests that are about to leave.
pub(crate) const LONGEST_GOODBYE: Duration = Duration::from_millis(500);

/// An ask that has no answer yet.
struct Asking {
    number: u64,
    answer: Pin<Box<dyn Future<Output = Result<Answer, String>> + Send>>,
}

/// The process as one member of one key.
pub(crate) struct Member {
    link: Link,
    key: String,
    id: String,
}

/// The task of a queue. The queue is told when it ends, also if it ends with its runtime or never runs.
pub(crate) struct Driver {
    queue: Arc<Queue>,
}

/// Runs until the queue is closed.
pub(crate) async fn drive(driver: Driver) {
    let queue = &driver.queue;
    let mut asking = None;
    while let Some(step) = queue.step() {
        match step {
            Step::Ask { number, ask } => asking = Some(driver.ask(number, &ask)),
            Step::Wait { until } => select! {
                (number, answer) = answered(&mut asking) => queue.answered(number, answer),
                () = queue.changed() => {}
                () = sleep_until(queue.instant(until)) => {}
            },
        }
    }
    driver.say_goodbye(asking).await;
}

impl Member {
    pub(crate) fn new(link: Link, key: String) -> Self {
        let id = new_id();
        Self { link, key, id }
    }
}

impl Driver {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self { queue }
    }

    fn ask(&self, number: u64, ask: &Ask) -> Asking {
        let Member { link, key, id } = self.queue.member();
        let arguments = ask.arguments(id, &self.queue.terms());
        let (link, key, patience) = (link.clone(), key.clone(), self.queue.patience());
        Asking {
            number,
            answer: Box::pin(async move {
                let answer = timeout(patience, link.ask(&key, arguments)).await;
                answer.unwrap_or_else(|_| Err(link.silence()))
            }),
        }
    }

    async fn say_goodbye(&self, mut asking: Option<Asking>) {
        if asking.is_some() {
            let (number, answer) = answered(&mut asking).await;
            self.queue.answered(number, answer);
        }
        let end = Instant::now() + LONGEST_GOODBYE;
        while let Some(step) = self.queue.goodbye() {
            match step {
                Step::Ask { number, ask } => {
                    // If it is lost, the others miss this process.
                    let _ = self.ask(number, &ask).answer.await;
                    return;
                }
                Step::Wait { until } if self.queue.instant(until) < end => {
                    sleep_until(self.queue.instant(until)).await
                }
                Step::Wait { .. } => return,
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.queue.ended();
    }
}

/// Waits for the answer; for ever if nothing is asked.
async fn answered(asking: &mut Option<Asking>) -> (u64, Result<Answer, String>) {
    match asking {
        Some(Asking { number, answer }) => {
            let ended = (*number, answer.as_mut().await);
            *asking = None;
            ended
        }
        None => std::future::pending().await,
    }
}

fn new_id() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
