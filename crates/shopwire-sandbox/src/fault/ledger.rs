//! The faults of the three services, with the plan that adds and removes them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Request;
use jiff::Timestamp;
use tokio::sync::{Notify, broadcast};

use super::definition::Fault;
use super::entry::{Entry, Head, Taken};
use super::listed::QueuedFault;
use super::plan::{Plan, Progress};
use crate::clock::{Clock, later};
use crate::names::ServiceName;

/// How many faults that cannot happen any more stay in the list.
const SPENT: usize = 100;

/// How many changes a slow subscriber may be behind.
const NEWS: usize = 1024;

/// The faults of the three services. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Ledger(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    book: Mutex<Book>,
    news: broadcast::Sender<QueuedFault>,
    /// Told when a plan starts or ends.
    planned: Notify,
}

#[derive(Debug, Default)]
struct Book {
    last_id: u64,
    /// By id, ascending.
    entries: Vec<Entry>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    plan: Plan,
    started: Timestamp,
    /// The last time of the clock that was seen.
    seen: Timestamp,
    done: usize,
    /// Ids of the faults that the plan has added.
    added: Vec<u64>,
}

impl Ledger {
    pub(crate) fn new(clock: Clock) -> Self {
        Self(Arc::new(Shared {
            clock,
            book: Mutex::default(),
            news: broadcast::Sender::new(NEWS),
            planned: Notify::new(),
        }))
    }

    /// Adds a fault and returns its id.
    pub(crate) fn add(&self, service: ServiceName, fault: Fault) -> u64 {
        let mut book = self.book();
        let id = book.add(service, fault);
        self.tell(book.listed(id));
        id
    }

    /// Removes the fault with this id. Returns false if there is no such fault.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut book = self.book();
        let before = book.entries.len();
        book.entries.retain(|entry| entry.id != id);
        book.entries.len() < before
    }

    /// Removes all faults of these services.
    pub(crate) fn clear(&self, services: &[ServiceName]) {
        self.book().clear(services);
    }

    /// Removes all faults and the plan; ids begin again at 1.
    #[cfg(any(test, feature = "admin"))]
    pub(crate) fn reset(&self) {
        *self.book() = Book::default();
        self.0.planned.notify_waiters();
    }

    /// Returns the faults of a service, or of all, by id.
    pub(crate) fn list(&self, service: Option<ServiceName>) -> Vec<QueuedFault> {
        let book = self.book();
        let entries = book.entries.iter();
        let meant = entries.filter(|entry| service.is_none_or(|name| name == entry.service));
        meant.map(Entry::listed).collect()
    }

    /// Returns one fault.
    pub(crate) fn get(&self, id: u64) -> Option<QueuedFault> {
        self.book().listed(id)
    }

    pub(crate) fn service_of(&self, id: u64) -> Option<ServiceName> {
        self.get(id).map(|listed| listed.service)
    }

    /// Listens to faults that are added or happen.
    #[cfg(any(test, feature = "admin"))]
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<QueuedFault> {
        self.0.news.subscribe()
    }

    /// Takes the first fault that matches the request, if its turn has come.
    pub(super) fn take<B>(&self, service: ServiceName, request: &Request<B>) -> Option<Taken> {
        let head = Head::of(service, request);
        self.take_where(service, |fault| fault.meets(&head))
    }

    /// Takes the first fault that drops the webhook of this event.
    pub(super) fn take_callback(&self, service: ServiceName, event: &str) -> Option<Taken> {
        self.take_where(service, |fault| fault.drops(event))
    }

    /// Takes the first fault whose turn has come. Each matching fault before it counts the request as passed.
    fn take_where(&self, service: ServiceName, matches: impl Fn(&Fault) -> bool) -> Option<Taken> {
        let mut book = self.book();
        let mut entries = book.entries.iter_mut();
        let (id, taken) = entries.find_map(|entry| {
            let meets = entry.service == service && entry.is_pending() && matches(&entry.fault);
            let taken = if meets { entry.turn() } else { None };
            taken.map(|taken| (entry.id, taken))
        })?;
        self.tell(book.listed(id));
        book.forget_spent();
        Some(taken)
    }

    /// Starts a plan in place of the running plan.
    pub(crate) fn start(&self, plan: Plan) {
        let mut book = self.book();
        book.stop();
        book.running = Some(Running {
            plan,
            started: self.0.clock.timestamp(),
            seen: self.0.clock.timestamp(),
            done: 0,
            added: Vec::new(),
        });
        drop(book);
        // Steps at 0 happen now.
        drop(self.book());
        self.0.planned.notify_waiters();
    }

    /// Ends the plan and removes the faults that it has added. Returns false if no plan was running.
    pub(crate) fn stop(&self) -> bool {
        let was_there = self.book().stop();
        self.0.planned.notify_waiters();
        was_there
    }

    /// Returns how far the plan has come.
    pub(crate) fn progress(&self) -> Option<Progress> {
        let book = self.book();
        let running = book.running.as_ref()?;
        let is_pending = |id: &&u64| {
            let mut entries = book.entries.iter();
            entries.any(|entry| entry.id == **id && entry.is_pending())
        };
        Some(Progress {
            name: running.plan.name.clone(),
            elapsed: running.elapsed(self.0.clock.timestamp()),
            done: running.done,
            total: running.plan.steps.len(),
            next: running.next(),
            faults: running.added.iter().filter(is_pending).copied().collect(),
        })
    }

    /// Lets the steps of plans happen at their times, for those who watch without sending requests.
    pub(crate) async fn follow_plan(self) {
        loop {
            let planned = self.0.planned.notified();
            let next = self.book().next_step();
            match next {
                Some(at) => {
                    tokio::select! {
                        () = planned => {}
                        // The turn ends after the step, so that an advance of the clock waits for it.
                        _turn = self.0.clock.timer(at) => drop(self.book()),
                    }
                }
                None => planned.await,
            }
        }
    }

    /// Locks the book. The steps that are due happen first, so that no one sees the faults of a time that is over.
    fn book(&self) -> MutexGuard<'_, Book> {
        let book = self.0.book.lock();
        let mut book = book.unwrap_or_else(PoisonError::into_inner);
        for id in book.take_steps(self.0.clock.timestamp()) {
            self.tell(book.listed(id));
        }
        book
    }

    fn tell(&self, listed: Option<QueuedFault>) {
        if let Some(listed) = listed
            && self.0.news.receiver_count() > 0
        {
            // Whoever listens may just have stopped.
            let _ = self.0.news.send(listed);
        }
    }
}

