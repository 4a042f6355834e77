//! The limiter, with a queue for each host and class.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use common_transport::{
    Error, Limiter, RateClass,
    limit::{Acquire, Key, Permit},
};
use tokio::time::{Instant, timeout};

use crate::{
    RedisLimitsOptions,
    driver::Member,
    link::Link,
    queue::{self, Queue},
    terms::Terms,
};

/// A limiter whose caps many processes and machines share through Redis; see the [crate](crate). Clones share
/// the queues.
///
/// The first call with a host and class starts a task on the current tokio runtime, which lives as long as the
/// limiter. If that runtime ends, calls on another one start the task again, which costs about a second. While it stands
/// still, as a runtime of one thread does outside of `block_on`, nothing starts on other runtimes either.
#[derive(Clone)]
pub struct RedisLimits {
    shared: Arc<Shared>,
}

struct Shared {
    options: RedisLimitsOptions,
    link: Link,
    queues: Mutex<Queues>,
}

#[derive(Default)]
struct Queues {
    /// By host and class.
    by_key: BTreeMap<(String, &'static str), Arc<Queue>>,
    is_closed: bool,
}

impl Queues {
    /// Ends all queues. No other one begins.
    fn close(&mut self) -> Vec<Arc<Queue>> {
        self.is_closed = true;
        let queues: Vec<_> = self.by_key.values().cloned().collect();
        for queue in &queues {
            // A task that has ended with its runtime says no goodbye. Without a runtime nobody can.
            let _ = queue.keep_driven();
            queue.close();
        }
        queues
    }
}

impl RedisLimits {
    /// Builds the limiter. It connects with the first call.
    pub fn new(options: RedisLimitsOptions) -> Self {
        let link = Link::new(options.address.clone());
        Self {
            shared: Arc::new(Shared {
                options,
                link,
                queues: Mutex::default(),
            }),
        }
    }

    /// Says goodbye, so that the others get this process's share at once. Calls that wait fail, and so do later ones.
    ///
    /// It waits for requests that are about to leave, for half a second at most. If one of them has not left by then, or
    /// Redis cannot be reached, the process is missed after [`forget_after`](RedisLimitsOptions::forget_after) only.
    pub async fn close(&self) {
        let queues = self.shared.queues().close();
        let longest = queues.iter().map(|queue| queue.longest_goodbye()).max();
        let all = async {
            for queue in queues {
                queue.closed().await;
            }
        };
        // The runtime of a task may stand still.
        let _ = timeout(longest.unwrap_or_default(), all).await;
    }

    /// Returns the number of attempts of this process that wait for a permit now.
    pub fn waiting(&self, host: &str, class: RateClass) -> usize {
        let Some((class, _)) = self.shared.cap(class) else {
            return 0;
        };
        let host = self.shared.options.counted(Key::new(host, class));
        let queues = self.shared.queues();
        queues
            .by_key
            .get(&(host, class.0))
            .map_or(0, |queue| queue.waiting())
    }
}

impl Shared {
    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the class under which `class` counts, with its cap.
    fn cap(&self, class: RateClass) -> Option<(RateClass, std::num::NonZeroU32)> {
        let of = |wanted| {
            self.options
                .caps
                .iter()
                .find(|(known, _)| *known == wanted)
                .copied()
        };
        of(class).or_else(|| of(RateClass::DEFAULT))
    }

    /// Returns the queue of a key, with its task running.
    fn queue(&self, key: Key<'_>) -> Result<Option<Arc<Queue>>, Error> {
        let Some((class, cap)) = self.cap(key.class) else {
            return Ok(None);
        };
        let host = self.options.counted(key);
        let name = format!("{}:{}:{host}", self.options.prefix, class.0);
        let mut queues = self.queues();
        if queues.is_closed {
            return Err(queue::closed());
        }
        let queue = queues.by_key.entry((host, class.0)).or_insert_with(|| {
            let member = Member::new(self.link.clone(), name);
            let terms = Terms::new(cap, &self.options);
            let (away, at_most) = (self.options.away, self.options.at_most);
            Arc::new(Queue::new(member, terms, away, at_most))
        });
        queue.keep_driven()?;
        Ok(Some(Arc::clone(queue)))
    }
}

/// The tasks end with the last clone.
impl Drop for Shared {
    fn drop(&mut self) {
        self.queues().close();
    }
}

impl Limiter for RedisLimits {
    fn acquire(&self, key: Key<'_>, deadline: Option<Instant>) -> Acquire {
        match self.shared.queue(key) {
            Ok(Some(queue)) => queue.acquire(key.priority, deadline),
            Ok(None) => Acquire::ready(Ok(Permit::unlimited())),
            Err(error) => Acquire::ready(Err(error)),
        }
    }
}

impl fmt::Debug for RedisLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimits")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}
