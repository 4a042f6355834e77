//! Feeds: what an import reads out of one.

mod charset;
mod content;
mod google;
mod price;
mod table;
mod xml;
mod yml;

pub(super) use content::Feed;

/// Reads a feed; `format` is one of those the description lists, `charset` is what the answer's
/// content type said. The error says what is wrong with the feed as a whole; what is wrong with one
/// item stands in [`Feed::refused`].
pub(super) fn read(format: &str, bytes: &[u8], charset: Option<&str>) -> Result<Feed, String> {
    match format {
        "google-csv" => google::read(&charset::decoded(bytes, None, charset)?),
        "yml" => yml::read(&charset::decoded(bytes, charset::declared(bytes), charset)?),
        other => Err(format!("unknown format {other}")),
    }
}
