//! The rows of the table by status. If a status is in two ranges, the first one counts.

use std::ops::RangeInclusive;

use super::Verdict;
use crate::ErrorKind::{
    AccessDenied, Auth, Conflict, Decode, NotFound, Partial, Service, Throttled, Validation,
};

const fn row(kind: crate::ErrorKind, may_have_landed: bool, is_transient: bool) -> Verdict {
    Verdict::new(kind, may_have_landed, is_transient)
}

/// Names for the values in the columns.
const LANDED: bool = true;
const NOT_LANDED: bool = false;
const PASSES: bool = true;
const STAYS: bool = false;

#[rustfmt::skip]
const ROWS: [(RangeInclusive<u16>, Verdict); 17] = [
    (100..=199,      row(Service,      LANDED,     STAYS)),
    (200..=299,      row(Decode,       LANDED,     STAYS)),
    (300..=399,      row(Service,      LANDED,     STAYS)),
    (401..=401,      row(Auth,         NOT_LANDED, STAYS)),
    (403..=403,      row(AccessDenied, NOT_LANDED, STAYS)),
    (404..=405,      row(NotFound,     NOT_LANDED, STAYS)),
    (408..=408,      row(Service,      LANDED,     PASSES)),
    (409..=409,      row(Conflict,     NOT_LANDED, STAYS)),
    (429..=429,      row(Throttled,    LANDED,     PASSES)),
    // nginx closed the connection (444) or lost its client (499): the application behind it may have continued.
    (444..=444,      row(Validation,   LANDED,     STAYS)),
    (499..=499,      row(Validation,   LANDED,     STAYS)),
    (460..=460,      row(Partial,      LANDED,     STAYS)),
    (400..=499,      row(Validation,   NOT_LANDED, STAYS)),
    (501..=501,      row(Service,      LANDED,     STAYS)),
    (505..=505,      row(Service,      LANDED,     STAYS)),
    (503..=503,      row(Throttled,    LANDED,     PASSES)),
    (500..=599,      row(Service,      LANDED,     PASSES)),
];

/// The row for 600 and above, which are not HTTP statuses.
const BEYOND: Verdict = row(Service, LANDED, STAYS);

/// Returns the row of a status.
pub(super) fn row_of(status: u16) -> Verdict {
    let found = ROWS.iter().find(|(range, _)| range.contains(&status));
    found.map_or(BEYOND, |(_, verdict)| *verdict)
}
