//! The rules that negative controls leave out.

/// A rule that a negative control leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tests) enum Rule {
    /// The share of a member that may be away is kept back.
    ShareOfTheAbsent,
    /// The largest share that a member was told counts, not its present one.
    LargestShare,
    /// The share that a member had while it was away is kept back for a window after its return.
    ShareOfTheReturned,
    /// Those that did not come back in a new epoch keep what the others did not have.
    SharesOfTheLost,
    /// A new epoch holds everything back.
    Hold,
    /// A newcomer has no share until all others know of it.
    Acknowledged,
    /// The slots of a member that is not heard are counted as late.
    Open,
    /// Late requests are counted.
    Late,
    /// The window is longer than a second by the guard.
    Guard,
    /// An ask that was given up takes nothing.
    Void,
    /// A jump of the store's clock is noticed by the processes.
    Jump,
    /// A share is a whole number of places: here one more if there is a remainder.
    WholeShare,
}
