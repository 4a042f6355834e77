//! Looking into the sources of an error.

use std::{error::Error, io};

/// Finds the error of this type in a chain of sources, also inside of an `io::Error`, whose own `source` skips it.
pub(super) fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let boxed = error.downcast_ref().and_then(io::Error::get_ref);
        next = match boxed {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[test]
    fn an_error_is_found_inside_of_nested_io_errors() {
        let inner = io::Error::other(fmt::Error);
        let outer = io::Error::other(io::Error::other(inner));
        assert!(find::<fmt::Error>(&outer).is_some());
        assert!(find::<std::num::ParseIntError>(&outer).is_none());
    }
}
