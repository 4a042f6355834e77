//! Settings for reading a text.

use std::fmt;

/// Bytes of memory that a value may take in addition to a multiple of its text.
const FLOOR: usize = 64 * 1024 * 1024;

/// Bytes of memory that a value may take for each byte of its text.
const FACTOR: usize = 8;

/// Settings for reading a text, taken by [`from_json_with`](crate::from_json_with) and
/// [`Reader::with_options`](crate::Reader::with_options).
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

/// A stop check: returns true to stop.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> bool + Send + Sync + 'a);

impl<'a> Options<'a> {
    /// Builds the settings of [`from_json`](crate::from_json).
    #[must_use]
    pub const fn new() -> Self {
        Self {
            strict: false,
            budget: None,
            stop: None,
        }
    }

    /// Sets whether a value of the wrong type is always an error. Default: no, one odd element does not lose the
    /// rest (see the [crate](crate)'s table).
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Sets the bytes of memory that the value may take. More is an error with
    /// [`Error::is_budget`](crate::Error::is_budget). Default: 8 times the length of the text plus 64 MiB.
    ///
    /// It counts allocations of lists, maps, boxes and texts. While a list grows, its old and its new allocation
    /// exist side by side for a moment, so the peak is below twice the budget.
    #[must_use]
    pub const fn budget(mut self, bytes: usize) -> Self {
        self.budget = Some(bytes);
        self
    }

    /// Sets a check that can end the reading. Soon after `stop` returns true, reading ends with an error with
    /// [`Error::is_stopped`](crate::Error::is_stopped). The check is called about every 16 KiB of text, so it should
    /// be cheap: reading a clock or a flag. Default: no check.
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

    /// Whether the [stop check](Self::stop) returns true now: for work around the reading that calls it now and
    /// then.
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
