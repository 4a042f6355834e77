//! Finds texts that occur again among any number of texts, in bounded memory: sorted runs go to a temporary file,
//! and are merged at the end.
//!
//! The texts themselves are compared, not hashes, so nothing is reported by chance. The memory is 1 MiB for the texts
//! at hand, and at the end 4 KiB for each run of about 15,000 texts.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
};

/// Bytes of texts at hand.
const AT_HAND: usize = 640 * 1024;

/// Texts at hand.
const TEXTS: usize = 16 * 1024;

/// Bytes of a run that are read at once.
const PIECE: usize = 4 * 1024;

/// The longest text.
pub(crate) const LONGEST: usize = 1000;

/// Texts with the line of each.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    bytes: Vec<u8>,
    /// Place in `bytes`, length and line.
    texts: Vec<(u32, u32, u64)>,
    runs: Vec<(u64, u64)>,
    file: Option<File>,
}

impl Sorted {
    /// Adds a text of at most [`LONGEST`] bytes; a longer one is cut there.
    pub(crate) fn push(&mut self, text: &str, line: u64) -> io::Result<()> {
        let text = &text.as_bytes()[..text.len().min(LONGEST)];
        if self.bytes.len() + text.len() > AT_HAND || self.texts.len() == TEXTS {
            self.spill()?;
        }
        self.texts
            .push((self.bytes.len() as u32, text.len() as u32, line));
        self.bytes.extend_from_slice(text);
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let key = |(at, length, line): &(u32, u32, u64)| {
            let at = *at as usize;
            (&bytes[at..at + *length as usize], *line)
        };
        self.texts.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let start = file.seek(SeekFrom::End(0))?;
        let mut out = BufWriter::new(&mut *file);
        for (at, length, line) in self.texts.drain(..) {
            let at = at as usize;
            out.write_all(&length.to_le_bytes())?;
            out.write_all(&line.to_le_bytes())?;
            out.write_all(&self.bytes[at..at + length as usize])?;
        }
        out.flush()?;
        drop(out);
        let end = file.stream_position()?;
        self.runs.push((start, end));
        self.bytes.clear();
        Ok(())
    }

    /// Tells each text in order, with its line and the line of the same text before it.
    pub(crate) fn finish(
        mut self,
        mut each: impl FnMut(&str, u64, Option<u64>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut before: Option<(Vec<u8>, u64)> = None;
        let mut tell = |text: &[u8], line: u64| {
            let again = before
                .as_ref()
                .filter(|(known, _)| known == text)
                .map(|(_, line)| *line);
            each(&String::from_utf8_lossy(text), line, again)?;
            before = Some((text.to_vec(), line));
            Ok::<(), io::Error>(())
        };
        if self.runs.is_empty() {
            self.sort();
            for (at, length, line) in &self.texts {
                let at = *at as usize;
                tell(&self.bytes[at..at + *length as usize], *line)?;
            }
            return Ok(());
        }
        self.spill()?;
        self.bytes = Vec::new();
        self.texts = Vec::new();
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        let mut runs: Vec<Run> = self
            .runs
            .iter()
            .map(|(start, end)| Run::new(*start, *end))
            .collect();
        let mut heap = BinaryHeap::new();
        for (at, run) in runs.iter_mut().enumerate() {
            if let Some((text, line)) = run.next(&mut file)? {
                heap.push(Reverse((text, line, at)));
            }
        }
        while let Some(Reverse((text, line, at))) = heap.pop() {
            tell(&text, line)?;
            if let Some((text, line)) = runs[at].next(&mut file)? {
                heap.push(Reverse((text, line, at)));
            }
        }
        Ok(())
    }
}

/// A sorted run in the file, read piece by piece.
struct Run {
    place: u64,
    end: u64,
    piece: Vec<u8>,
    at: usize,
}

impl Run {
    fn new(place: u64, end: u64) -> Self {
        Self {
            place,
            end,
            piece: Vec::new(),
            at: 0,
        }
    }

    fn next(&mut self, file: &mut File) -> io::Result<Option<(Vec<u8>, u64)>> {
        if self.at == self.piece.len() && self.place == self.end {
            return Ok(None);
        }
        let mut head = [0; 12];
        self.take(file, &mut head)?;
        let [a, b, c, d, line @ ..] = head;
        let mut text = vec![0; u32::from_le_bytes([a, b, c, d]) as usize];
        self.take(file, &mut text)?;
        Ok(Some((text, u64::from_le_bytes(line))))
    }

    fn take(&mut self, file: &mut File, mut into: &mut [u8]) -> io::Result<()> {
        while !into.is_empty() {
            if self.at == self.piece.len() {
                let most = (self.end - self.place).min(PIECE as u64) as usize;
                self.piece.resize(most, 0);
                file.seek(SeekFrom::Start(self.place))?;
                file.read_exact(&mut self.piece)?;
                self.place += most as u64;
                self.at = 0;
                if most == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            let amount = into.len().min(self.piece.len() - self.at);
            into[..amount].copy_from_slice(&self.piece[self.at..self.at + amount]);
            self.at += amount;
            into = &mut into[amount..];
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J6, D20
    #[test]
    fn j6_repeated_texts_are_found_across_runs() {
        let mut sorted = Sorted::default();
        let count = 100_000_u64;
        for line in 0..count {
            sorted
                .push(&format!("id-{}", line * 7919 % count), line)
                .expect("room");
        }
        sorted.push("id-5", count).expect("room");
        sorted.push(&"x".repeat(5000), count + 1).expect("room");
        assert!(sorted.runs.len() > 3, "{}", sorted.runs.len());
        assert!(sorted.bytes.capacity() <= 2 * AT_HAND);
        let (mut seen, mut last, mut again) = (0, String::new(), Vec::new());
        sorted
            .finish(|text, line, before| {
                assert!(text >= last.as_str());
                text.clone_into(&mut last);
                seen += 1;
                if let Some(before) = before {
                    again.push((text.to_owned(), before, line));
                }
                Ok(())
            })
            .expect("merged");
        assert_eq!(seen, count + 2);
        let first = (0..count)
            .find(|line| line * 7919 % count == 5)
            .expect("a line");
        assert_eq!(again, [("id-5".to_owned(), first, count)]);
    }

    // J6
    #[test]
    fn j6_a_few_texts_need_no_file() {
        let mut sorted = Sorted::default();
        for (line, text) in ["b", "a", "b", "b"].into_iter().enumerate() {
            sorted.push(text, line as u64).expect("room");
        }
        assert!(sorted.file.is_none());
        let mut again = Vec::new();
        sorted
            .finish(|text, line, before| {
                again.extend(before.map(|before| (text.to_owned(), before, line)));
                Ok(())
            })
            .expect("sorted");
        assert_eq!(again, [("b".to_owned(), 0, 2), ("b".to_owned(), 2, 3)]);
    }
}
