//! Random walks of the application against a small model that was written apart from it, from the rules and not from the
//! code: it keeps the history of who did what, and judges by that history alone.

use std::collections::BTreeSet;

use domain::applications::action::{Action, ActionKind, Advice, Outcome, Terms};
use domain::applications::machine::{allowed_actions, decide};
use domain::applications::state::{Actor, ApplicationState as S, Facts, Hat};
use domain::consent::SubjectKind;
use domain::money::Fen;
use proptest::prelude::*;
use uuid::Uuid;

use crate::machine::{APPLICANT, because, some_items, sound};

const REQUESTED: i64 = 100;
const PRODUCT_MAX: i64 = 80;

/// The model: where it is, what has happened, and who is who.
#[derive(Debug, Clone)]
struct Model {
    state: &'static str,
    person: bool,
    officer: Option<Uuid>,
    made_by: BTreeSet<Uuid>,
    checked_by: BTreeSet<Uuid>,
    resume: Option<&'static str>,
    gap: bool,
    contested: bool,
    by_score: bool,
    doubted: bool,
}

/// Which hat may do what in which step.
const MAY: &[(&str, &str, &str)] = &[
    ("draft", "applicant", "Submit Withdraw"),
    ("collecting", "applicant", "Withdraw"),
    ("screening", "applicant", "Withdraw"),
    ("assigning", "applicant", "Withdraw"),
    ("investigating", "applicant", "Withdraw"),
    ("returned", "applicant", "Resubmit Withdraw"),
    ("reviewing", "applicant", "Withdraw"),
    ("approving", "applicant", "Withdraw"),
    ("refused", "applicant", "RequestHumanReview"),
    ("investigating", "officer", "Return Recommend SendBack ConfirmEntitlement"),
    ("reviewing", "reviewer", "Return ReviewPass SendBack"),
    ("approving", "approver", "Return Approve Refuse SendBack"),
    ("collecting", "system", "Collected CollectionGap EntitlementDoubted"),
    ("screening", "system", "Screened"),
];

#[derive(Debug, Clone)]
struct Attempt {
    kind: ActionKind,
    who: u128,
    hats: Vec<Hat>,
    limit: Option<i64>,
    amount: i64,
    to: u128,
    step: S,
    outcome: Outcome,
    flag: bool,
}

impl Attempt {
    fn action(&self) -> Action {
        let terms = Terms { amount: Fen(self.amount), months: 12 };
        match self.kind {
            ActionKind::Resubmit => Action::Resubmit { missing: vec![], needs_new_data: self.flag, notes: vec![] },
            ActionKind::Screened => Action::Screened { outcome: self.outcome },
            ActionKind::Assign => Action::Assign { to: Uuid::from_u128(self.to) },
            ActionKind::Return => Action::Return { items: some_items() },
            ActionKind::Recommend => {
                let advice = if self.flag { Advice::Decline } else { Advice::Grant(terms) };
                Action::Recommend { advice, opinion: because(), missing: vec![] }
            }
            ActionKind::SendBack => Action::SendBack { to: self.step, reason: because() },
            ActionKind::Approve => Action::Approve { terms, conditions: vec![] },
            kind => sound(kind),
        }
    }

    fn actor(&self) -> Actor {
        let is_service = self.hats == [Hat::System];
        let id = (!is_service).then(|| Uuid::from_u128(self.who));
        Actor { id, hats: self.hats.iter().copied().collect(), authority_limit: self.limit.map(Fen) }
    }

    fn wears(&self, name: &str) -> bool {
        self.hats.iter().any(|hat| format!("{hat:?}").to_lowercase() == name)
    }
}

impl Model {
    fn new(person: bool) -> Self {
        let none = BTreeSet::new();
        Self {
            state: "draft",
            person,
            officer: None,
            made_by: none.clone(),
            checked_by: none,
            resume: None,
            gap: false,
            contested: false,
            by_score: false,
            doubted: false,
        }
    }

