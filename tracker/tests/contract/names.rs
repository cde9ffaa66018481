//! Names that look like the name of a sibling: their Unicode NFKC is equal.

use domain::{
    Description,
    ids::{ExperimentId, ProjectId},
    logs::{Reading, Samples},
    people::Role,
};
use tracker::{Actor, Error, ExperimentEdit, NewExperiment, NewUser, ProjectEdit, Tracker};

use crate::{
    Case, cases,
    logs::log_name,
    test_tracker::{TestTracker, parse_email, parse_name, test_password},
};

pub fn cases() -> Vec<Case> {
    cases![names:
        new_names_must_not_look_like_a_siblings,
        renames_must_not_look_like_a_siblings,
        names_from_before_stay_and_are_compared,
        logs_are_exempt;
        only Postgres: simultaneous_names_are_compared
    ]
}

/// Pairs of names that look the same.
const LOOKALIKES: [(&str, &str); 5] = [
    ("yolo\u{b2}", "yolo2"),
    ("signs", "\u{ff53}\u{ff49}\u{ff47}\u{ff4e}\u{ff53}"),
    ("at night", "at\u{a0}night"),
    ("\u{fb01}ne", "fine"),
    ("\u{2460} \u{3392}", "1 MHz"),
];

async fn create(tracker: &Tracker, who: &Actor, project: ProjectId, name: &str) -> Result<ExperimentId, Error> {
    let new = NewExperiment { name: parse_name(name), description: Description::default() };
    tracker.create_experiment(who, project, &new).await
}

async fn rename(tracker: &Tracker, who: &Actor, id: ExperimentId, name: &str) -> Result<i64, Error> {
    let edit = ExperimentEdit { name: Some(parse_name(name)), ..ExperimentEdit::default() };
    tracker.edit_experiment(who, id, &edit).await
}

fn new_user(number: usize, name: &str, organization: &str) -> NewUser {
    NewUser {
        email: parse_email(&format!("user{number}@example.org")),
        name: parse_name(name),
        role: Some(Role::Owner),
        password: test_password(),
        organization: Some(parse_name(organization)),
    }
}

