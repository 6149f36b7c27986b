//! The endpoints and pages of OAuth as clients and browsers meet them.

mod app_only;
mod attacks;
pub(crate) mod browser;
mod once;
mod pages;
mod pkce;
pub(crate) mod place;
mod refusals;
mod three_legged;
