//! HTTP statuses that a service names in its texts.

/// Texts of an application or of what stands before it, in small letters, and the status they stand for.
const TEXTS: &[(&str, u16)] = &[
    ("rate limit exceeded", 429),
    ("too many requests", 429),
    ("internal server error", 500),
    ("internal error", 500),
    ("server error", 500),
    ("внутренняя ошибка сервера", 500),
    ("bad gateway", 502),
    ("service unavailable", 503),
    ("service temporarily unavailable", 503),
    ("сервис временно недоступен", 503),
    ("gateway timeout", 504),
    ("gateway time-out", 504),
];

/// The status that a text of a failed answer stands for, where it is one of the usual: by its number in front, or by
/// its words alone. An envelope can say that the server failed under a status of success.
///
/// ```
/// use common_api::answer::named_status;
///
/// assert_eq!(named_status("502 Bad Gateway"), Some(502));
/// assert_eq!(named_status("Internal Server Error."), Some(500));
/// assert_eq!(named_status("Order 500 not found"), None);
/// ```
pub fn named_status(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    let text = text
        .strip_prefix("error ")
        .or(text.strip_prefix("http "))
        .unwrap_or(&text);
    let (number, words) = match text.split_once([' ', ':']) {
        Some((number, words)) => (number, words.trim()),
        None => (text, ""),
    };
    let known = |words: &str| TEXTS.iter().find(|(text, _)| *text == words);
    let number: Option<u16> = number
        .parse()
        .ok()
        .filter(|status| matches!(status, 400..=599));
    match number {
        Some(status) if words.is_empty() || known(words).is_some() => Some(status),
        _ => known(text).map(|(_, status)| *status),
    }
}
