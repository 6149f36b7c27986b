//! https, the certificate authority, and the proxy, with real clients.

mod authority;
mod client;
mod https;
mod other_hosts;
mod proxy;
