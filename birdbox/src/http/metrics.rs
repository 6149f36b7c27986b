//! What the edge counts, and how `/metrics` prints it.
//!
//! Counting is a few relaxed additions into arrays that are laid out at start; labels
//! and text exist only while `/metrics` is answered.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::StatusCode;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

/// The upper bounds of the duration buckets.
const BUCKETS: [Duration; 14] = [
    Duration::from_micros(50),
    Duration::from_micros(100),
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_micros(2500),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// The classes of status that answers have.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The operation of answers that belong to none.
const NO_OPERATION: &str = "none";

/// A number that somebody else counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Its name, without the `_total` that counters get.
    pub name: &'static str,
    /// What it counts, as a sentence.
    pub help: &'static str,
    /// Whether it can fall.
    pub kind: FigureKind,
    /// The number now.
    pub value: u64,
}

/// How a [`Figure`] moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    /// It rises and falls.
    Gauge,
    /// It rises from zero as long as the process runs.
    Counter,
}

/// The counters of one server.
#[derive(Debug)]
pub(super) struct Metrics {
    pub(super) connections: Connections,
    names: Vec<&'static str>,
    operations: Box<[Operation]>,
    none: Operation,
}

/// What is counted of connections.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: AtomicI64,
    accepted: AtomicU64,
    /// Cut off by a timeout.
    pub(super) cut: AtomicU64,
    /// Could not be accepted, for want of descriptors or memory.
    pub(super) failed: AtomicU64,
}

/// One open connection: it counts as open until it is dropped.
pub(super) struct OpenConnection<'a>(&'a Connections);

impl Connections {
    pub(super) fn open(&self) -> OpenConnection<'_> {
        self.accepted.fetch_add(1, Relaxed);
        self.open.fetch_add(1, Relaxed);
        OpenConnection(self)
    }
}

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}

/// What is counted of one operation.
#[derive(Debug, Default)]
struct Operation {
    classes: [AtomicU64; CLASSES.len()],
    /// The last one is for durations above all bounds.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    nanos: AtomicU64,
}

impl Metrics {
    pub(super) fn new(names: Vec<&'static str>) -> Self {
        let operations = names.iter().map(|_| Operation::default()).collect();
        Self { connections: Connections::default(), names, operations, none: Operation::default() }
    }

    /// Counts one answer. `operation` is a position in the names.
    pub(super) fn count(&self, operation: Option<usize>, status: StatusCode, took: Duration) {
        let operation = operation.and_then(|operation| self.operations.get(operation));
        operation.unwrap_or(&self.none).count(status, took);
    }

    /// All of it in the text format of OpenMetrics.
    pub(super) fn print(self: &Arc<Self>, figures: Vec<Figure>) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Printer { metrics: Arc::clone(self), figures }));
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut out, &registry);
        out
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, &Operation)> {
        self.names.iter().copied().zip(&self.operations).chain([(NO_OPERATION, &self.none)])
    }
}

impl Operation {
    fn count(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).wrapping_sub(1);
        if let Some(class) = self.classes.get(class) {
            class.fetch_add(1, Relaxed);
        }
        let bucket = BUCKETS.iter().position(|&bound| took <= bound).unwrap_or(BUCKETS.len());
        if let Some(bucket) = self.buckets.get(bucket) {
            bucket.fetch_add(1, Relaxed);
        }
        self.nanos.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }
}

#[derive(Debug)]
struct Printer {
    metrics: Arc<Metrics>,
    figures: Vec<Figure>,
}

impl Collector for Printer {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Connections { open, accepted, cut, failed } = &self.metrics.connections;
        encoder
            .encode_descriptor("birdbox_connections_open", "Connections that are open.", None, MetricType::Gauge)?
            .encode_gauge(&open.load(Relaxed))?;
        for (name, help, counter) in [
            ("birdbox_connections_accepted", "Connections accepted.", accepted),
            ("birdbox_connections_cut", "Connections cut off by a timeout.", cut),
            ("birdbox_connections_failed", "Connections that could not be accepted.", failed),
        ] {
            encoder
                .encode_descriptor(name, help, None, MetricType::Counter)?
                .encode_counter::<NoLabelSet, _, f64>(&counter.load(Relaxed), None)?;
        }
        self.encode_figures(&mut encoder)?;
        self.encode_requests(&mut encoder)?;
        self.encode_durations(&mut encoder)
    }
}

impl Printer {
    fn encode_figures(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        for Figure { name, help, kind, value } in &self.figures {
            match kind {
                FigureKind::Gauge => {
                    encoder.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(value)?;
                }
                FigureKind::Counter => encoder
                    .encode_descriptor(name, help, None, MetricType::Counter)?
                    .encode_counter::<NoLabelSet, _, f64>(value, None)?,
            }
        }
        Ok(())
    }

    fn encode_requests(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Requests answered, by operation and class of status.";
        let mut family = encoder.encode_descriptor("birdbox_requests", help, None, MetricType::Counter)?;
        for (name, operation) in self.metrics.named() {
            for (class, count) in CLASSES.iter().zip(&operation.classes) {
                let count = count.load(Relaxed);
                if count > 0 {
                    family
                        .encode_family(&[("operation", name), ("status", *class)])?
                        .encode_counter::<NoLabelSet, _, f64>(&count, None)?;
                }
            }
        }
        Ok(())
    }

    fn encode_durations(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let (name, help) = ("birdbox_request_duration_seconds", "From the end of the head to the answer.");
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (name, operation) in self.metrics.named() {
            operation.encode(family.encode_family(&[("operation", name)])?)?;
        }
        Ok(())
    }
}

impl EncodeMetric for Operation {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let bounds = BUCKETS.iter().map(Duration::as_secs_f64).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = bounds.zip(self.buckets.iter().map(|bucket| bucket.load(Relaxed))).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        if count == 0 {
            return Ok(());
        }
        let seconds = Duration::from_nanos(self.nanos.load(Relaxed)).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(seconds, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}
