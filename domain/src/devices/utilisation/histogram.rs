//! How long a machine drew how much: time over the logarithm of power, its levels, and the valleys between them.
//!
//! The logarithm, because what matters between levels is how many times one is the other: 1 W and 17 W of a coffee machine
//! are two levels, 1,500 W and 1,516 W are one. All of it in whole numbers, so that every machine learns the same.

/// Lower bounds of the eight steps of a doubling, ten-thousandths: 2^(k/8).
const STEPS: [u64; 8] = [10_000, 10_905, 11_892, 12_968, 14_142, 15_422, 16_818, 18_340];
/// 63 doublings of eight steps, and some to spare.
const BINS: usize = 512;
/// Highest bin that power falls in; those above stay empty, so that every rise has its fall.
const BIN_MAX: usize = BINS - 8;
/// Weights with which a bin is spread over its neighbours, two to each side.
const KERNEL: [i128; 5] = [1, 2, 3, 2, 1];
/// In the valley between two levels less time is spent than this part of the lower one's peak.
const VALLEY_PER_CENT: i128 = 65;
/// A level holds at least this share of the time, thousandths.
const MASS_PER_MILLE: i128 = 5;
/// Two levels lie at least so many bins apart: five eighths of a doubling, 1.54 times.
const APART_BINS: usize = 5;

/// Time over power.
pub(super) struct Histogram {
    /// Everything up to here is one bin: below it there is only noise.
    floor_mw: i64,
    raw: Vec<i128>,
    smooth: Vec<i128>,
}

/// A level: bins from `from` to `to` (included) with their highest at `peak`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) peak: usize,
    pub(super) mass: i128,
}

fn bin_of(power_mw: i64) -> usize {
    let power = u64::try_from(power_mw).unwrap_or(0).max(1);
    let octave = power.ilog2();
    let scaled = (u128::from(power) * 10_000) >> octave;
    let step = STEPS.iter().filter(|bound| u128::from(**bound) <= scaled).count().saturating_sub(1);
    usize::try_from(octave).unwrap_or(0).saturating_mul(8).saturating_add(step).min(BIN_MAX)
}

/// The lower bound of a bin, milliwatts.
pub(super) fn lower_mw(bin: usize) -> i64 {
    let octave = u32::try_from(bin / 8).unwrap_or(u32::MAX);
    let step = STEPS.get(bin % 8).copied().unwrap_or(10_000);
    let bound = u128::from(step).checked_shl(octave).map_or(u128::MAX, |bound| bound.div_ceil(10_000));
    i64::try_from(bound).unwrap_or(i64::MAX)
}

impl Histogram {
    /// From powers and how long each was held, milliseconds.
    pub(super) fn new(samples: &[(i64, i64)], floor_mw: i64) -> Self {
        let floor = bin_of(floor_mw);
        let mut raw = vec![0_i128; BINS];
        for (power, held) in samples {
            let bin = bin_of(power.saturating_abs()).max(floor);
            if let Some(slot) = raw.get_mut(bin) {
                *slot = slot.saturating_add(i128::from(*held));
            }
        }
        let at = |bin: usize, offset: usize| {
            let index = bin.saturating_add(offset).checked_sub(2)?;
            raw.get(index).copied()
        };
        let spread = |bin: usize| -> i128 {
            KERNEL.iter().enumerate().map(|(offset, weight)| at(bin, offset).unwrap_or(0) * weight).sum()
        };
        let smooth = (0..BINS).map(spread).collect();
        Self { floor_mw: lower_mw(floor), raw, smooth }
    }

    /// Everything at or below this power lies in the lowest bin, milliwatts.
    pub(super) fn floor_mw(&self) -> i64 {
        self.floor_mw
    }

    /// The height at a bin, spread over its neighbours.
    pub(super) fn height(&self, bin: usize) -> i128 {
        self.smooth.get(bin).copied().unwrap_or(0)
    }

    fn mass(&self, from: usize, to: usize) -> i128 {
        self.raw.iter().take(to.saturating_add(1)).skip(from).sum()
    }

    fn joined(&self, one: Level, other: Level) -> Level {
        let peak = if self.height(one.peak) >= self.height(other.peak) { one.peak } else { other.peak };
        Level { from: one.from, to: other.to, peak, mass: one.mass.saturating_add(other.mass) }
    }

    /// The lowest bin between two peaks; of several the one in the middle.
    pub(super) fn valley(&self, below: usize, above: usize) -> usize {
        let lowest = (below..=above).map(|bin| self.height(bin)).min().unwrap_or(0);
        let bins: Vec<usize> = (below..=above).filter(|bin| self.height(*bin) == lowest).collect();
        bins.get(bins.len() / 2).copied().unwrap_or(below)
    }

