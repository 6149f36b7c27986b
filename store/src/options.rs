//! How a store is opened.

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The most bytes that the log may ever hold. Address space is reserved for it at
    /// start, memory and disk are not; it is rounded down to whole pages.
    pub map_size: usize,
    /// Bytes of memory that changes may take until they are merged into segments. A merge
    /// begins at half of it; at the whole, writes become slower.
    pub delta_budget: usize,
    /// Whether a change waits until the disk has it. Without this a power cut may
    /// lose acknowledged changes and damage the log: for tests and benchmarks alone.
    pub durable: bool,
}

impl Default for Options {
    /// 64 GiB of log where addresses have 64 bits, 1 GiB elsewhere; 256 MiB of changes in
    /// memory; durable.
    fn default() -> Self {
        let map_size = if usize::BITS >= 64 { 64 << 30 } else { 1 << 30 };
        Self { map_size, delta_budget: 256 << 20, durable: true }
    }
}
