//! What a test says about a row and no method writes. Some of it answers show, the rest only filters see.

use std::collections::BTreeMap;

use crate::retailcrm::value::Object;

/// A kind of row of the emulated RetailCRM that a test may add facts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CrmRow {
    /// An order. Beside its own fields: `receipts` (a list of objects with `status`, `operation` and
    /// `fiscalDocumentAttribute`), `receiptOrderStatus`, `uploadedToExtStoreSys`.
    Order,
    /// A customer, a person. Beside its own fields: `commentary`.
    Customer,
    /// A corporate customer.
    CorporateCustomer,
    /// A task. Beside its own fields: `tags` (a list of objects with `name` and `attached`).
    Task,
    /// A product. Beside its own fields: `classSegment`.
    Product,
    /// A cost.
    Cost,
    /// A user.
    User,
    /// A group of users.
    UserGroup,
    /// A segment of customers.
    Segment,
    /// An account in the loyalty program.
    LoyaltyAccount,
}

impl CrmRow {
    /// The members that no answer shows.
    pub(super) fn hidden(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["receipts", "receiptOrderStatus", "uploadedToExtStoreSys"],
            Self::Customer => &["commentary"],
            Self::Task => &["tags"],
            Self::Product => &["classSegment"],
            _ => &[],
        }
    }
}

/// The hidden members by row.
#[derive(Debug, Default)]
pub(crate) struct Aside(BTreeMap<(CrmRow, i64), Object>);

impl Aside {
    /// What is known about a row beside what it holds.
    pub(super) fn of(&self, row: CrmRow, id: i64) -> Object {
        self.0.get(&(row, id)).cloned().unwrap_or_default()
    }

    /// Notes what is known about a row.
    pub(super) fn note(&mut self, row: CrmRow, id: i64, members: Object) {
        self.0.entry((row, id)).or_default().extend(members);
    }
}
