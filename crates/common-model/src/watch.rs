//! Work on bytes that a stop check can end.

use crate::{Error, Options, options::Stop, steps};

/// Number of steps between two calls of the stop check: some ten microseconds.
const STEPS: usize = 16 * 1024;

/// Calls the stop check now and then, and remembers its answer. A caller whose result `None` can also mean something
/// else can ask afterwards why the work ended.
pub(crate) struct Watch<'a> {
    stop: Option<Stop<'a>>,
    steps: usize,
    has_stopped: bool,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(options: &Options<'a>) -> Self {
        Self {
            stop: options.stop_check(),
            steps: 0,
            has_stopped: false,
        }
    }

    /// Counts steps. Returns `None` when it is time to stop.
    #[inline]
    pub(crate) fn go_on(&mut self, steps: usize) -> Option<()> {
        steps::add(steps);
        self.steps = self.steps.saturating_add(steps);
        if self.steps < STEPS {
            return Some(());
        }
        self.ask()
    }

    #[cold]
    #[inline(never)]
    fn ask(&mut self) -> Option<()> {
        self.has_stopped = self.has_stopped || self.stop.is_some_and(|stop| stop());
        if self.has_stopped {
            // A caller that continues anyway comes here again at once.
            return None;
        }
        self.steps = 0;
        Some(())
    }

    /// Returns an error if the stop check ended the work; `at` is a byte of the text.
    pub(crate) fn check(&self, at: usize) -> Result<(), Error> {
        match self.has_stopped {
            true => Err(Error::stopped(at)),
            false => Ok(()),
        }
    }
}