    /// The levels from the lowest to the highest; none without any time.
    ///
    /// It begins with every rise and fall and then joins, the weakest first, two neighbours that no valley parts, that lie too
    /// close, or of which one holds too little time to be a level.
    pub(super) fn levels(&self) -> Vec<Level> {
        let mut levels = self.rises();
        let all: i128 = self.raw.iter().sum();
        while let Some((place, _)) = self.weakest(&levels, all) {
            let upper =
                if place.saturating_add(1) < levels.len() { levels.remove(place.saturating_add(1)) } else { break };
            if let Some(lower) = levels.get_mut(place) {
                *lower = self.joined(*lower, upper);
            }
        }
        levels
    }

    /// Each rise and fall.
    fn rises(&self) -> Vec<Level> {
        let mut peaks: Vec<usize> = Vec::new();
        let mut rising = true;
        for bin in 1..BINS {
            let (before, here) = (self.height(bin.saturating_sub(1)), self.height(bin));
            if here < before && rising {
                peaks.push(bin.saturating_sub(1));
                rising = false;
            } else if here > before {
                rising = true;
            }
        }
        let bounds = peaks.iter().zip(peaks.iter().skip(1)).map(|(below, above)| self.valley(*below, *above));
        let ends: Vec<usize> = bounds.chain([BINS - 1]).collect();
        let begins = [0].into_iter().chain(ends.iter().map(|end| end.saturating_add(1)));
        let levels = peaks.iter().zip(begins.zip(&ends));
        levels.map(|(peak, (from, to))| Level { from, to: *to, peak: *peak, mass: self.mass(from, *to) }).collect()
    }

    /// The pair of neighbours that is least two levels, by the place of the lower; nothing where all are.
    fn weakest(&self, levels: &[Level], all: i128) -> Option<(usize, i128)> {
        let pairs = levels.iter().zip(levels.iter().skip(1)).enumerate();
        let weakness = |(place, (lower, upper)): (usize, (&Level, &Level))| {
            let lowest = self.height(self.valley(lower.peak, upper.peak));
            let height = self.height(lower.peak).min(self.height(upper.peak)).max(1);
            // the valley in parts of the lower peak: 1,000,000 where there is none
            let depth = lowest * 1_000_000 / height;
            let shallow = lowest * 100 > height * VALLEY_PER_CENT;
            let close = upper.peak.saturating_sub(lower.peak) < APART_BINS;
            let light = lower.mass.min(upper.mass) * 1_000 < all * MASS_PER_MILLE;
            (shallow || close || light).then_some((place, depth))
        };
        pairs.filter_map(weakness).max_by_key(|(place, depth)| (*depth, *place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn levels_are_parted_by_valleys() {
        let hour = 3_600_000;
        // power in mW and hours → how many levels
        let rows: &[(&[(i64, i64)], usize)] = &[
            (&[], 0),
            (&[(0, 10)], 1),
            (&[(0, 10), (1_427_000, 5)], 2),
            (&[(300, 10), (1_400, 10)], 1),
            (&[(300, 10), (17_000, 10), (1_500_000, 2)], 3),
            // too close to be two
            (&[(11_000, 10), (15_000, 10)], 1),
            // too little to be one
            (&[(0, 1_000), (75_000, 400), (250_000, 1)], 2),
        ];
        for (samples, count) in rows {
            let samples: Vec<(i64, i64)> = samples.iter().map(|(power, hours)| (*power, hours * hour)).collect();
            assert_eq!(Histogram::new(&samples, 2_000).levels().len(), *count, "{samples:?}");
        }
    }

    proptest! {
        #[test]
        fn a_bin_holds_its_power(power in 1_i64..i64::MAX / 4) {
            let bin = bin_of(power);
            prop_assert!(lower_mw(bin) <= power, "{} {}", lower_mw(bin), power);
            // below eight milliwatts several bins share one whole number
            prop_assert!(power < lower_mw(bin + 1) || power < 16);
        }

        #[test]
        fn levels_hold_all_the_time(samples in prop::collection::vec((any::<i64>(), 0_i64..1_000_000), 0..60)) {
            let histogram = Histogram::new(&samples, 2_000);
            let all: i128 = samples.iter().map(|(_, held)| i128::from(*held)).sum();
            let levels = histogram.levels();
            prop_assert_eq!(levels.iter().map(|level| level.mass).sum::<i128>(), all);
            prop_assert!(levels.iter().zip(levels.iter().skip(1)).all(|(a, b)| a.to + 1 == b.from));
        }
    }
}
