//! Work on bytes that ends when it is told to.

use crate::{Error, Options, options::Stop, steps};

/// How many steps are made between two questions: some ten microseconds.
const STEPS: usize = 16 * 1024;

/// Asks now and then whether to go on. A no is remembered, so that work whose result means something else by "none"
/// can be asked afterwards why it ended.
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

    /// So many steps were made; none when it is time to stop.
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
            // Whoever goes on all the same comes here again at once.
            return None;
        }
        self.steps = 0;
        Some(())
    }

    /// An error if it was said to stop; `at` is a byte of the text.
    pub(crate) fn check(&self, at: usize) -> Result<(), Error> {
        match self.has_stopped {
            true => Err(Error::stopped(at)),
            false => Ok(()),
        }
    }
}
