//! Experiments: made, changed with care, and deleted.

use domain::{
    Description,
    experiments::Status,
    people::{Role, Scope},
};
use tracker::{Error, ExperimentEdit, NewExperiment};

use crate::{
    Case, cases,
    world::{World, name},
};

pub fn cases() -> Vec<Case> {
    cases![experiments:
        an_experiment_is_made_and_read,
        names_are_unique_in_the_project,
        whoever_saw_old_settings_overwrites_nothing,
        members_log_but_do_not_change_settings,
        a_reading_token_changes_nothing,
        what_belongs_to_others_does_not_exist,
        deleting_is_for_ever
    ]
}

async fn an_experiment_is_made_and_read(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let project = world.project_of(&ana, "Road signs").await;
    let new = NewExperiment { name: name("yolo-640"), description: Description::parse("mosaic off").unwrap() };
    let id = world.tracker.create_experiment(&ana, project, &new).await.unwrap();
    let page = world.tracker.experiment(&ana, id).await.unwrap();
    assert_eq!((page.experiment.name, page.experiment.description), (new.name, new.description));
    assert_eq!((page.experiment.status, page.experiment.project), (Status::Waiting, project));
    assert_eq!((page.project_name.as_str(), page.organization_name.as_str()), ("Road signs", "Acme"));
    assert_eq!(page.experiment.creator, Some(ana.name.clone()));
    for status in Status::ALL {
        world.tracker.set_status(&ana, id, status).await.unwrap();
        assert_eq!(world.tracker.experiment(&ana, id).await.unwrap().experiment.status, status);
    }
}

async fn names_are_unique_in_the_project(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let (signs, faces) = (world.project_of(&ana, "signs").await, world.project_of(&ana, "faces").await);
    let taken = world.experiment_of(&ana, signs, "yolo").await;
    world.experiment_of(&ana, faces, "yolo").await;
    let new = NewExperiment { name: name(" yolo "), description: Description::default() };
    let twice = world.tracker.create_experiment(&ana, signs, &new).await;
    assert!(matches!(twice, Err(Error::Conflict(sentence)) if sentence.contains("'yolo'")));

    let other = world.experiment_of(&ana, signs, "other").await;
    let edit = ExperimentEdit { name: Some(name("yolo")), ..ExperimentEdit::default() };
    assert!(matches!(world.tracker.edit_experiment(&ana, other, &edit).await, Err(Error::Conflict(_))));
    world.tracker.edit_experiment(&ana, taken, &edit).await.expect("its own name is free to it");
}

async fn whoever_saw_old_settings_overwrites_nothing(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let project = world.project_of(&ana, "signs").await;
    let id = world.experiment_of(&ana, project, "yolo").await;
    let seen = world.tracker.experiment(&ana, id).await.unwrap().experiment.version;
    // A status is no setting: a running script does not spoil a form that somebody fills in.
    world.tracker.set_status(&ana, id, Status::Running).await.unwrap();
    let first = ExperimentEdit { name: Some(name("first")), seen_version: Some(seen), ..ExperimentEdit::default() };
    world.tracker.edit_experiment(&ana, id, &first).await.unwrap();
    let second = ExperimentEdit { name: Some(name("second")), ..first };
    assert!(matches!(world.tracker.edit_experiment(&ana, id, &second).await, Err(Error::Conflict(_))));
    let now = world.tracker.experiment(&ana, id).await.unwrap().experiment;
    assert_eq!((now.name.as_str(), now.version), ("first", seen + 1));
    world.tracker.edit_experiment(&ana, id, &ExperimentEdit { seen_version: None, ..second }).await.unwrap();
}

async fn members_log_but_do_not_change_settings(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let mia = world.somebody(Role::Member, "Acme").await;
    let vic = world.somebody(Role::Viewer, "Acme").await;
    let project = world.project_of(&ana, "signs").await;
    let id = world.experiment_of(&mia, project, "yolo").await;
    let page = world.tracker.experiment(&mia, id).await.unwrap();
    assert!(page.may_write && !page.may_edit && !page.may_delete);
    world.tracker.set_status(&mia, id, Status::Running).await.unwrap();
    let edit = ExperimentEdit { name: Some(name("mine")), ..ExperimentEdit::default() };
    assert!(matches!(world.tracker.edit_experiment(&mia, id, &edit).await, Err(Error::Forbidden(_))));
    assert!(matches!(world.tracker.delete_experiment(&mia, id).await, Err(Error::Forbidden(_))));
    assert!(matches!(world.tracker.set_status(&vic, id, Status::Failed).await, Err(Error::Forbidden(_))));
    let now = world.tracker.experiment(&vic, id).await.unwrap();
    assert!(!now.may_write && !now.may_edit && !now.may_delete);
    assert_eq!((now.experiment.name.as_str(), now.experiment.status), ("yolo", Status::Running));
}

async fn a_reading_token_changes_nothing(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let reads = world.token_of(&ana.email, Scope::Read).await;
    let project = world.project_of(&ana, "signs").await;
    let id = world.experiment_of(&ana, project, "yolo").await;
    let page = world.tracker.experiment(&reads, id).await.unwrap();
    assert!(!page.may_write && !page.may_edit && !page.may_delete);
    for refused in [
        world.tracker.set_status(&reads, id, Status::Failed).await,
        world.tracker.edit_experiment(&reads, id, &ExperimentEdit::default()).await.map(drop),
        world.tracker.delete_experiment(&reads, id).await,
        world.tracker.delete_project(&reads, project).await,
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(sentence)) if sentence.contains("this token is read-only")));
    }
}

async fn what_belongs_to_others_does_not_exist(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let eve = world.somebody(Role::Owner, "Elsewhere").await;
    let project = world.project_of(&ana, "signs").await;
    let id = world.experiment_of(&ana, project, "yolo").await;
    let tracker = &world.tracker;
    assert!(matches!(tracker.experiment(&eve, id).await, Err(Error::NotFound("experiment"))));
    for refused in [
        tracker.set_status(&eve, id, Status::Failed).await,
        tracker.edit_experiment(&eve, id, &ExperimentEdit::default()).await.map(drop),
        tracker.delete_experiment(&eve, id).await,
    ] {
        assert!(matches!(refused, Err(Error::NotFound("experiment"))));
    }
    let new = NewExperiment { name: name("mine"), description: Description::default() };
    assert!(matches!(tracker.create_experiment(&eve, project, &new).await, Err(Error::NotFound("project"))));
}

async fn deleting_is_for_ever(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let project = world.project_of(&ana, "signs").await;
    let id = world.experiment_of(&ana, project, "yolo").await;
    world.tracker.delete_experiment(&ana, id).await.unwrap();
    assert!(matches!(world.tracker.experiment(&ana, id).await, Err(Error::NotFound("experiment"))));
    assert!(matches!(world.tracker.delete_experiment(&ana, id).await, Err(Error::NotFound("experiment"))));
    world.experiment_of(&ana, project, "yolo").await;
}
