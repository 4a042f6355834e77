//! Cells put aside in a temporary file until their row group is written.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use super::cells::Cells;

/// A temporary file without a name: it goes with the process, however that ends.
pub(super) struct Spool {
    folder: PathBuf,
    /// `None` before anything was put aside.
    file: Option<File>,
    /// Of each column: where its cells stand, and how many bytes they have.
    parts: Vec<Vec<(u64, usize)>>,
    /// Size of all of them.
    end: u64,
}

impl Spool {
    /// A file for so many columns in this folder. It is made when it is needed.
    pub(super) fn new(folder: PathBuf, columns: usize) -> Self {
        Self {
            folder,
            file: None,
            parts: vec![Vec::new(); columns],
            end: 0,
        }
    }

    /// Size of what was put aside.
    pub(super) fn size(&self) -> u64 {
        self.end
    }

    /// Puts the cells of all columns aside, and clears them.
    pub(super) fn take(&mut self, columns: &mut [Cells]) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&self.folder)?,
        };
        let mut out = BufWriter::with_capacity(64 << 10, self.file.insert(file));
        for (cells, parts) in columns.iter_mut().zip(&mut self.parts) {
            let bytes = cells.bytes();
            out.write_all(bytes)?;
            parts.push((self.end, bytes.len()));
            self.end += bytes.len() as u64;
            cells.clear();
        }
        out.flush()
    }

    /// Calls `each` with what was put aside of a column, in the order of the rows.
    pub(super) fn read<E: From<io::Error>>(
        &self,
        column: usize,
        each: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(mut file) = self.file.as_ref() else {
            return Ok(());
        };
        let mut cells = Vec::new();
        for (start, length) in self.parts.get(column).into_iter().flatten() {
            cells.resize(*length, 0);
            file.seek(SeekFrom::Start(*start))?;
            file.read_exact(&mut cells)?;
            each(&cells)?;
        }
        Ok(())
    }

    /// Forgets all, for the next row group.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.parts.iter_mut().for_each(Vec::clear);
        self.end = 0;
        match &mut self.file {
            Some(file) => file.rewind().and_then(|()| file.set_len(0)),
            None => Ok(()),
        }
    }
}
