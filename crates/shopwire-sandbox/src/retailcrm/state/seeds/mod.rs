//! The data of a new account.

mod catalogue;
mod records;
mod references;

pub(crate) use catalogue::catalogue;
pub(crate) use records::records;
pub(crate) use references::references;
