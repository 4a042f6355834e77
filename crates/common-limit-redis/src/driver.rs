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
const LONGEST_GOODBYE: Duration = Duration::from_millis(500);

/// An ask that has no answer yet.
struct Asking {
    number: u64,
    answer: Pin<Box<dyn Future<Output = Result<Answer, String>> + Send>>,
}

/// The process as one member of one key.
struct Member {
    queue: Arc<Queue>,
    link: Link,
    key: String,
    /// A new one for each task: what another one has started is unknown to this one.
    id: String,
}

/// Runs until the queue is closed.
pub(crate) async fn drive(queue: Arc<Queue>, link: Link, key: String) {
    let member = Member {
        queue,
        link,
        key,
        id: new_id(),
    };
    let mut asking = None;
    while let Some(step) = member.queue.step() {
        match step {
            Step::Ask { number, ask } => asking = Some(member.ask(number, &ask)),
            Step::Wait { until } => select! {
                (number, answer) = answered(&mut asking) => member.queue.answered(number, answer),
                () = member.queue.changed() => {}
                () = sleep_until(member.queue.instant(until)) => {}
            },
        }
    }
    member.say_goodbye(asking).await;
}

impl Member {
    fn ask(&self, number: u64, ask: &Ask) -> Asking {
        let arguments = ask.arguments(&self.id, &self.queue.terms());
        let (link, key) = (self.link.clone(), self.key.clone());
        Asking {
            number,
            answer: Box::pin(async move { link.ask(&key, arguments).await }),
        }
    }

    async fn say_goodbye(&self, mut asking: Option<Asking>) {
        let patience = self.queue.patience();
        if asking.is_some()
            && let Ok((number, answer)) = timeout(patience, answered(&mut asking)).await
        {
            self.queue.answered(number, answer);
        }
        let end = Instant::now() + LONGEST_GOODBYE;
        while let Some(step) = self.queue.goodbye() {
            match step {
                Step::Ask { number, ask } => {
                    let asking = self.ask(number, &ask);
                    // If it is lost, the others miss this process.
                    let _ = timeout(patience, asking.answer).await;
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

/// The task ends with its runtime too.
impl Drop for Member {
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
