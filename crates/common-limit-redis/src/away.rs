//! The behaviour of a process that cannot reach Redis.

/// The behaviour of a process that cannot reach Redis.
///
/// In both cases its calls wait for some seconds first: most outages are shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Away {
    /// It goes on with its share of the cap, `cap / N` rounded down, where `N` is the number of processes that Redis knew
    /// of. The others leave it this share.
    #[default]
    Share,
    /// Its calls fail until Redis answers, with an error of the kind [`Connect`](common_transport::ErrorKind::Connect).
    ///
    /// No share is kept back for it, so one that is killed costs the others nothing. Choose this for a single process: with
    /// [`Share`](Self::Share) it has the whole cap, and one that follows a killed one waits until that is forgotten.
    Refuse,
}