    /// The model after the attempt, or nothing when the rules forbid it.
    fn after(&self, attempt: &Attempt) -> Option<Self> {
        let me = Uuid::from_u128(attempt.who);
        let mut next = self.clone();
        if attempt.kind == ActionKind::Assign {
            let is_open = !["draft", "approved", "refused", "withdrawn"].contains(&self.state);
            let has_officer = self.officer.is_some() || self.state == "assigning";
            let to = Uuid::from_u128(attempt.to);
            let fits = !self.checked_by.contains(&to) && self.officer != Some(to);
            let may = attempt.wears("system") || attempt.wears("dispatcher");
            next.officer = Some(to);
            next.made_by.insert(to);
            next.state = if self.state == "assigning" { "investigating" } else { self.state };
            return (is_open && has_officer && fits && may).then_some(next);
        }
        let kind = format!("{:?}", attempt.kind);
        let (_, hat, _) =
            MAY.iter().find(|(state, _, kinds)| *state == self.state && kinds.split(' ').any(|one| one == kind))?;
        let is_mine = match *hat {
            "applicant" => me == APPLICANT,
            "officer" => self.officer == Some(me),
            "reviewer" => !self.made_by.contains(&me),
            "approver" => !self.made_by.contains(&me) && !self.checked_by.contains(&me),
            _ => true,
        };
        if !attempt.wears(hat) || !is_mine || !self.amounts_fit(attempt) {
            return None;
        }
        if *hat == "reviewer" {
            next.checked_by.insert(me);
        }
        next.state = self.target(attempt)?;
        match attempt.kind {
            ActionKind::Return => next.resume = Some(self.state),
            ActionKind::Collected => next.gap = false,
            ActionKind::CollectionGap => next.gap = true,
            ActionKind::EntitlementDoubted => next.doubted = true,
            ActionKind::RequestHumanReview => (next.contested, next.by_score) = (true, false),
            ActionKind::Screened => next.by_score = next.state == "refused",
            _ => {}
        }
        // whoever collects again asks again whether it was allowed
        if next.state == "collecting" && self.state != "collecting" {
            next.doubted = false;
        }
        if next.resume == Some(next.state) {
            next.resume = None;
        }
        Some(next)
    }

    fn amounts_fit(&self, attempt: &Attempt) -> bool {
        let fits = attempt.amount >= 1 && attempt.amount <= REQUESTED.min(PRODUCT_MAX);
        match attempt.kind {
            ActionKind::Approve => fits && !self.doubted && attempt.limit.is_some_and(|limit| attempt.amount <= limit),
            ActionKind::Recommend => (fits && !self.doubted) || attempt.flag,
            ActionKind::ConfirmEntitlement => self.doubted,
            _ => true,
        }
    }

    fn target(&self, attempt: &Attempt) -> Option<&'static str> {
        let entry = if self.person { "screening" } else { "collecting" };
        Some(match attempt.kind {
            ActionKind::Submit => entry,
            ActionKind::Resubmit if attempt.flag => entry,
            ActionKind::Resubmit => self.resume?,
            ActionKind::Collected | ActionKind::CollectionGap => "screening",
            ActionKind::EntitlementDoubted if self.officer.is_some() => "investigating",
            ActionKind::EntitlementDoubted => "assigning",
            ActionKind::ConfirmEntitlement => "collecting",
            ActionKind::Screened => match (self.resume, self.officer) {
                (Some(step), _) => step,
                (None, Some(_)) => "investigating",
                (None, None) if attempt.outcome == Outcome::Refuse && !self.person && !self.gap && !self.contested => {
                    "refused"
                }
                (None, None) => "assigning",
            },
            ActionKind::Return => "returned",
            ActionKind::Recommend => "reviewing",
            ActionKind::ReviewPass => "approving",
            ActionKind::Approve => "approved",
            ActionKind::Refuse => "refused",
            ActionKind::Withdraw => "withdrawn",
            ActionKind::RequestHumanReview => self.by_score.then_some("assigning")?,
            ActionKind::SendBack => {
                let way = ["collecting", "screening", "investigating", "reviewing", "approving"];
                let here = way.iter().position(|step| *step == self.state)?;
                let there = way.iter().position(|step| *step == attempt.step.code())?;
                (there < here && !(self.person && there == 0)).then_some(way[there])?
            }
            ActionKind::Assign => return None,
        })
    }
}

/// Draws small numbers from one random one, which is far faster than a strategy for each field.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        let rolled = self.0 % sides;
        self.0 /= sides;
        rolled
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len() as u64) as usize]
    }
}

