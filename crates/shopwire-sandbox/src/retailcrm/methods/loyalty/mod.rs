//! The loyalty program: programs, accounts, bonuses.

pub(crate) mod accounts;
pub(crate) mod bonuses;
pub(crate) mod calculation;
pub(crate) mod programs;
