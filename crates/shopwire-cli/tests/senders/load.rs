//! Senders that send without a pause, and know what was acknowledged.

use std::{
    io::Write as _,
    net::SocketAddr,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
};

use crate::{
    request, server,
    support::receiving::{answer, connect},
};

/// Number of senders. Each has an order of its own, so its events have one key.
pub(crate) const SENDERS: usize = 8;

/// The events of all senders.
#[derive(Default)]
pub(crate) struct Load {
    senders: [Sender; SENDERS],
    changed: Condvar,
    /// Number of acknowledged events.
    acknowledged: Mutex<usize>,
    is_over: AtomicBool,
    /// Number of events that were refused with 503.
    pub(crate) refused: AtomicU64,
    /// Number of events whose answer did not come.
    pub(crate) unanswered: AtomicU64,
}

#[derive(Default)]
struct Sender {
    next: AtomicU64,
    acknowledged: Mutex<Vec<u64>>,
}

/// What a sender does when the receiver does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// It is gone.
    Ends,
    /// It goes on.
    Stays,
}

impl Load {
    /// Lets the senders send to a receiver while something is done, and ends them after it.
    pub(crate) fn during(&self, address: SocketAddr, receiver: Receiver, work: impl FnOnce()) {
        self.is_over.store(false, Relaxed);
        thread::scope(|scope| {
            for order in 0..SENDERS {
                scope.spawn(move || self.send(address, receiver, order));
            }
            // A panic must not leave the senders running, or the scope would wait for ever.
            let _end = End(&self.is_over);
            work();
        });
    }

    /// Waits until so many more events are acknowledged.
    pub(crate) fn wait_for_more(&self, number: usize) {
        let acknowledged = self.acknowledged.lock().expect("no panic");
        let wanted = *acknowledged + number;
        let waited = self
            .changed
            .wait_timeout_while(acknowledged, PATIENCE, |now| *now < wanted);
        let timeout = waited.expect("no panic").1;
        assert!(
            !timeout.timed_out(),
            "no more events are acknowledged: {} refused with 503, {} without an answer",
            self.refused.load(Relaxed),
            self.unanswered.load(Relaxed),
        );
    }

    /// The senders are told before the receiver ends.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Relaxed);
    }

    /// The numbers of a sender that were acknowledged, in their order.
    pub(crate) fn acknowledged(&self, order: usize) -> Vec<u64> {
        let acknowledged = &self.senders[order].acknowledged;
        acknowledged.lock().expect("no panic").clone()
    }

    /// Number of events that were sent.
    pub(crate) fn sent(&self) -> u64 {
        self.senders.iter().map(|one| one.next.load(Relaxed)).sum()
    }

    fn send(&self, address: SocketAddr, receiver: Receiver, order: usize) {
        while !self.is_over.load(Relaxed) {
            let Ok(mut stream) = connect(address) else {
                return;
            };
            let mut is_answered = true;
            while is_answered && !self.is_over.load(Relaxed) {
                is_answered = self.send_next(&mut stream, order);
            }
            if receiver == Receiver::Ends {
                return;
            }
        }
    }

    /// Sends one event, once. Returns whether an answer came.
    fn send_next(&self, stream: &mut std::net::TcpStream, order: usize) -> bool {
        let sender = &self.senders[order];
        let number = sender.next.fetch_add(1, Relaxed);
        let event = request(&body(order, number));
        let sent = stream.write_all(&event).ok();
        match sent.and_then(|()| answer(stream)) {
            Some((200, _)) => {
                let mut acknowledged = sender.acknowledged.lock().expect("no panic");
                acknowledged.push(number);
                *self.acknowledged.lock().expect("no panic") += 1;
                self.changed.notify_all();
            }
            Some((503, _)) => {
                self.refused.fetch_add(1, Relaxed);
                server::pause(std::time::Duration::from_millis(20));
            }
            Some((status, text)) => panic!("{status}: {text}"),
            None => {
                self.unanswered.fetch_add(1, Relaxed);
                return false;
            }
        }
        true
    }
}

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(40);

struct End<'l>(&'l AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

fn body(order: usize, number: u64) -> String {
    format!(r#"{{"EVENT":"NEW_ORDER","ORDER":{{"ID":{order}}},"NUMBER":{number}}}"#)
}
