//! Counts the steps of loops whose length depends on a text, in tests. Linear time is shown by counting steps, not
//! by a clock. Outside of tests the counting compiles to nothing.

#[cfg(test)]
std::thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts steps.
#[cfg(test)]
pub(crate) fn add(steps: usize) {
    STEPS.with(|all| all.set(all.get() + steps));
}

/// Does nothing outside of tests.
#[cfg(not(test))]
#[inline(always)]
pub(crate) const fn add(_: usize) {}

/// Returns the number of steps that `work` makes.
#[cfg(test)]
pub(crate) fn of(work: impl FnOnce()) -> usize {
    STEPS.with(|all| all.set(0));
    work();
    STEPS.with(std::cell::Cell::get)
}
