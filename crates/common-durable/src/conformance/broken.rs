//! Engines that are broken on purpose, one flaw each. The suite must find every flaw.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    Answer, Claim, Claimed, Commit, Delivery, Done, Error, ErrorKind, EventState, Later, Lease,
    Look, Page, Queue, Step, Store, Ticket, Token,
};

/// A flaw that a wrapper adds to a sound engine. Each is a mistake that was made, and is easily made, on a real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Claims look for an event with no earlier unfinished one, and do not lock the key. An id that was drawn early
    /// and committed late is then delivered beside a later event of its key.
    UnlockedKey,
    /// A claim reads its event with a snapshot from before it locked the key, so it delivers a finished event again.
    StaleClaim,
    /// A finish does not see an append that commits while it waits for the key, and puts the key to sleep.
    StrandedAppend,
    /// The cursor is moved in a transaction of its own, before the rest.
    CursorAhead,
}

/// A sound store with one flaw.
pub struct Broken {
    sound: Arc<dyn Store>,
    flaw: Flaw,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    /// The last delivery that was finished.
    finished: Option<Delivery>,
    /// Events that are in the hands of a worker.
    held: BTreeSet<i64>,
    /// Number of finishes that are under way.
    finishing: usize,
    /// Events that were appended during a finish, and that no claim will see.
    stranded: BTreeSet<i64>,
    deliveries: Vec<Delivery>,
}

impl Broken {
    /// Gives a store a flaw.
    pub fn new(sound: Arc<dyn Store>, flaw: Flaw) -> Self {
        Self {
            sound,
            flaw,
            memory: Arc::default(),
        }
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Broken").field(&self.flaw).finish()
    }
}

impl Store for Broken {
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
        if self.flaw == Flaw::CursorAhead {
            return cursor_ahead(&self.sound, commit);
        }
        let is_during_finish = lock(&self.memory).begin(&commit);
        let answer = self.sound.commit(commit.clone());
        let memory = Arc::clone(&self.memory);
        Box::pin(async move {
            let done = answer.await;
            lock(&memory).end(
                &commit,
                done.as_deref().unwrap_or_default(),
                is_during_finish,
            );
            done
        })
    }

    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
        let answer = self.sound.claim(claim.clone());
        let memory = Arc::clone(&self.memory);
        let sound = Arc::clone(&self.sound);
        let flaw = self.flaw;
        Box::pin(async move {
            let mut claimed = answer.await?;
            match flaw {
                Flaw::StaleClaim => {
                    let stale = lock(&memory).finished.take();
                    claimed.extend(stale.map(Claimed::Event));
                }
                Flaw::StrandedAppend => {
                    let memory = lock(&memory);
                    claimed.retain(|one| {
                        !matches!(one, Claimed::Event(delivery)
                        if memory.stranded.contains(&delivery.event.id.0))
                    });
                }
                Flaw::UnlockedKey => {
                    let beside = beside(&*sound, &claim, &memory, &claimed).await?;
                    claimed.extend(beside.map(Claimed::Event));
                }
                Flaw::CursorAhead => {}
            }
            lock(&memory).take_note(&claimed);
            Ok(claimed)
        })
    }

    fn look(&self, look: Look) -> Answer<Page> {
        self.sound.look(look)
    }
}

impl Memory {
    /// Returns whether a finish is under way.
    fn begin(&mut self, commit: &Commit) -> bool {
        let is_during_finish = self.finishing > 0;
        self.finishing += finishes(commit);
        is_during_finish
    }

    fn end(&mut self, commit: &Commit, done: &[Done], is_during_finish: bool) {
        self.finishing -= finishes(commit);
        for (step, done) in commit.steps().iter().zip(done) {
            match (step, done) {
                (Step::Append(_), Done::Appended(appended)) if is_during_finish => {
                    self.stranded.insert(appended.event().0);
                }
                (Step::Finish(ticket), _) => {
                    let id = ticket.event();
                    self.held.remove(&id.0);
                    self.finished = self
                        .deliveries
                        .iter()
                        .find(|one| one.event.id == id)
                        .cloned();
                }
                _ => {}
            }
        }
    }

    fn take_note(&mut self, claimed: &[Claimed]) {
        for one in claimed {
            if let Claimed::Event(delivery) = one {
                self.held.insert(delivery.event.id.0);
                self.deliveries.push(delivery.clone());
            }
        }
    }
}

fn finishes(commit: &Commit) -> usize {
    let is_finish = |step: &&Step| matches!(step, Step::Finish(_));
    commit.steps().iter().filter(is_finish).count()
}

/// Returns a pending event that no worker holds, although a worker may hold its key.
async fn beside(
    sound: &dyn Store,
    claim: &Claim,
    memory: &Mutex<Memory>,
    claimed: &[Claimed],
) -> Result<Option<Delivery>, Error> {
    let Queue::Events(source) = &claim.queue else {
        return Ok(None);
    };
    let pending = Look::Events {
        source: Some(source.clone()),
        state: Some(EventState::Pending),
        after: None,
        at_most: 100,
    };
    let Page::Events(pending) = sound.look(pending).await? else {
        return Ok(None);
    };
    let mut held = lock(memory).held.clone();
    held.extend(claimed.iter().filter_map(|one| match one {
        Claimed::Event(delivery) => Some(delivery.event.id.0),
        Claimed::Effect(_) => None,
    }));
    let Some(free) = pending.iter().find(|one| !held.contains(&one.id.0)) else {
        return Ok(None);
    };
    let Page::Event(Some(details)) = sound.look(Look::Event(free.id)).await? else {
        return Ok(None);
    };
    let lease = Lease {
        lane: 0,
        token: Token::random(),
        claims: 1,
        most_claims: claim.most_claims,
        later: Later::Pass,
    };
    Ok(details.event.map(|event| Delivery {
        ticket: Ticket::new(event.id, lease),
        event,
        failures: Vec::new(),
    }))
}

fn cursor_ahead(sound: &Arc<dyn Store>, commit: Commit) -> Answer<Vec<Done>> {
    let sound = Arc::clone(sound);
    Box::pin(async move {
        let mut moved = Vec::new();
        let mut rest = Commit::new();
        for (place, step) in commit.steps().iter().enumerate() {
            match step {
                Step::MoveCursor(_) => moved.push((place, step.clone())),
                _ => rest = rest.step(step.clone()),
            }
        }
        for (place, step) in &moved {
            sound
                .commit(step.clone().into())
                .await
                .map_err(|error| error.at_step(*place))?;
        }
        let mut done = match rest.steps() {
            [] => Vec::new(),
            _ => sound.commit(rest).await?,
        };
        for (place, _) in moved {
            done.insert(place, Done::Applied);
        }
        Ok(done)
    })
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The place of a store that is being opened anew.
#[derive(Debug)]
pub(super) struct Gone;

impl Store for Gone {
    fn commit(&self, _: Commit) -> Answer<Vec<Done>> {
        Box::pin(async { Err(gone()) })
    }

    fn claim(&self, _: Claim) -> Answer<Vec<Claimed>> {
        Box::pin(async { Err(gone()) })
    }

    fn look(&self, _: Look) -> Answer<Page> {
        Box::pin(async { Err(gone()) })
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Unavailable, "the store is being opened anew")
}
