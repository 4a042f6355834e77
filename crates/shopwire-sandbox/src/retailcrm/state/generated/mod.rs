//! Generated data: customers, products and orders that are plausible, and the same for the same seed.
//!
//! The rows are written as the methods would write them, and with the same sums. They are not made by calls of the
//! methods, which would look through all rows for each new one.

mod customers;
mod goods;
mod orders;

use jiff::SignedDuration;

use super::account::Account;
use crate::plan::RetailCrmPlan;
use crate::random::Random;
use crate::retailcrm::value;

/// The time before the start of the clock in which generated data was made.
const PERIOD: SignedDuration = SignedDuration::from_hours(24 * 180);

/// Orders of one customer on average, where the plan does not say how many customers there are.
const ORDERS_OF_ONE: usize = 3;

impl Account {
    /// Adds the rows of a plan.
    pub(crate) fn fill(&mut self, plan: &RetailCrmPlan, seed: u64) {
        let mut random = Random::new(seed, "retailcrm rows");
        let people = match plan.customers {
            0 => plan.orders.div_ceil(ORDERS_OF_ONE),
            people => people,
        };
        goods::add(self, &mut random, plan.products);
        customers::add(self, &mut random, people);
        orders::add(self, &mut random, plan.orders);
        self.sort_into_segments();
    }

    /// The time of a row: the rows of a table are spread over the period, in their order.
    fn made_at(&self, index: usize, count: usize) -> String {
        let start = self.clock.timestamp();
        let (index, count) = (i64::try_from(index), i64::try_from(count));
        let (index, count) = (index.unwrap_or(i64::MAX), count.unwrap_or(i64::MAX).max(1));
        let passed = i128::from(PERIOD.as_secs()) * i128::from(index) / i128::from(count);
        let left = PERIOD.as_secs() - i64::try_from(passed).unwrap_or_default();
        value::at(
            start
                .checked_sub(SignedDuration::from_secs(left))
                .unwrap_or(start),
        )
    }
}
