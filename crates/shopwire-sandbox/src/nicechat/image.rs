//! Images: a merchant writes a source address and reads an address of the CDN.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::clock::Moment;

const CDN: &str = "https://cdn.nice.chat/media/";

/// Whether the address is one that the service has returned.
pub(super) fn is_cdn(url: &str) -> bool {
    url.starts_with(CDN)
}

/// Returns the CDN address of the image from `source`, which was stored at this time.
pub(super) fn cdn_address(source: &str, now: Moment) -> String {
    let (_, rest) = source.split_once("://").unwrap_or(("", source));
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let extension = match source.rsplit_once('.') {
        Some((_, end @ ("png" | "gif" | "webp" | "jpeg"))) => end,
        _ => "jpg",
    };
    let digest: String = (0..3_u8)
        .map(|part| format!("{:016x}", hash(part, source)))
        .collect();
    format!(
        "{CDN}{}/{host}/{}_{}.{extension}",
        now.month(),
        &digest[..40],
        &digest[40..47]
    )
}

fn hash(part: u8, text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (part, text).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n62_the_address_that_is_read_is_not_the_one_that_was_written() {
        let source = "http://shop.example:8080/img/a.png";
        let now = Moment::from(jiff::Timestamp::UNIX_EPOCH);
        let address = cdn_address(source, now);
        assert!(is_cdn(&address) && !is_cdn(source));
        assert!(
            address.contains("/shop.example/") && address.ends_with(".png"),
            "{address}"
        );
        assert!(address.contains("/1970-1/"), "{address}");
        assert_eq!(address, cdn_address(source, now));
        let other = cdn_address("http://shop.example:8080/img/b.png", now);
        assert_ne!(address, other);
    }
}
