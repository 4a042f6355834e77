//! Feeds, and the objects that an import reads from them.

mod charset;
mod content;
mod google;
mod price;
mod table;
mod xml;
mod yml;

pub(super) use content::Feed;

/// Reads a feed. `format` is one of those in the description, `charset` is named by the answer's content type. The
/// error is about the feed as a whole; errors of single items are in [`Feed::refused`].
pub(super) fn read(format: &str, bytes: &[u8], charset: Option<&str>) -> Result<Feed, String> {
    match format {
        "google-csv" => google::read(&charset::decoded(bytes, None, charset)?),
        "yml" => yml::read(&charset::decoded(bytes, charset::declared(bytes), charset)?),
        other => Err(format!("unknown format {other}")),
    }
}