impl Book {
    fn add(&mut self, service: ServiceName, fault: Fault) -> u64 {
        self.last_id += 1;
        self.entries.push(Entry::new(self.last_id, service, fault));
        self.last_id
    }

    fn clear(&mut self, services: &[ServiceName]) {
        self.entries
            .retain(|entry| !services.contains(&entry.service));
    }

    fn listed(&self, id: u64) -> Option<QueuedFault> {
        let found = self.entries.iter().find(|entry| entry.id == id);
        found.map(Entry::listed)
    }

    /// Removes the oldest of the faults that cannot happen any more, if there are too many.
    fn forget_spent(&mut self) {
        let spent = self.entries.iter().filter(|entry| !entry.is_pending());
        let mut surplus = spent.count().saturating_sub(SPENT);
        self.entries.retain(|entry| {
            let goes = surplus > 0 && !entry.is_pending();
            surplus -= usize::from(goes);
            !goes
        });
    }

    /// Lets the steps happen that are due, and returns the ids of the faults that were added.
    fn take_steps(&mut self, now: Timestamp) -> Vec<u64> {
        let mut added = Vec::new();
        if let Some(running) = &mut self.running {
            running.see(now);
        }
        while let Some(mut running) = self.running.take() {
            let is_due = running.next_at().is_some_and(|at| at <= now);
            if is_due {
                let step = running.plan.steps[running.done].clone();
                running.done += 1;
                self.clear(&step.clear);
                let ids = step.faults.into_iter();
                let ids: Vec<u64> = ids
                    .map(|(service, fault)| self.add(service, fault))
                    .collect();
                running.added.extend(&ids);
                added.extend(ids);
            }
            self.running = Some(running);
            if !is_due {
                break;
            }
        }
        added
    }

    fn stop(&mut self) -> bool {
        let Some(running) = self.running.take() else {
            return false;
        };
        self.entries
            .retain(|entry| !running.added.contains(&entry.id));
        true
    }

    fn next_step(&self) -> Option<Timestamp> {
        self.running.as_ref()?.next_at()
    }
}

impl Running {
    /// Takes note of the time. If the clock was set back, the plan goes on from where it was.
    fn see(&mut self, now: Timestamp) {
        if now < self.seen {
            let passed = self.elapsed(self.seen);
            self.started = now.checked_sub(passed).unwrap_or(Timestamp::MIN);
        }
        self.seen = now;
    }

    /// Returns the time since the start.
    fn elapsed(&self, now: Timestamp) -> Duration {
        Duration::try_from(now.duration_since(self.started)).unwrap_or_default()
    }

    fn next(&self) -> Option<Duration> {
        self.plan.steps.get(self.done).map(|step| step.at)
    }

    fn next_at(&self) -> Option<Timestamp> {
        self.next().map(|at| later(self.started, at))
    }
}
