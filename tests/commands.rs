//! What the binary does when it is told to: run as a process of its own, with its exit code and its words.

use crate::support::{be_zhidan, zhidan};

#[test]
fn the_suite_can_be_the_binary() {
    be_zhidan();
    let asked = zhidan(vec![], &["openapi"]);
    let ran = tokio::runtime::Runtime::new().expect("a runtime").block_on(asked);
    assert!(ran.code == 0 && ran.out.contains("\"openapi\": \"3.1.0\""), "{ran:?}");
}
