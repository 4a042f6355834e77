//! SHA-256 over a sequence of pieces.
//!
//! `sha2` compresses the blocks. This module fills and pads them, because `sha2`'s general buffer costs
//! too much for the short messages of this API.

use sha2::block_api::compress256;

const BLOCK: usize = 64;
/// Bytes of the message's length, at the end of the last block.
const LENGTH: usize = 8;

/// The fractional parts of the square roots of the first eight primes (FIPS 180-4, 5.3.3).
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The hash of the pieces in sequence, without joining them and without an allocation.
pub(crate) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut state = START;
    // Two blocks: the usual message without a body is compressed in one go.
    let mut blocks = [[0; BLOCK]; 2];
    let mut filled = 0;
    let mut length = 0;
    for piece in pieces {
        length += piece.len();
        let buffer = blocks.as_flattened_mut();
        let (head, rest) = piece.split_at(piece.len().min(buffer.len() - filled));
        buffer[filled..filled + head.len()].copy_from_slice(head);
        filled += head.len();
        if !rest.is_empty() {
            compress256(&mut state, &blocks);
            let (whole, tail) = rest.as_chunks();
            compress256(&mut state, whole);
            blocks.as_flattened_mut()[..tail.len()].copy_from_slice(tail);
            filled = tail.len();
        }
    }
    let count = (filled + LENGTH) / BLOCK + 1;
    let bits = (length as u64).wrapping_mul(8);
    if count > blocks.len() {
        pad(&mut state, blocks, filled, bits);
    } else {
        let buffer = blocks[..count].as_flattened_mut();
        buffer[filled] = 0x80;
        let end = buffer.len() - LENGTH;
        buffer[filled + 1..end].fill(0);
        buffer[end..].copy_from_slice(&bits.to_be_bytes());
        compress256(&mut state, &blocks[..count]);
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

/// Pads a message that leaves no room for its length in both blocks, so that a third is needed.
#[cold]
fn pad(state: &mut [u32; 8], mut blocks: [[u8; BLOCK]; 2], filled: usize, bits: u64) {
    let mut last = [0; BLOCK];
    if filled < 2 * BLOCK {
        let buffer = blocks.as_flattened_mut();
        buffer[filled] = 0x80;
        buffer[filled + 1..].fill(0);
    } else {
        last[0] = 0x80;
    }
    last[BLOCK - LENGTH..].copy_from_slice(&bits.to_be_bytes());
    compress256(state, &blocks);
    compress256(state, &[last]);
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn n13_pieces_of_any_length_hash_as_their_whole() {
        let text: Vec<u8> = (0..700_usize).map(|at| (at * 31 % 251) as u8).collect();
        for length in 0..text.len() {
            let expected: [u8; 32] = Sha256::digest(&text[..length]).into();
            for cut in [0, length / 3, length / 2, length.saturating_sub(5), length] {
                let (a, b) = text[..length].split_at(cut);
                let (c, d) = b.split_at(b.len() / 2);
                assert_eq!(sha256(&[a, c, d]), expected, "{length} cut at {cut}");
            }
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(sha256(&bytes), <[u8; 32]>::from(Sha256::digest(&text)));
        assert_eq!(sha256(&[]), <[u8; 32]>::from(Sha256::digest([])));
    }
}