fn assert_looks_the_same<T: std::fmt::Debug>(result: Result<T, Error>, other: &str) {
    match result {
        Err(Error::Conflict(message)) => {
            assert!(message.contains(&format!("named '{other}'")) && message.contains("looks the same"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

async fn new_names_must_not_look_like_a_siblings(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    let (project, other_project) = (test.create_project(&ana, "p").await, test.create_project(&ana, "q").await);
    let operator = test.tracker.operator();
    for (number, (first, second)) in LOOKALIKES.into_iter().enumerate() {
        test.create_project(&ana, first).await;
        let twin = test.tracker.create_project(&ana, organization, &parse_name(second), &Description::default()).await;
        assert_looks_the_same(twin, first);

        create(&test.tracker, &ana, project, first).await.unwrap();
        assert_looks_the_same(create(&test.tracker, &ana, project, second).await, first);
        create(&test.tracker, &ana, other_project, second).await.unwrap();
        assert_looks_the_same(create(&test.tracker, &ana, other_project, first).await, second);

        operator.create_user(&new_user(3 * number, first, first)).await.unwrap();
        let twin = operator.create_user(&new_user(3 * number + 1, "Bo", second)).await;
        assert_looks_the_same(twin, first);
        assert_looks_the_same(operator.create_user(&new_user(3 * number + 1, second, "Acme")).await, first);
        // Two people may have the same name.
        operator.create_user(&new_user(3 * number + 2, first, "Acme")).await.unwrap();
    }
    // Case matters, as for equal names.
    create(&test.tracker, &ana, project, "Signs").await.unwrap();
    create(&test.tracker, &ana, project, "\u{ff33}igns").await.unwrap_err();
}

async fn renames_must_not_look_like_a_siblings(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let [square, other] =
        [test.create_experiment(&ana, project, "m\u{b2}").await, test.create_experiment(&ana, project, "other").await];
    assert_looks_the_same(rename(&test.tracker, &ana, other, "m2").await, "m\u{b2}");
    rename(&test.tracker, &ana, square, "m2").await.expect("its own old name looks the same");
    rename(&test.tracker, &ana, other, "m\u{b2}").await.unwrap_err();
    rename(&test.tracker, &ana, square, "area").await.unwrap();
    rename(&test.tracker, &ana, other, "m\u{b2}").await.expect("the name has become free");

    let night = test.create_project(&ana, "night").await;
    let edit = |name: &str| ProjectEdit { name: Some(parse_name(name)), ..ProjectEdit::default() };
    let twin = test.tracker.edit_project(&ana, night, &edit("sign\u{17f}")).await;
    assert_looks_the_same(twin, "signs");
    test.tracker.edit_project(&ana, night, &edit("nights")).await.unwrap();
}

async fn names_from_before_stay_and_are_compared(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let mut ids = Vec::new();
    for (name, old) in [("a", "m2"), ("b", "m\u{b2}"), ("c", "m\u{ff12}"), ("d", "stra\u{df}e"), ("e", "plain")] {
        ids.push(test.create_experiment(&ana, project, name).await);
        let statement = format!("UPDATE experiments SET name = '{old}', name_nfkc = '' WHERE name = '{name}'");
        test.execute(&statement).await;
    }
    let tracker = test.another_tracker().await.expect("names that look the same do not block a start");
    for twin in ["\u{ff4d}2", "m\u{2082}"] {
        assert!(matches!(create(&tracker, &ana, project, twin).await, Err(Error::Conflict(_))), "{twin}");
    }
    assert_looks_the_same(create(&tracker, &ana, project, "\u{ff50}lain").await, "plain");
    assert!(matches!(create(&tracker, &ana, project, "plain").await, Err(Error::Conflict(_))));
    create(&tracker, &ana, project, "strasse").await.expect("NFKC does not fold case");
    let computed = "SELECT COUNT(*) FROM experiments WHERE name_nfkc = 'm2'";
    assert_eq!(test.query_scalar(computed).await, 2, "'m2' itself needs none");

    // The settings of an experiment can be changed without a new name.
    let edit = ExperimentEdit {
        name: Some(parse_name("m\u{b2}")),
        description: Some(Description::parse("Square").unwrap()),
        seen_version: None,
    };
    tracker.edit_experiment(&ana, ids[1], &edit).await.unwrap();
    assert!(matches!(rename(&tracker, &ana, ids[3], "\u{1d5c6}2").await, Err(Error::Conflict(_))));
    for (id, name) in ids.iter().zip(["m2", "m\u{b2}", "m\u{ff12}", "stra\u{df}e", "plain"]) {
        assert_eq!(tracker.experiment(&ana, *id).await.unwrap().experiment.name.as_str(), name);
    }
    tracker.close().await;
}

async fn logs_are_exempt(test: TestTracker) {
    let (ana, experiment) = test.owner_with_experiment().await;
    let mut ids = Vec::new();
    for name in ["m2", "m\u{b2}"] {
        let samples = Samples::single(Reading(1.0));
        let data = domain::logs::Data::Line(samples.into());
        let log = test.tracker.log(&ana, experiment, log_name(name), data, tracker::IfExists::Refuse).await.unwrap();
        assert_eq!(log.name.as_str(), name);
        ids.push(log.id);
    }
    assert_ne!(ids[0], ids[1]);
}

async fn simultaneous_names_are_compared(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "signs").await;
    let other = test.another_tracker().await.unwrap();
    for round in 0..20 {
        let names = [format!("{round} yolo\u{b2}"), format!("{round} yolo2")];
        let (first, second) =
            tokio::join!(create(&test.tracker, &ana, project, &names[0]), create(&other, &ana, project, &names[1]));
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
    }
    other.close().await;
}
