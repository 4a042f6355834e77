//! Recipes to hash the parts.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::variant::{Kind, Variants};

/// The parts that are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Secret,
    Path,
    Body,
    Method,
}

use Part::{Body, Method, Path, Secret};

/// A way to hash secret, path, body and method to 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recipe {
    /// Whether it is an HMAC with the secret as its key.
    is_keyed: bool,
    /// The hashed parts, in their order.
    parts: [Option<Part>; 4],
    /// The separator between the parts.
    join: &'static str,
}

const RIGHT: [Part; 4] = [Secret, Path, Body, Method];

impl Recipe {
    const fn plain(parts: [Part; 4]) -> Self {
        let [first, second, third, last] = parts;
        Self {
            is_keyed: false,
            parts: [Some(first), Some(second), Some(third), Some(last)],
            join: "",
        }
    }

    const fn keyed(parts: [Option<Part>; 4]) -> Self {
        Self {
            is_keyed: true,
            parts,
            join: "",
        }
    }

    pub(super) fn variants() -> Variants<Self> {
        let right = Self::plain(RIGHT);
        let mut recipes = Variants::new(right);
        let hmac = "with HMAC-SHA256 in place of SHA-256 over secret, path, body and method";
        let others = [Some(Path), Some(Body), Some(Method), None];
        recipes.wrong(Kind::Hash, hmac, Self::keyed(others));
        recipes.wrong(Kind::Hash, hmac, Self::keyed(right.parts));
        let alone = "with HMAC-SHA256 over the body alone";
        recipes.wrong(
            Kind::Hash,
            alone,
            Self::keyed([Some(Body), None, None, None]),
        );
        let last = Self::plain([Path, Body, Method, Secret]);
        recipes.wrong(Kind::Hash, "with the secret at the end", last);
        for (name, join) in [
            ("line ends", "\n"),
            ("`&`", "&"),
            ("`:`", ":"),
            ("`|`", "|"),
            ("spaces", " "),
        ] {
            let text = format!("with {name} between secret, path, body and method");
            recipes.wrong(Kind::Hash, text, Self { join, ..right });
        }
        for parts in orders() {
            let order = Self::plain(parts);
            if order != right && order != last {
                let names = parts.map(Part::name).join(", ");
                let text = format!("with the parts in the wrong order: {names}");
                recipes.rare(Kind::Hash, text, order);
            }
        }
        recipes
    }

    /// The texts that are hashed before and after the body.
    pub(super) fn around(self, secret: &[u8], path: &[u8], method: &[u8]) -> [Vec<u8>; 2] {
        let mut around = [Vec::new(), Vec::new()];
        let mut side = 0;
        for (at, part) in self.parts.into_iter().flatten().enumerate() {
            if at > 0 {
                around[side].extend(self.join.bytes());
            }
            match part {
                Secret => around[side].extend(secret),
                Path => around[side].extend(path),
                Method => around[side].extend(method),
                Body => side = 1,
            }
        }
        around
    }

    pub(super) fn state(self, secret: &[u8]) -> State {
        // HMAC accepts a key of any length.
        match Hmac::new_from_slice(secret) {
            Ok(mac) if self.is_keyed => State::Keyed(mac),
            _ => State::Plain(Sha256::new()),
        }
    }
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Secret => "secret",
            Path => "path",
            Body => "body",
            Method => "method",
        }
    }
}

/// All orders of the four parts.
fn orders() -> Vec<[Part; 4]> {
    let mut orders = Vec::new();
    for first in RIGHT {
        for second in RIGHT {
            for third in RIGHT {
                for last in RIGHT {
                    let order = [first, second, third, last];
                    if RIGHT.iter().all(|part| order.contains(part)) {
                        orders.push(order);
                    }
                }
            }
        }
    }
    orders
}

/// A hash in progress. Clones share the part hashed so far.
#[derive(Clone)]
pub(super) enum State {
    Plain(Sha256),
    Keyed(Hmac<Sha256>),
}

impl State {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Plain(hasher) => hasher.update(bytes),
            Self::Keyed(mac) => mac.update(bytes),
        }
    }

    pub(super) fn digest(self) -> [u8; 32] {
        match self {
            Self::Plain(hasher) => hasher.finalize().into(),
            Self::Keyed(mac) => mac.finalize().into_bytes().into(),
        }
    }
}
