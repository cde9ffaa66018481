//! Projects: who makes them, who sees them, how they are named.

use domain::{Description, live::Topic, paging::Page, people::Role};
use tracker::{Error, ProjectEdit};

use crate::{
    Case, cases,
    world::{World, name},
};

pub fn cases() -> Vec<Case> {
    cases![projects:
        a_project_is_made_listed_and_read,
        names_are_unique_in_the_organization,
        viewers_look_but_do_not_touch,
        what_belongs_to_others_does_not_exist,
        its_creator_is_its_editor,
        deleting_takes_the_experiments_along,
        lists_come_in_pages
    ]
}

async fn a_project_is_made_listed_and_read(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let organization = world.organization_of(&ana).await;
    let about = Description::parse("Signs at *night*").unwrap();
    let id = world.tracker.create_project(&ana, organization, &name("Road signs"), &about).await.unwrap();
    let quiet = world.project_of(&ana, "Quiet").await;
    let experiment = world.experiment_of(&ana, id, "yolo").await;
    world.tracker.set_status(&ana, experiment, domain::experiments::Status::Running).await.unwrap();

    let list = world.tracker.projects(&ana, organization, Page::new(0, 10)).await.unwrap();
    assert_eq!(list.total, 2);
    assert_eq!(
        list.items.iter().map(|item| item.project.id).collect::<Vec<_>>(),
        [id, quiet],
        "the latest active first"
    );
    assert_eq!((list.items[0].experiments, list.items[0].running), (1, 1));
    assert_eq!((list.items[1].experiments, list.items[1].running), (0, 0));

    let page = world.tracker.project(&ana, id).await.unwrap();
    assert_eq!((page.project.name.as_str(), page.organization_name.as_str()), ("Road signs", "Acme"));
    assert_eq!(page.project.description, about);
    assert_eq!(page.project.creator.as_ref(), Some(&ana.name));
    assert!(page.may_edit && page.may_delete && page.may_create_experiment);
}

async fn names_are_unique_in_the_organization(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let organization = world.organization_of(&ana).await;
    world.project_of(&ana, "caf\u{e9}").await;
    let twice = world.tracker.create_project(&ana, organization, &name("cafe\u{301} "), &Description::default()).await;
    assert!(matches!(twice, Err(Error::Conflict(sentence)) if sentence.contains("café")));
    world.project_of(&ana, "Café").await; // another name: upper case counts

    let other = world.project_of(&ana, "other").await;
    let edit = ProjectEdit { name: Some(name("Café")), ..ProjectEdit::default() };
    assert!(matches!(world.tracker.edit_project(&ana, other, &edit).await, Err(Error::Conflict(_))));
    assert_eq!(world.tracker.project(&ana, other).await.unwrap().project.name.as_str(), "other");

    let eve = world.somebody(Role::Owner, "Elsewhere").await;
    world.project_of(&eve, "café").await;
}

async fn viewers_look_but_do_not_touch(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let vic = world.somebody(Role::Viewer, "Acme").await;
    let organization = world.organization_of(&ana).await;
    let id = world.project_of(&ana, "Road signs").await;
    let page = world.tracker.project(&vic, id).await.unwrap();
    assert!(!page.may_edit && !page.may_delete && !page.may_create_experiment);
    let made = world.tracker.create_project(&vic, organization, &name("mine"), &Description::default()).await;
    assert!(matches!(made, Err(Error::Forbidden(sentence)) if sentence.contains("viewers")));
    let renamed = world.tracker.edit_project(&vic, id, &ProjectEdit::default()).await;
    assert!(matches!(renamed, Err(Error::Forbidden(_))));
    assert!(matches!(world.tracker.delete_project(&vic, id).await, Err(Error::Forbidden(_))));
}

async fn what_belongs_to_others_does_not_exist(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let eve = world.somebody(Role::Owner, "Elsewhere").await;
    let organization = world.organization_of(&ana).await;
    let id = world.project_of(&ana, "Road signs").await;
    let tracker = &world.tracker;
    assert!(matches!(tracker.organization(&eve, organization).await, Err(Error::NotFound("organization"))));
    assert!(matches!(tracker.projects(&eve, organization, Page::new(0, 9)).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.project(&eve, id).await, Err(Error::NotFound("project"))));
    assert!(matches!(tracker.experiments(&eve, id, Page::new(0, 9)).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.edit_project(&eve, id, &ProjectEdit::default()).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.delete_project(&eve, id).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.subscribe(&eve, Topic::Project(id), None).await, Err(Error::NotFound(_))));
    let made = tracker.create_project(&eve, organization, &name("mine"), &Description::default()).await;
    assert!(matches!(made, Err(Error::NotFound(_))));
}

async fn its_creator_is_its_editor(world: World) {
    world.somebody(Role::Owner, "Acme").await;
    let mia = world.somebody(Role::Member, "Acme").await;
    let max = world.somebody(Role::Member, "Acme").await;
    let id = world.project_of(&mia, "Road signs").await;
    assert!(world.tracker.project(&mia, id).await.unwrap().may_edit);
    let page = world.tracker.project(&max, id).await.unwrap();
    assert!(!page.may_edit && !page.may_delete && page.may_create_experiment);
    let edit = ProjectEdit { name: Some(name("Signs")), ..ProjectEdit::default() };
    assert!(matches!(world.tracker.edit_project(&max, id, &edit).await, Err(Error::Forbidden(_))));
    world.tracker.edit_project(&mia, id, &edit).await.unwrap();
    assert_eq!(world.tracker.project(&max, id).await.unwrap().project.name.as_str(), "Signs");
}

async fn deleting_takes_the_experiments_along(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let id = world.project_of(&ana, "Road signs").await;
    let experiment = world.experiment_of(&ana, id, "yolo").await;
    world.tracker.delete_project(&ana, id).await.unwrap();
    assert!(matches!(world.tracker.project(&ana, id).await, Err(Error::NotFound("project"))));
    assert!(matches!(world.tracker.experiment(&ana, experiment).await, Err(Error::NotFound("experiment"))));
    world.project_of(&ana, "Road signs").await;
}

async fn lists_come_in_pages(world: World) {
    let ana = world.somebody(Role::Owner, "Acme").await;
    let project = world.project_of(&ana, "Road signs").await;
    let mut made = Vec::new();
    for number in 0..5 {
        made.push(world.experiment_of(&ana, project, &format!("run {number}")).await);
    }
    made.reverse();
    let mut seen = Vec::new();
    for offset in [0, 2, 4, 6] {
        let page = world.tracker.experiments(&ana, project, Page::new(offset, 2)).await.unwrap();
        assert_eq!(page.total, 5);
        seen.extend(page.items.into_iter().map(|experiment| experiment.id));
    }
    assert_eq!(seen, made, "the newest first, each once");
}
