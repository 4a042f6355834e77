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
    /// Where the cells of the columns end, each time that they were put aside. Those of the first column begin where the
    /// last ones of the time before end.
    ends: Vec<Vec<u64>>,
    /// Size of all of them.
    size: u64,
}

impl Spool {
    /// A file in this folder. It is made when it is needed.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            file: None,
            ends: Vec::new(),
            size: 0,
        }
    }

    /// Size of what was put aside.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Puts the cells of all columns aside, and clears them.
    pub(super) fn take(&mut self, columns: &mut [Cells]) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&self.folder)?,
        };
        let mut out = BufWriter::with_capacity(64 << 10, self.file.insert(file));
        let mut ends = Vec::with_capacity(columns.len());
        for cells in columns {
            out.write_all(cells.bytes())?;
            self.size += cells.bytes().len() as u64;
            ends.push(self.size);
            cells.clear();
        }
        self.ends.push(ends);
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
        let (mut cells, mut before) = (Vec::new(), 0);
        for ends in &self.ends {
            let start = match column {
                0 => before,
                _ => ends[column - 1],
            };
            file.seek(SeekFrom::Start(start))?;
            cells.clear();
            file.take(ends[column] - start).read_to_end(&mut cells)?;
            each(&cells)?;
            before = ends.last().copied().unwrap_or_default();
        }
        Ok(())
    }

    /// Forgets all, for the next row group.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.ends.clear();
        self.size = 0;
        match &mut self.file {
            Some(file) => file.rewind().and_then(|()| file.set_len(0)),
            None => Ok(()),
        }
    }
}
