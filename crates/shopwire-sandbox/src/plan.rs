//! The plan of a seed: how much generated data a sandbox gets.

use serde_json::{Map, Value, json};

use crate::invalid::Invalid;

/// The most rows of one kind in a plan.
const MAX_ROWS: u64 = 100_000;

/// A seed with the numbers of rows to generate. The same plan gives the same rows with the same ids and times.
///
/// ```
/// use serde_json::json;
/// use shopwire_sandbox::SeedPlan;
///
/// let plan = SeedPlan::from_json(&json!({"seed": 7, "retailcrm": {"orders": 10}, "uvygoda": {"cards": 3}}));
/// assert_eq!(plan, Ok(SeedPlan::new(7).orders(10).cards(3)));
/// let wrong = SeedPlan::from_json(&json!({"seed": 7, "retailcrm": {"order": 10}})).unwrap_err();
/// assert_eq!(wrong.field(), "retailcrm.order");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeedPlan {
    pub(crate) seed: u64,
    pub(crate) retailcrm: RetailCrmPlan,
    pub(crate) nicechat: NiceChatPlan,
    pub(crate) uvygoda: UvygodaPlan,
}

/// The rows of RetailCRM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RetailCrmPlan {
    pub(crate) orders: usize,
    pub(crate) customers: usize,
    pub(crate) products: usize,
}

/// The rows of NiceChat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NiceChatPlan {
    pub(crate) products: usize,
    pub(crate) orders: usize,
}

/// The rows of Uvygoda.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct UvygodaPlan {
    pub(crate) cards: usize,
}

impl SeedPlan {
    /// The kinds of rows that can be generated, each with its service.
    pub const KINDS: [(&'static str, &'static str); 6] = [
        ("retailcrm", "orders"),
        ("retailcrm", "customers"),
        ("retailcrm", "products"),
        ("nicechat", "products"),
        ("nicechat", "orders"),
        ("uvygoda", "cards"),
    ];

    /// A seed without generated rows.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Reads a plan as the admin API takes it: `{"seed":7,"retailcrm":{"orders":1000,"customers":200,"products":50},
    /// "nicechat":{"products":20,"orders":30},"uvygoda":{"cards":10}}`. All members are optional.
    ///
    /// # Errors
    /// A member is unknown, is no whole number, or is greater than 100,000; the error names it.
    pub fn from_json(plan: &Value) -> Result<Self, Invalid> {
        let mut read = Self::default();
        let members = plan.as_object();
        let members = members.ok_or_else(|| Invalid::new("", "a plan is a JSON object"))?;
        for (name, value) in members {
            match name.as_str() {
                "seed" => {
                    read.seed = value
                        .as_u64()
                        .ok_or_else(|| Invalid::new("seed", "must be a whole number"))?;
                }
                "retailcrm" | "nicechat" | "uvygoda" => read.read_service(name, value)?,
                _ => return Err(Invalid::new(name, "is unknown")),
            }
        }
        Ok(read)
    }

    fn read_service(&mut self, service: &str, rows: &Value) -> Result<(), Invalid> {
        let rows = rows.as_object();
        let rows = rows.ok_or_else(|| Invalid::new(service, "must be an object"))?;
        for (name, value) in rows {
            self.set(service, name, value.as_u64())?;
        }
        Ok(())
    }

    fn set(&mut self, service: &str, kind: &str, count: Option<u64>) -> Result<(), Invalid> {
        let path = format!("{service}.{kind}");
        let Some(place) = self.place(service, kind) else {
            return Err(Invalid::new(path, "is unknown"));
        };
        let count = count.filter(|count| *count <= MAX_ROWS);
        let count = count.and_then(|count| usize::try_from(count).ok());
        let message = "must be a whole number up to 100000";
        *place = count.ok_or_else(|| Invalid::new(path, message))?;
        Ok(())
    }

