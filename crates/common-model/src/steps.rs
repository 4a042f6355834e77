//! Counts the steps of loops whose length a text decides, in tests: that time is linear is shown by counting, not by a
//! clock. Outside of tests nothing is compiled.

#[cfg(test)]
std::thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many steps were made.
#[cfg(test)]
pub(crate) fn add(steps: usize) {
    STEPS.with(|all| all.set(all.get() + steps));
}

/// So many steps were made.
#[cfg(not(test))]
#[inline(always)]
pub(crate) const fn add(_: usize) {}

/// How many steps `work` makes.
#[cfg(test)]
pub(crate) fn of(work: impl FnOnce()) -> usize {
    STEPS.with(|all| all.set(0));
    work();
    STEPS.with(std::cell::Cell::get)
}
