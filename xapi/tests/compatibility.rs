//! COMPATIBILITY.md is a print of the tables.

/// Set, it has the page written instead of compared.
const WRITE: &str = "WRITE_COMPATIBILITY";

#[test]
fn the_page_says_what_the_tables_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../COMPATIBILITY.md");
    let printed = xapi::compatibility::markdown();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, &printed).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == printed, "COMPATIBILITY.md is not current; run: cargo xtask compat");
}
