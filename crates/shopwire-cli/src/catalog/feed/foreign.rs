//! Files that are no text.

/// Describes a file that is often taken for text, by its first bytes.
pub(super) fn kind(head: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 5] = [
        (b"PAR1", "a Parquet file"),
        (b"PK\x03\x04", "an Excel workbook or another zip archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"%PDF-", "a PDF"),
        (b"SQLite format 3\0", "an SQLite database"),
    ];
    let found = KINDS.iter().find(|(begin, _)| head.starts_with(begin));
    found.map(|(_, kind)| *kind)
}