/// An attempt that mostly fits where the model is, so that walks get far, mixed with any at all.
fn attempt(bits: u64, model: &Model) -> Attempt {
    let mut dice = Dice(bits);
    let any_kind = dice.pick(&ActionKind::ALL);
    let fitting: Vec<(ActionKind, &str)> = MAY
        .iter()
        .filter(|(state, ..)| *state == model.state)
        .flat_map(|(_, hat, kinds)| kinds.split(' ').map(move |kind| (kind, *hat)))
        .chain([("Assign", "system")])
        .filter_map(|(name, hat)| {
            ActionKind::ALL.into_iter().find(|kind| format!("{kind:?}") == name).map(|kind| (kind, hat))
        })
        .filter(|(kind, _)| *kind != ActionKind::Withdraw || bits.is_multiple_of(11))
        .collect();
    let (fits, place) = (dice.roll(4) > 0, dice.roll(64) as usize);
    let (kind, hat) = if fits { fitting[place % fitting.len()] } else { (any_kind, "") };
    let staff = [Hat::Officer, Hat::Reviewer, Hat::Approver, Hat::Dispatcher];
    let hats = match (hat, dice.roll(6)) {
        ("system", 0..5) | ("", 0..2) => vec![Hat::System],
        ("applicant", 0..5) | ("", 2) => vec![Hat::Applicant],
        (_, 0..5) => staff.to_vec(),
        (_, place) => vec![Hat::ALL[place as usize % 6], dice.pick(&Hat::ALL)],
    };
    let officer = model.officer.filter(|_| hat == "officer").map(|id| id.as_u128());
    let any_one = 2 + u128::from(dice.roll(6));
    let who = if hats.contains(&Hat::Applicant) && dice.roll(4) > 0 {
        1
    } else {
        officer.filter(|_| dice.roll(4) > 0).unwrap_or(any_one)
    };
    Attempt {
        kind,
        who,
        hats,
        limit: (dice.roll(8) > 0).then_some(60 + dice.roll(60) as i64),
        amount: if dice.roll(4) > 0 { 1 + dice.roll(60) as i64 } else { dice.roll(122) as i64 - 1 },
        to: 2 + u128::from(dice.roll(6)),
        step: dice.pick(&S::ALL),
        outcome: dice.pick(&[Outcome::Accept, Outcome::Review, Outcome::Refuse]),
        flag: dice.roll(2) == 0,
    }
}

fn start(person: bool) -> Facts {
    let subject = if person { SubjectKind::Person } else { SubjectKind::Enterprise };
    Facts::draft(subject, APPLICANT, Fen(REQUESTED), Fen(PRODUCT_MAX), 36)
}

/// What holds of every transition by the history alone, whatever model or machine think.
fn assert_laws(before: &Model, after: &Facts, attempt: &Attempt) {
    let me = Uuid::from_u128(attempt.who);
    if matches!(attempt.kind, ActionKind::Approve | ActionKind::Refuse) {
        assert!(!before.made_by.contains(&me) && !before.checked_by.contains(&me), "a maker decided: {attempt:?}");
        assert!(!before.checked_by.is_empty(), "decided without a review");
        assert!(attempt.kind == ActionKind::Refuse || !before.doubted, "granted on a doubted consent");
    }
    if attempt.kind == ActionKind::ReviewPass {
        assert!(!before.made_by.contains(&me), "a maker reviewed: {attempt:?}");
    }
    assert!(!["approved", "withdrawn"].contains(&before.state), "something left a final state: {attempt:?}");
    if before.state == "refused" {
        assert_eq!((attempt.kind, before.by_score), (ActionKind::RequestHumanReview, true));
    }
    if after.refused_automatically {
        assert!(!before.person && !before.gap && !before.contested && before.officer.is_none());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_machine_and_the_model_agree(person: bool, walk in prop::collection::vec(any::<u64>(), 1..80)) {
        let (mut facts, mut model) = (start(person), Model::new(person));
        for bits in walk {
            let attempt = &attempt(bits, &model);
            let decided = decide(&facts, &attempt.action(), &attempt.actor());
            let expected = model.after(attempt);
            prop_assert_eq!(decided.is_ok(), expected.is_some(), "{:?} {:?} {:?}", model, attempt, decided);
            let (Ok(transition), Some(next)) = (decided, expected) else { continue };
            prop_assert!(allowed_actions(&facts, &attempt.actor()).contains(&attempt.kind));
            prop_assert_eq!(transition.from(), facts.state);
            assert_laws(&model, transition.after(), attempt);
            facts = transition.after().clone();
            model = next;
            prop_assert_eq!(facts.state.code(), model.state);
            prop_assert_eq!(facts.investigator, model.officer);
            prop_assert_eq!(facts.entitlement_open, model.doubted);
        }
    }
}

/// The walks would prove nothing if they never got far: a fixed number of them must reach every state.
#[test]
fn walks_reach_every_state() {
    let mut reached = BTreeSet::new();
    let mut bits = 1u64;
    for round in 0..300 {
        let mut model = Model::new(round % 2 == 0);
        for _ in 0..80 {
            // splitmix64, so that the walks are the same each time
            bits = bits.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            if let Some(next) = model.after(&attempt(mixed ^ (mixed >> 31), &model)) {
                model = next;
                reached.insert(model.state);
            }
        }
    }
    let missed: Vec<&str> =
        S::ALL.into_iter().map(S::code).filter(|code| *code != "draft" && !reached.contains(code)).collect();
    assert!(missed.is_empty(), "never reached: {missed:?}");
}
