//! The file of refused rows as the checkpoint knows it, so that a file that somebody has edited is told from one that a
//! crash left behind.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _},
};

use common_model::to_json;
use sha2::{Digest as _, Sha256};

/// The written part of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: u64,
    /// A digest of these bytes; none for an empty part, and in a checkpoint of an earlier version.
    pub(super) sum: Option<String>,
}

impl Written {
    pub(super) fn new(bytes: u64, digest: Sha256) -> Self {
        let digest = digest.finalize();
        let digest = digest.iter().take(16);
        let sum = digest.map(|byte| format!("{byte:02x}")).collect();
        Self {
            bytes,
            sum: (bytes > 0).then_some(sum),
        }
    }

    /// Members of a line of the checkpoint.
    pub(super) fn members(&self) -> String {
        match &self.sum {
            Some(sum) => format!("{},\"sum\":{}", self.bytes, to_json(sum.as_str())),
            None => self.bytes.to_string(),
        }
    }
}

/// Reads the file as an import left it. `None` if it is another one, and would be harmed by going on.
///
/// Behind the written part there may be rows that were `adding` when the import was stopped. They are written again.
pub(super) fn left_behind(
    file: &mut File,
    written: &Written,
    adding: Option<&Written>,
) -> io::Result<Option<Sha256>> {
    let length = file.metadata()?.len();
    if length < written.bytes {
        return Ok(None);
    }
    file.rewind()?;
    let mut reader = BufReader::new(file);
    let mut digest = Sha256::new();
    add(&mut reader, written.bytes, &mut digest)?;
    let known = Written::new(written.bytes, digest.clone());
    let is_known = written.sum.is_none() || written.sum == known.sum;
    if !is_known || length == written.bytes {
        return Ok(is_known.then_some(digest));
    }
    let Some(adding) = adding.filter(|adding| adding.bytes >= length) else {
        return Ok(None);
    };
    let mut whole = digest.clone();
    add(&mut reader, length - written.bytes, &mut whole)?;
    // A part of these rows was cut short by a crash.
    let is_part = length < adding.bytes;
    Ok((is_part || Written::new(length, whole).sum == adding.sum).then_some(digest))
}

/// Adds so many bytes to a digest.
fn add(reader: &mut BufReader<&mut File>, bytes: u64, digest: &mut Sha256) -> io::Result<()> {
    let mut part = reader.take(bytes);
    let mut buffer = [0; 8 << 10];
    loop {
        match part.read(&mut buffer)? {
            0 => return Ok(()),
            read => digest.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn of(text: &str) -> Written {
        Written::new(text.len() as u64, Sha256::new_with_prefix(text))
    }

    // J5: what a crash leaves is gone on with; what a person changed is not.
    #[test]
    fn j5_a_file_that_was_edited_is_told_from_one_that_was_cut_short() {
        for (content, is_left) in [
            ("one\n", true),
            ("one\ntw", true),
            ("one\ntwo\n", true),
            ("one\nTWO\n", false),
            ("one\ntwo\nthree\n", false),
            ("One\n", false),
            ("One\ntwo\n", false),
            ("on", false),
            ("", false),
        ] {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(content.as_bytes()).expect("written");
            let found = left_behind(&mut file, &of("one\n"), Some(&of("one\ntwo\n")));
            let found = found.expect("read").map(|digest| Written::new(4, digest));
            assert_eq!(found, is_left.then(|| of("one\n")), "{content:?}");
            let mut alone = left_behind(&mut file, &of("one\n"), None).expect("read");
            assert_eq!(alone.take().is_some(), content == "one\n", "{content:?}");
        }
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"mine").expect("written");
        let found = left_behind(&mut file, &Written::default(), None);
        assert!(found.expect("read").is_none());
    }
}
