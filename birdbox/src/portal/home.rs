//! The first page: what is served and where, and a first request to paste.

use askama::Template;

use super::cx::Cx;
use super::page::{self, Frame};
use super::refusal::Refused;
use crate::admin::{Addresses, first_request, identity};
use crate::http::Response;

/// What stands for the certificate of the server, where others than its owner look: the path of
/// the data directory is not theirs to see.
pub(super) const EXPORTED: &str = "birdbox-ca.pem";

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    frame: Frame,
    users: String,
    follows: String,
    posts: String,
    is_empty: bool,
    has_sample: bool,
    /// The data directory, for the owner.
    data: Option<String>,
    origin: String,
    proxy: Option<String>,
    /// The first request, as a line for a shell.
    request: String,
    /// Whether the request holds the bearer token of the sample's App itself.
    is_whole: bool,
    /// The file that the request names and that has to be written first.
    exported: Option<&'static str>,
    /// When a request arrived.
    arrived: Option<String>,
    is_known: bool,
    may_sign_up: bool,
}

/// Shows it. Only the owner sees credentials.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let environment = identity::environment(&cx.portal.context, cx.now).await.map_err(|error| {
        tracing::error!(%error, "the credentials of the sample cannot be read");
        Refused::Broken
    })?;
    let stats = cx.portal.state.store.stats();
    let is_owner = cx.viewer.is_owner();
    let origin = cx.origin();
    let is_whole = is_owner && !environment.bearer_token.is_empty();
    let token = if is_whole { environment.bearer_token.as_str() } else { "$BEARER_TOKEN" };
    let addresses = cx.portal.context.addresses.as_ref();
    let trusted = addresses.and_then(Addresses::trusted);
    let exported = trusted.as_ref().filter(|_| !is_owner).map(|_| EXPORTED);
    page::show(&HomePage {
        frame: Frame::of(cx),
        users: page::grouped(stats.users),
        follows: page::grouped(stats.follows),
        posts: page::grouped(stats.tweets),
        is_empty: stats.users == 0,
        has_sample: environment.keys.user.is_some(),
        data: is_owner.then(|| cx.portal.state.store.data_dir().path().display().to_string()),
        proxy: addresses.filter(|_| is_owner).and_then(|addresses| addresses.proxy.clone()),
        request: first_request(&origin, exported.or(trusted.as_deref()), token),
        exported,
        is_whole,
        arrived: cx.portal.arrival.at().map(page::when),
        is_known: cx.viewer.is_known(),
        may_sign_up: !is_owner && cx.may_sign_up()?,
        origin,
    })
}
