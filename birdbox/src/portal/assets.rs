//! The files that pages load: the style, and the scripts that make pages nicer for browsers that
//! run them. Whoever has one under its name never needs to ask again, as the name holds its hash.

use std::sync::LazyLock;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};
use xapi::Form as Kind;

use super::cx::Cx;
use super::page;
use super::refusal::Refused;
use crate::http::Response;

/// One file.
#[derive(Debug)]
pub(super) struct Asset {
    stem: &'static str,
    extension: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// How pages look.
pub(super) const STYLE: &str = "portal";
/// htmx, as it is published (birdbox/assets/htmx).
pub(super) const HTMX: &str = "htmx";

#[rustfmt::skip]
static ASSETS: &[Asset] = &[
    Asset { stem: STYLE, extension: "css", content_type: CSS, text: include_str!("../../templates/portal/portal.css") },
    Asset { stem: HTMX, extension: "js", content_type: SCRIPT, text: include_str!("../../assets/htmx/htmx.min.js") },
];

/// What each is called, in the order of [`ASSETS`].
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| ASSETS.iter().map(Asset::name).collect());

impl Asset {
    fn name(&self) -> String {
        let digest = Sha256::digest(self.text.as_bytes());
        let start: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{start}.{}", self.stem, self.extension)
    }
}

/// Where pages find a file.
pub(super) fn path(stem: &str) -> String {
    let found = ASSETS.iter().zip(NAMES.iter()).find(|(asset, _)| asset.stem == stem);
    found.map(|(_, name)| format!("/portal/assets/{name}")).unwrap_or_default()
}

/// A file, under its name alone.
pub(super) fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let found = ASSETS.iter().zip(NAMES.iter()).find(|(_, name)| *name == cx.part(0));
    let (asset, _) = found.ok_or(Refused::NotFound)?;
    let mut response = Response::new(StatusCode::OK, asset.text);
    response.headers = page::headers(Kind::Asset);
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    response.headers.remove("pragma");
    response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_by_its_own_name() {
        for asset in ASSETS {
            assert_eq!(path(asset.stem), format!("/portal/assets/{}", asset.name()));
        }
        assert_eq!(path("nothing"), "");
    }
}