    fn place(&mut self, service: &str, name: &str) -> Option<&mut usize> {
        Some(match (service, name) {
            ("retailcrm", "orders") => &mut self.retailcrm.orders,
            ("retailcrm", "customers") => &mut self.retailcrm.customers,
            ("retailcrm", "products") => &mut self.retailcrm.products,
            ("nicechat", "products") => &mut self.nicechat.products,
            ("nicechat", "orders") => &mut self.nicechat.orders,
            ("uvygoda", "cards") => &mut self.uvygoda.cards,
            _ => return None,
        })
    }

    /// Sets the number of rows of one of the [kinds](Self::KINDS).
    ///
    /// # Errors
    /// The kind is unknown, or the number is greater than 100,000; the error names both as `retailcrm.orders`.
    pub fn rows(mut self, service: &str, kind: &str, count: u64) -> Result<Self, Invalid> {
        self.set(service, kind, Some(count))?;
        Ok(self)
    }

    /// Sets the number of RetailCRM's orders.
    #[must_use]
    pub fn orders(mut self, count: usize) -> Self {
        self.retailcrm.orders = count;
        self
    }

    /// Sets the number of RetailCRM's customers. Orders need some: without a number there is one for three orders.
    #[must_use]
    pub fn customers(mut self, count: usize) -> Self {
        self.retailcrm.customers = count;
        self
    }

    /// Sets the number of RetailCRM's products beside the few that every account has.
    #[must_use]
    pub fn products(mut self, count: usize) -> Self {
        self.retailcrm.products = count;
        self
    }

    /// Sets the number of NiceChat's products.
    #[must_use]
    pub fn nicechat_products(mut self, count: usize) -> Self {
        self.nicechat.products = count;
        self
    }

    /// Sets the number of NiceChat's orders, in place of those of the options.
    #[must_use]
    pub fn nicechat_orders(mut self, count: usize) -> Self {
        self.nicechat.orders = count;
        self
    }

    /// Sets the number of Uvygoda's cards.
    #[must_use]
    pub fn cards(mut self, count: usize) -> Self {
        self.uvygoda.cards = count;
        self
    }
}

/// Returns counts by service and entity as one JSON object.
pub(crate) fn counts(services: [(&str, Vec<(String, usize)>); 3]) -> Value {
    let services = services.into_iter().map(|(service, counts)| {
        let counts: Map<String, Value> = counts
            .into_iter()
            .map(|(name, count)| (name, json!(count)))
            .collect();
        (service.to_owned(), Value::Object(counts))
    });
    Value::Object(services.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_a_wrong_plan_names_its_field() {
        for (plan, field) in [
            (json!([]), ""),
            (json!({"seed": -1}), "seed"),
            (json!({"seeds": 1}), "seeds"),
            (json!({"retailcrm": 5}), "retailcrm"),
            (json!({"nicechat": {"cards": 5}}), "nicechat.cards"),
            (json!({"uvygoda": {"cards": 1.5}}), "uvygoda.cards"),
            (json!({"uvygoda": {"cards": 1_000_001}}), "uvygoda.cards"),
        ] {
            let refused = SeedPlan::from_json(&plan).expect_err("refused");
            assert_eq!(refused.field(), field, "{plan}");
        }
        let whole = json!({"seed": u64::MAX, "retailcrm": {"orders": 1, "customers": 2, "products": 3},
            "nicechat": {"products": 4, "orders": 5}, "uvygoda": {"cards": 6}});
        let expected = SeedPlan::new(u64::MAX).orders(1).customers(2).products(3);
        let expected = expected.nicechat_products(4).nicechat_orders(5).cards(6);
        assert_eq!(SeedPlan::from_json(&whole), Ok(expected));
        for (service, kind) in SeedPlan::KINDS {
            assert!(whole[service][kind].is_u64());
            assert!(SeedPlan::from_json(&json!({service: {kind: 1}})).is_ok());
        }
    }
}
