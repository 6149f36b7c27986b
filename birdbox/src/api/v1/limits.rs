//! `application/rate_limit_status`: what is left of the windows of the caller. To look at a
//! window spends nothing of it; asking is counted as any request is.

use oauth::oauth1::SignedRequest;
use xapi::{Failure, V1_WINDOWS, V1Context, V1Limits, V1Request, V1Window, write_v1_limits};

use super::super::Cx;

/// Answers with the windows of the families that `resources` names, or of all.
pub(in crate::api) fn rate_limit_status(cx: &Cx<'_>, body: &mut Vec<u8>) -> Result<(), Failure> {
    let parameters = cx.call.presented.parameters();
    let request = V1Request::read(&parameters);
    let families: Option<Vec<&str>> = request.text("resources").map(|list| list.split(',').map(str::trim).collect());
    let is_wanted = |window: &&V1Window| families.as_ref().is_none_or(|families| families.contains(&window.family));
    let (limits, now, subject) = (&cx.state.limits, cx.state.clock.now(), cx.caller.subject());
    let windows = V1_WINDOWS.iter().filter(is_wanted).filter_map(|window| {
        let allowance = limits.peek(window.row()?, subject, now)?;
        let (limit, remaining, reset) = (allowance.limit, allowance.remaining, allowance.reset.unix_seconds());
        Some((window, V1Limits { limit, remaining, reset }))
    });
    let signed = SignedRequest::read(&cx.call.presented.request).ok().filter(|_| cx.caller.viewer().is_some());
    let consumer = cx.caller.app.keys.consumer.current.as_ref();
    let context = match signed.as_ref().and_then(SignedRequest::token) {
        Some(token) => V1Context::AccessToken(token),
        None => V1Context::Application(consumer.map(|keys| keys.key.as_str()).unwrap_or_default()),
    };
    write_v1_limits(context, windows, body);
    Ok(())
}
