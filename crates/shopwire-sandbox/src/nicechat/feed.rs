//! Feeds: what an import reads out of one.

mod content;
mod google;
mod table;
mod yml;

pub(super) use content::Feed;

/// Reads a feed; `format` is one of those the description lists. The error says what is wrong.
pub(super) fn read(format: &str, text: &str) -> Result<Feed, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        "google-csv" => google::read(text),
        "yml" => yml::read(text),
        other => Err(format!("unknown format {other}")),
    }
}
