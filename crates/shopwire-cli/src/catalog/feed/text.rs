//! The text of a feed as UTF-8, whatever its encoding: streamed, with lines counted, and with a bound on what a
//! reader may gather before it has read an item.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::bufread::MultiGzDecoder;

use super::foreign;

/// Bytes of an element, a text or a row that a reader gathers at most.
pub(crate) const MOST: usize = 1 << 20;

/// Bytes that are decoded at once.
const CHUNK: usize = 32 * 1024;

/// Bytes at the beginning that are searched for a declaration of the encoding.
const HEAD: usize = 512;

/// Describes what was found while decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noise {
    /// Bytes that the encoding does not have.
    Malformed,
    /// A character that XML does not have.
    Control,
}

impl Noise {
    /// The finding in words.
    pub(crate) fn told(self, encoding: &'static Encoding) -> String {
        match self {
            Self::Malformed => format!(
                "bytes that {} does not have; name the encoding with --encoding",
                encoding.name()
            ),
            Self::Control => "a control character".to_owned(),
        }
    }
}

/// The number of findings that are kept until they are taken.
const NOISES: usize = 1000;

type Raw<'r> = Chain<Cursor<Vec<u8>>, Box<dyn BufRead + 'r>>;

/// A reader of text: UTF-8, with LF as the only line end.
pub(crate) struct Text<'r> {
    raw: Raw<'r>,
    decoder: Decoder,
    encoding: &'static Encoding,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether the last decoded character was CR, which was handed on as LF.
    after_cr: bool,
    is_done: bool,
    line: u64,
    /// Lines up to the end of the buffer.
    decoded_line: u64,
    gathered: usize,
    is_too_long: bool,
    noises: Vec<(u64, Noise)>,
    /// The last of them, also after it was taken.
    last_noise: Option<(u64, Noise)>,
}

/// Decompresses gzip, which is told by its first bytes.
pub(crate) fn unpacked<'r>(read: impl Read + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    let mut read = BufReader::with_capacity(CHUNK, read);
    let is_gzip = read.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(match is_gzip {
        true => Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(read))),
        false => Box::new(read),
    })
}

impl<'r> Text<'r> {
    /// Begins to read. The encoding is told by a byte order mark, then by the caller, then by the XML declaration;
    /// otherwise it is UTF-8.
    ///
    /// # Errors
    /// The bytes cannot be read, or the encoding is unknown (`InvalidInput`).
    pub(crate) fn new(read: impl Read + 'r, said: Option<&'static Encoding>) -> io::Result<Self> {
        let mut rest = unpacked(read)?;
        let mut head = Vec::new();
        (&mut rest).take(HEAD as u64).read_to_end(&mut head)?;
        if let Some(what) = foreign::kind(&head) {
            let what = format!("it is {what}, not text: save or export it as text first");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let (encoding, mark) = match Encoding::for_bom(&head) {
            Some(found) => found,
            None => (without_mark(&head, said)?, 0),
        };
        head.drain(..mark);
        Ok(Self {
            raw: Cursor::new(head).chain(rest),
            decoder: encoding.new_decoder_without_bom_handling(),
            encoding,
            buffer: vec![0; CHUNK + 16],
            start: 0,
            end: 0,
            after_cr: false,
            is_done: false,
            line: 1,
            decoded_line: 1,
            gathered: 0,
            is_too_long: false,
            noises: Vec::new(),
            last_noise: None,
        })
    }

    /// The encoding of the feed.
    pub(crate) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// The line of the next character, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Begins an item: the bound counts from here.
    pub(crate) fn begin(&mut self) {
        self.gathered = 0;
    }

    /// Whether the bound was reached.
    pub(crate) fn is_too_long(&self) -> bool {
        self.is_too_long
    }

    /// Takes what was found while decoding, each with its line.
    pub(crate) fn take_noises(&mut self) -> Vec<(u64, Noise)> {
        std::mem::take(&mut self.noises)
    }

    /// Whether something was found while decoding.
    pub(crate) fn has_noises(&self) -> bool {
        !self.noises.is_empty()
    }

    /// Notes what was found, once for each line.
    fn note(&mut self, line: u64, noise: Noise) {
        let is_new = self.last_noise.replace((line, noise)) != Some((line, noise));
        if is_new && self.noises.len() < NOISES {
            self.noises.push((line, noise));
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.start = 0;
        self.end = 0;
        while self.end == 0 && !self.is_done {
            let input = self.raw.fill_buf()?;
            let is_last = input.is_empty();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                input,
                &mut self.buffer[..CHUNK],
                is_last,
            );
            self.raw.consume(read);
            self.end = written;
            match result {
                DecoderResult::InputEmpty => self.is_done = is_last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.buffer[self.end..self.end + 3].copy_from_slice("\u{fffd}".as_bytes());
                    self.end += 3;
                    let line = self.decoded_line + self.lines_in(0, self.end);
                    self.note(line, Noise::Malformed);
                }
            }
        }
        self.unify_line_ends();
        self.find_controls();
        self.decoded_line += self.lines_in(0, self.end);
        Ok(())
    }

    fn lines_in(&self, start: usize, end: usize) -> u64 {
        memchr::memchr_iter(b'\n', &self.buffer[start..end]).count() as u64
    }

    /// Makes LF of CR LF and of CR, as XML does.
    fn unify_line_ends(&mut self) {
        let bytes = &mut self.buffer[..self.end];
        if !self.after_cr && memchr::memchr(b'\r', bytes).is_none() {
            return;
        }
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            let is_second = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            if !is_second {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        self.end = kept;
    }

    /// Finds characters that XML does not have: controls, U+FFFE and U+FFFF.
    fn find_controls(&mut self) {
        let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n');
        let bytes = &self.buffer[..self.end];
        let has_none =
            !bytes.iter().any(is_control) && memchr::memmem::find(bytes, b"\xef\xbf").is_none();
        if has_none {
            return;
        }
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut line = self.decoded_line;
        for letter in text.chars() {
            if !is_allowed(letter) {
                self.note(line, Noise::Control);
            }
            line += u64::from(letter == '\n');
        }
    }
}

/// Whether XML 1.0 has the character.
pub(crate) fn is_allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r')
        || (letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

impl BufRead for Text<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.gathered > MOST {
            self.is_too_long = true;
            return Err(io::Error::other("too long"));
        }
        while self.start == self.end && !(self.is_done && self.end == 0) {
            self.refill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.line += self.lines_in(self.start, self.start + amount);
        self.start += amount;
        self.gathered += amount;
    }
}

impl Read for Text<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(into.len());
        into[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

fn without_mark(head: &[u8], said: Option<&'static Encoding>) -> io::Result<&'static Encoding> {
    // XML begins with `<`: two bytes of it tell UTF-16 without a mark.
    match head {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    if let Some(encoding) = said {
        return Ok(encoding);
    }
    match declared(head) {
        None => Ok(UTF_8),
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let what = format!("the encoding `{}` is unknown", super::number::short(label));
            io::Error::new(io::ErrorKind::InvalidInput, what)
        }),
    }
}

/// The encoding in `<?xml version="1.0" encoding="windows-1251"?>`.
fn declared(head: &[u8]) -> Option<&str> {
    let head = head.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(head, b"?>")?;
    let head = std::str::from_utf8(&head[..end]).ok()?;
    let rest = head
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = rest.chars().next().filter(|&c| c == '"' || c == '\'')?;
    Some(rest[1..].split_once(quote)?.0.trim())
}
