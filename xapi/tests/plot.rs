//! Whether the plot in the documentation is what the formula gives.

#[path = "../examples/plot_value.rs"]
#[expect(dead_code, reason = "the example also writes it")]
mod plot_value;

#[test]
fn the_plot_is_current() {
    let checked_in = include_str!("../../docs/tweet-binder-value.svg");
    assert_eq!(
        checked_in,
        plot_value::svg(),
        "run: cargo run -p xapi --example plot_value > docs/tweet-binder-value.svg"
    );
}
