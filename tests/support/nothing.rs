//! A package needs a target beside its test binary; this one is empty.
