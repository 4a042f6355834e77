//! Options of each request of a walk.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common_transport::{
    CallOptions, Limiter, Priority, RetryPolicy,
    limit::{Acquire, Key, Permit},
};
use tokio::time::{Instant, sleep};

use super::service::{Service, ids, number_of, page, portion};

/// Lets everything through after a time, and remembers the priority of each request.
#[derive(Debug, Default, Clone)]
struct Asked {
    priorities: Arc<Mutex<Vec<Priority>>>,
    wait: Duration,
}

impl Asked {
    fn take(&self) -> Vec<Priority> {
        std::mem::take(&mut self.priorities.lock().unwrap())
    }
}

impl Limiter for Asked {
    fn acquire(&self, key: Key<'_>, _: Option<Instant>) -> Acquire {
        self.priorities.lock().unwrap().push(key.priority);
        let wait = self.wait;
        Acquire::waiting(async move {
            sleep(wait).await;
            Ok(Permit::unlimited())
        })
    }
}

fn list(asked: &Asked) -> Service {
    Service::under(asked.clone(), |_, query| {
        (200, page(8, 2, number_of(query, "page").unwrap_or(1)))
    })
}

fn history(asked: &Asked) -> Service {
    Service::under(asked.clone(), |_, query| (200, portion(6, 2, query)))
}

// C2, C8
#[tokio::test(start_paused = true)]
async fn c8_each_request_of_a_walk_has_its_priority() {
    use Priority::{High, Low};
    let asked = Asked::default();
    let service = list(&asked);
    for prefetch in [false, true] {
        let pages = || service.careful_pages().prefetch(prefetch).priority(Low);
        assert_eq!(pages().collect().await.unwrap().len(), 8);
        let whole = asked.take();
        assert!(
            whole.len() > 4 && whole.iter().all(|priority| *priority == Low),
            "{whole:?}"
        );
        // From a position, and as raw items.
        let mut begun = pages();
        begun.next().await.unwrap();
        let position = begun.position();
        drop(begun);
        asked.take();
        pages()
            .from_position(&position)
            .unwrap()
            .raw()
            .collect()
            .await
            .unwrap();
        let rest = asked.take();
        assert!(
            rest.len() >= 3 && rest.iter().all(|priority| *priority == Low),
            "{rest:?}"
        );
    }
    service.call().await.unwrap();
    service.pages().collect().await.unwrap();
    assert_eq!(
        asked.take(),
        [High; 5],
        "a call and a walk beside it have those of the client"
    );

    let service = history(&asked);
    let changes = || service.changes(None).priority(Low);
    assert_eq!(changes().collect().await.unwrap().len(), 6);
    assert_eq!(changes().raw().collect().await.unwrap().len(), 6);
    assert_eq!(changes().latest().await.unwrap(), Some(6));
    let all = asked.take();
    assert!(
        all.len() >= 8 && all.iter().all(|priority| *priority == Low),
        "{all:?}"
    );
}

// C2
#[tokio::test(start_paused = true)]
async fn c2_a_step_of_a_walk_has_the_time_of_its_options() {
    // The client gives a call 120 s.
    let asked = Asked {
        wait: Duration::from_secs(150),
        ..Asked::default()
    };
    let options = |seconds| CallOptions::new().timeout(Duration::from_secs(seconds));
    for (seconds, is_enough) in [(None, false), (Some(100), false), (Some(200), true)] {
        let begin = Instant::now();
        let mut pages = list(&asked).pages();
        let mut changes = history(&asked).changes(None);
        if let Some(seconds) = seconds {
            pages = pages.options(options(seconds));
            changes = changes.options(options(seconds));
        }
        for result in [pages.next().await, changes.next().await] {
            match result {
                Ok(page) => assert!(is_enough && ids(&page.unwrap().items) == [1, 2]),
                Err(error) => assert!(!is_enough && error.is_timeout(), "{error}"),
            }
        }
        let step = if is_enough {
            151
        } else {
            seconds.unwrap_or(120)
        };
        assert_eq!(begin.elapsed().as_secs(), 2 * step);
    }
    // A step of several requests: each of them has time enough, the step has not.
    let careful = list(&asked).careful_pages().options(options(200));
    let error = careful.collect().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

// C2
#[tokio::test(start_paused = true)]
async fn c2_a_walk_is_repeated_and_refused_as_its_options_ask() {
    let failing = || Service::new(|_, _| (500, String::new()));
    let service = failing();
    let none = CallOptions::new().retry(RetryPolicy::none());
    // An option that is set later keeps the others.
    let mut pages = service.pages().options(none).priority(Priority::Low);
    assert!(pages.next().await.is_err());
    assert_eq!(service.asked().len(), 1);
    let service = failing();
    assert!(service.pages().next().await.is_err());
    assert_eq!(service.asked().len(), 4);
    let service = failing();
    let reserved = CallOptions::new().header("host", "x");
    let error = service.pages().options(reserved).next().await.unwrap_err();
    assert_eq!(
        (error.field(), error.operation()),
        (Some("host"), Some("things.list"))
    );
    assert!(service.asked().is_empty());
}
