//! The rule of the order, as a check of the changes of a queue.

use std::collections::VecDeque;

use super::super::Ticket;
use crate::Priority;

/// A change of a queue.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Join(Ticket),
    /// A call started without waiting.
    StartAtOnce(Priority),
    Start(Ticket),
    /// A caller has gone: it gave up, or has started before.
    Leave(Ticket),
}

/// Those who wait, in their order of joining.
#[derive(Debug, Default)]
pub(super) struct Order {
    high: VecDeque<Ticket>,
    low: VecDeque<Ticket>,
    /// Starts of high priority that passed a waiting call of low priority, since the last start of that.
    passed: u32,
}

impl Order {
    /// Follows an event.
    pub(super) fn check(&mut self, event: Event) {
        match event {
            Event::Join(ticket) => self.class(ticket.priority).push_back(ticket),
            Event::Leave(ticket) => self
                .class(ticket.priority)
                .retain(|waiting| *waiting != ticket),
            Event::StartAtOnce(priority) => {
                let nobody = self.high.is_empty() && self.low.is_empty();
                assert!(nobody, "{self:?} were overtaken");
                self.count(priority);
            }
            Event::Start(ticket) => {
                let first = self.class(ticket.priority).front().copied();
                assert_eq!(first, Some(ticket), "the order of its class: {self:?}");
                self.check_class(ticket.priority);
                self.count(ticket.priority);
                self.class(ticket.priority).pop_front();
            }
        }
    }

    fn check_class(&self, started: Priority) {
        let right = match started {
            Priority::High => self.low.is_empty() || self.passed < 3,
            Priority::Low => self.high.is_empty() || self.passed == 3,
        };
        assert!(right, "a start of {started:?} priority: {self:?}");
    }

    fn count(&mut self, started: Priority) {
        match started {
            Priority::High => self.passed += u32::from(!self.low.is_empty()),
            Priority::Low => self.passed = 0,
        }
    }

    fn class(&mut self, priority: Priority) -> &mut VecDeque<Ticket> {
        match priority {
            Priority::High => &mut self.high,
            Priority::Low => &mut self.low,
        }
    }
}
