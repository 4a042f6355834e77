//! HTTP statuses that a service's messages name.

/// Messages of an application or of a proxy before it, in lower case, and the status that each stands for.
const TEXTS: &[(&str, u16)] = &[
    ("rate limit exceeded", 429),
    ("too many requests", 429),
    ("bad gateway", 502),
    ("service unavailable", 503),
    ("service temporarily unavailable", 503),
    ("gateway timeout", 504),
    ("gateway time-out", 504),
];

/// Parts of messages that report a broken server, in lower case. They count in longer messages too: after a failure
/// inside of the service, the outcome of a call is unknown.
const BROKE_DOWN: &[(&str, u16)] = &[
    ("internal server error", 500),
    ("internal error", 500),
    ("server error", 500),
    ("внутренняя ошибка", 500),
    ("внутренней ошибк", 500),
    ("ошибка сервера", 500),
    ("ошибка на сервере", 500),
    ("unexpected error", 500),
    ("непредвиденная ошибка", 500),
    ("неизвестная ошибка", 500),
    ("temporarily unavailable", 503),
    ("временно недоступ", 503),
];

/// Returns the status that the message of a failed answer names: by its number at the beginning, or by one of the
/// usual phrases alone. Phrases about a broken server count in longer messages too. An envelope can report a failure
/// of the server under a success status.
///
/// ```
/// use common_api::answer::named_status;
///
/// assert_eq!(named_status("502 Bad Gateway"), Some(502));
/// assert_eq!(named_status("Internal Server Error."), Some(500));
/// assert_eq!(named_status("Произошла внутренняя ошибка, код 17"), Some(500));
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
    let is_known =
        |words: &str| known(words).is_some() || BROKE_DOWN.iter().any(|(part, _)| *part == words);
    let number: Option<u16> = number
        .parse()
        .ok()
        .filter(|status| matches!(status, 400..=599));
    match number {
        Some(status) if words.is_empty() || is_known(words) => Some(status),
        _ => {
            let broke_down = BROKE_DOWN.iter().find(|(part, _)| text.contains(part));
            known(text).or(broke_down).map(|(_, status)| *status)
        }
    }
}
