//! How a text is read.

use std::fmt;

/// What decoding may hold beside a multiple of its bytes.
const FLOOR: usize = 64 * 1024 * 1024;

/// How many times its bytes a text may take.
const FACTOR: usize = 8;

/// How a text is read: [`from_json_with`](crate::from_json_with) and
/// [`Reader::with_options`](crate::Reader::with_options) take it.
///
/// ```
/// use common_model::{Options, Value, from_json_with};
///
/// let options = Options::new().budget(1000);
/// let text = format!("[{}0]", "0,".repeat(500));
/// let error = from_json_with::<Value>(&text, &options).unwrap_err();
/// assert!(error.is_budget());
/// ```
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Options<'a> {
    strict: bool,
    budget: Option<usize>,
    stop: Option<Stop<'a>>,
}

/// Says whether to stop.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> bool + Send + Sync + 'a);

impl<'a> Options<'a> {
    /// As [`from_json`](crate::from_json) reads.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            strict: false,
            budget: None,
            stop: None,
        }
    }

    /// Whether a value that is not of its type is an error wherever it stands. Default: no, one odd element
    /// does not lose the rest (see the [crate](crate)'s table).
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// How many bytes of memory the value may take; more is an error:
    /// [`Error::is_budget`](crate::Error::is_budget). Default: 8 times the bytes of the text and 64 MiB.
    ///
    /// It counts what lists, maps, boxes and texts ask of the allocator. While a list grows, its old place
    /// and its new one exist for a moment; the peak stays below twice the budget.
    #[must_use]
    pub const fn budget(mut self, bytes: usize) -> Self {
        self.budget = Some(bytes);
        self
    }

    /// Reading ends soon after `stop` says true, with an error: [`Error::is_stopped`](crate::Error::is_stopped).
    /// It is asked again and again, after 16 KiB of text each time, so it should be cheap: a look at a clock or
    /// a flag. Default: never.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    /// use common_model::{Options, Value, from_json_with};
    ///
    /// let end = Instant::now() - Duration::from_millis(1);
    /// let stop = || Instant::now() >= end;
    /// let text = format!("[{}0]", "0,".repeat(50_000));
    /// let error = from_json_with::<Value>(&text, &Options::new().stop(&stop)).unwrap_err();
    /// assert!(error.is_stopped());
    /// ```
    #[must_use]
    pub const fn stop(mut self, stop: &'a (dyn Fn() -> bool + Send + Sync + 'a)) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Whether [`stop`](Self::stop) says to stop: for work around the reading, which asks it now and then.
    #[must_use]
    pub fn says_stop(&self) -> bool {
        self.stop.is_some_and(|stop| stop())
    }

    pub(crate) const fn stop_check(&self) -> Option<Stop<'a>> {
        self.stop
    }

    pub(crate) const fn is_strict(&self) -> bool {
        self.strict
    }

    pub(crate) fn room(&self, text: &str) -> usize {
        let usual = || text.len().saturating_mul(FACTOR).saturating_add(FLOOR);
        self.budget.unwrap_or_else(usual)
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("strict", &self.strict)
            .field("budget", &self.budget)
            .field("stop", &self.stop.is_some())
            .finish()
    }
}
