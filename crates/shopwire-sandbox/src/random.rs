//! Seeded keys, tokens and uuids: the same seed gives the same ones, in the same order, in every run.

use std::hash::{BuildHasher, RandomState};

use serde::{Deserialize, Serialize, Serializer};

/// A generator of numbers (SplitMix64). It is not cryptographically secure: the keys and tokens are used on loopback
/// only, and end with the sandbox. Written out here, because a library may change its sequence in an update, and
/// then a seed would give other ids.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Random {
    state: u64,
}

/// Returns a seed that differs between calls and between starts.
pub(crate) fn new_seed() -> u64 {
    RandomState::new().hash_one(0_u8)
}

impl Random {
    /// Builds the generator of one purpose: `what` keeps it apart from others of the same seed.
    pub(crate) fn new(seed: u64, what: &str) -> Self {
        let mut random = Self { state: seed };
        for byte in what.bytes() {
            random.state = random.bits() ^ u64::from(byte);
        }
        random
    }

    /// Returns the next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`, which is not zero. The slight bias of the rest does not matter here.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    /// Returns one of the values, which are not none.
    pub(crate) fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    /// Returns a random text of letters and digits.
    pub(crate) fn token(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        (0..length)
            .map(|_| char::from(ALPHABET[(self.bits() % 32) as usize]))
            .collect()
    }

    /// Returns a random UUID (version 4).
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.bits(), self.bits());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff,
        )
    }
}

/// A text: not every reader of JSON has numbers of 64 bits.
impl Serialize for Random {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:016x}", self.state))
    }
}

impl TryFrom<String> for Random {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let state = u64::from_str_radix(&text, 16);
        let state = state.map_err(|_| "must be 16 hexadecimal digits".to_owned())?;
        Ok(Self { state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n75_a_token_is_a_uuid() {
        let mut random = Random::new(new_seed(), "test");
        let one = random.uuid();
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&one[14..15], "4");
        assert!("89ab".contains(&one[19..20]));
        assert_ne!(one, random.uuid());
        assert_eq!(random.token(20).len(), 20);
    }

    // The first numbers of the reference implementation for the seed 0.
    #[test]
    fn s3_the_generator_is_split_mix_64() {
        let mut random = Random { state: 0 };
        let first = [random.bits(), random.bits(), random.bits()];
        let expected = [
            0xe220_a839_7b1d_cdaf,
            0x6e78_9e6a_a1b9_65f4,
            0x06c4_5d18_8009_454f,
        ];
        assert_eq!(first, expected);
    }

    #[test]
    fn s3_a_seed_gives_the_same_ids_in_every_run() {
        // Written out: another sequence would change the ids of everyone's tests.
        let mut random = Random::new(7, "nicechat");
        let expected = ["SGNYLRE7"];
        let ids = [random.token(8)];
        assert_eq!(ids, expected);
        assert_ne!(Random::new(7, "retailcrm").token(8), ids[0]);
        assert_ne!(Random::new(8, "nicechat").token(8), ids[0]);
        let saved = serde_json::to_string(&random).expect("JSON");
        let mut later: Random = serde_json::from_str(&saved).expect("a generator");
        assert_eq!(later.uuid(), random.uuid());
        assert_ne!(new_seed(), new_seed());
    }
}
