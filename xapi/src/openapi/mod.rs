//! The OpenAPI document of what this version serves, printed from the tables.
//!
//! Paths, parameters, enums, patterns, scopes and limits come from the rows that the
//! router and the parser read. The objects of replies are in `schemas.json`; a test
//! compares both with X's own document and knows every deliberate difference.
