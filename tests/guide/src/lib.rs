//! The examples of the guide, compiled and run with the dependencies that the guide names.
#![cfg_attr(doctest, doc = include_str!("../../../docs/guide.md"))]
