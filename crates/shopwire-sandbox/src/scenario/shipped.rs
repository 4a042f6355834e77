//! The scenarios that are part of this crate.

use super::definition::Scenario;
use crate::invalid::{self, Invalid};

/// The files. Tests check that each can be read.
const FILES: [&str; 3] = [
    include_str!("shipped/a-bad-day.json"),
    include_str!("shipped/a-moved-account.json"),
    include_str!("shipped/a-slow-night.json"),
];

impl Scenario {
    /// Returns the scenarios that are part of this crate: "a bad day", "a moved account" and "a slow night".
    ///
    /// ```
    /// use shopwire_sandbox::Scenario;
    ///
    /// let names: Vec<String> = Scenario::shipped().iter().map(|one| one.name().to_owned()).collect();
    /// assert_eq!(names, ["a bad day", "a moved account", "a slow night"]);
    /// ```
    pub fn shipped() -> Vec<Self> {
        FILES.iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// Returns the scenario of this name that is part of this crate.
    ///
    /// # Errors
    /// There is no scenario of this name; the error suggests the nearest.
    pub fn named(name: &str) -> Result<Self, Invalid> {
        named(name)
    }
}

pub(super) fn named(name: &str) -> Result<Scenario, Invalid> {
    let mut all = Scenario::shipped();
    match all.iter().position(|one| one.name() == name) {
        Some(place) => Ok(all.swap_remove(place)),
        None => Err(invalid::unknown(
            "name",
            name,
            all.iter().map(Scenario::name),
        )),
    }
}
