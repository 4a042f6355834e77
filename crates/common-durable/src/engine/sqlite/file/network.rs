//! File systems whose locks or syncs cannot be relied on.

use std::path::Path;

use crate::Error;

/// Names by the magic numbers of `statfs`.
#[cfg(target_os = "linux")]
const REFUSED: [(u32, &str); 10] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xfe53_4d42, "SMB2"),
    (0xff53_4d42, "CIFS"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x4750_4653, "GPFS"),
    (0x6573_5546, "FUSE"),
];

/// Refuses a network or FUSE file system.
#[cfg(target_os = "linux")]
pub(super) fn check(path: &Path, folder: &Path) -> Result<(), Error> {
    match rustix::fs::statfs(folder) {
        Ok(found) => judge(path, found.f_type as u32),
        // A file system that cannot be asked is not refused for it.
        Err(_) => Ok(()),
    }
}

#[cfg(target_os = "linux")]
fn judge(path: &Path, kind: u32) -> Result<(), Error> {
    match REFUSED.iter().find(|(number, _)| *number == kind) {
        Some((_, name)) => Err(Error::new(
            crate::ErrorKind::Unsafe,
            format!(
                "{}: it is on a file system of kind {name}, where locks and syncs cannot be relied on",
                path.display()
            ),
        )),
        None => Ok(()),
    }
}

/// Other systems are not asked.
#[cfg(not(target_os = "linux"))]
pub(super) fn check(_: &Path, _: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn d19_a_network_file_system_is_refused_by_name() {
        let error = judge(Path::new("/mnt/inbox.db"), 0x6969).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsafe);
        assert_eq!(
            error.to_string(),
            "unsafe store: /mnt/inbox.db: it is on a file system of kind NFS, where locks and syncs cannot be relied on"
        );
        assert!(judge(Path::new("/mnt/inbox.db"), 0xef53).is_ok());
    }
}
